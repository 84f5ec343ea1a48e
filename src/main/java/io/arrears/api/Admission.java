package io.arrears.api;

import io.arrears.platform.Limits;
import io.arrears.platform.Rejection;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.Interceptors;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.Prioritized;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the requests that are held at a time, whoever sends them and however many connections they
 * open: their bytes count from the wire until they are answered. Above {@code request-bytes} a call
 * is refused with RESOURCE_EXHAUSTED before it is read, and the next message of a stream waits;
 * above twice as much, whoever is still sending is refused.
 */
@ApplicationScoped
@GlobalInterceptor
public class Admission
    implements ServerInterceptor, ServerBuilderCustomizer<VertxServerBuilder>, Prioritized {

  private static final Context.Key<Held> HELD = Context.key("arrears-held");

  private final AtomicLong bytes = new AtomicLong();
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final long limit;

  Admission(Limits limits) {
    this.limit = limits.requestBytes();
  }

  /** Before whatever keeps a message for later. */
  @Override
  public int getPriority() {
    return Interceptors.DUPLICATE_CONTEXT + 1;
  }

  @Override
  public void customize(GrpcServerConfiguration configuration, VertxServerBuilder builder) {
    builder.addStreamTracerFactory(
        new ServerStreamTracer.Factory() {
          @Override
          public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
            return new Held();
          }
        });
  }

  /** What one call holds. */
  private final class Held extends ServerStreamTracer {
    private final Queue<Long> messages = new ConcurrentLinkedQueue<>();
    private final AtomicLong held = new AtomicLong();
    private final AtomicBoolean refused = new AtomicBoolean();
    private volatile ServerCall<?, ?> call;

    @Override
    public Context filterContext(Context context) {
      return context.withValue(HELD, this);
    }

    @Override
    public void inboundWireSize(long arrived) {
      held.addAndGet(arrived);
      long all = bytes.addAndGet(arrived);
      ServerCall<?, ?> receiving = call;
      if (receiving != null && all > 2 * limit) {
        refuse(receiving);
      }
    }

    @Override
    public void inboundMessageRead(int number, long wireSize, long uncompressedSize) {
      messages.add(wireSize);
    }

    /** The oldest message has its answer. */
    void answered() {
      Long size = messages.poll();
      if (size != null) {
        long before = held.getAndUpdate(all -> Math.max(0, all - size));
        release(Math.min(before, size));
      }
    }

    @Override
    public void streamClosed(Status status) {
      release(held.getAndSet(0));
    }

    void refuse(ServerCall<?, ?> receiving) {
      if (refused.compareAndSet(false, true)) {
        Admission.refuse(receiving);
      }
    }
  }

  private static boolean oneMessage(ServerCall<?, ?> call) {
    return call.getMethodDescriptor().getType().clientSendsOneMessage();
  }

  private static void refuse(ServerCall<?, ?> call) {
    Throwable error = Calls.error(Rejection.overloaded());
    call.close(Status.fromThrowable(error), Status.trailersFromThrowable(error));
  }

  private void release(long size) {
    if (bytes.addAndGet(-size) <= limit) {
      for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
        next.run();
      }
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Held held = HELD.get();
    if (oneMessage(call) && bytes.get() > limit) {
      refuse(call);
      return new ServerCall.Listener<>() {};
    }
    held.call = call;
    return next.startCall(
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void request(int messages) {
            if (oneMessage(call) || bytes.get() <= limit) {
              super.request(messages);
            } else {
              waiting.add(() -> delegate().request(messages));
              release(0);
            }
          }

          @Override
          public void sendMessage(A message) {
            held.answered();
            super.sendMessage(message);
          }

          @Override
          public void close(Status status, Metadata trailers) {
            if (held.refused.compareAndSet(false, true)) {
              super.close(status, trailers);
            }
          }
        },
        headers);
  }
}
