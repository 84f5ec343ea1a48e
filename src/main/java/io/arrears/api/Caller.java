package io.arrears.api;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Who calls. Under {@code ARREARS_AUTH=none} callers name themselves in the metadata key {@code
 * arrears-actor}; under {@code jwt} and {@code mtls} they prove it.
 */
@ApplicationScoped
@GlobalInterceptor
public class Caller implements ServerInterceptor {

  static final Metadata.Key<String> ACTOR =
      Metadata.Key.of("arrears-actor", Metadata.ASCII_STRING_MARSHALLER);

  private static final Context.Key<String> CALLER = Context.key("arrears-caller");

  /** Probes have no credentials. */
  private static final String HEALTH = "grpc.health.";

  private static final String ANONYMOUS = "anonymous";

  private final CallerProof proof;

  Caller(CallerProof proof) {
    this.proof = proof;
  }

  /** The caller of the call that is being answered; to be asked before anything is awaited. */
  static String name() {
    String name = CALLER.get();
    return name == null ? ANONYMOUS : name;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (call.getMethodDescriptor().getFullMethodName().startsWith(HEALTH)) {
      return next.startCall(call, headers);
    }
    String name;
    try {
      name = proof.caller(call, headers);
    } catch (CallerProof.Unproven e) {
      call.close(io.grpc.Status.UNAUTHENTICATED.withDescription(e.getMessage()), new Metadata());
      return new ServerCall.Listener<>() {};
    }
    Context context =
        Context.current().withValue(CALLER, name == null || name.isBlank() ? ANONYMOUS : name);
    return Contexts.interceptCall(context, call, headers, next);
  }
}
