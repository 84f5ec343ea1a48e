package io.arrears.api;

import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.ServerCalls.ServerStreamingMethod;

/** Binds single methods of a generated service otherwise than its generated base class does. */
final class Bindings {

  private Bindings() {}

  /** The service with one method that answers a stream on the plain observer. */
  static <Q, A> ServerServiceDefinition streaming(
      ServerServiceDefinition generated,
      MethodDescriptor<Q, A> method,
      ServerStreamingMethod<Q, A> handler) {
    ServerServiceDefinition.Builder bound =
        ServerServiceDefinition.builder(generated.getServiceDescriptor());
    for (ServerMethodDefinition<?, ?> each : generated.getMethods()) {
      if (each.getMethodDescriptor().equals(method)) {
        bound.addMethod(method, ServerCalls.asyncServerStreamingCall(handler));
      } else {
        bound.addMethod(each);
      }
    }
    return bound.build();
  }
}
