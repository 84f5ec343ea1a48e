package io.arrears.api;

import io.arrears.platform.Limits;
import io.arrears.platform.Rejection;
import io.arrears.v1.BillingServiceGrpc;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.grpc.GlobalInterceptor;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.Interceptors;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.Prioritized;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the requests that are held at a time, whoever sends them and however many connections they
 * open: their bytes count from the wire until they are answered. Ingestion has three quarters of
 * {@code request-bytes}, and everything else the rest, so that a flood of items keeps nobody from
 * paying. Where a room is full, a call is refused with RESOURCE_EXHAUSTED before it is read; where
 * it is half full, the next message of a stream waits; where twice as much is held, whoever is
 * still sending is refused.
 */
@ApplicationScoped
@GlobalInterceptor
public class Admission
    implements ServerInterceptor, ServerBuilderCustomizer<VertxServerBuilder>, Prioritized {

  private static final Context.Key<Held> HELD = Context.key("arrears-held");

  private static final Set<String> INGESTION =
      Set.of(
          BillingServiceGrpc.getIngestBillingItemsMethod().getFullMethodName(),
          BillingServiceGrpc.getStreamBillingItemsMethod().getFullMethodName());

  private final Room ingestion;
  private final Room others;

  Admission(Limits limits, MeterRegistry meters) {
    this.others = new Room(limits.requestBytes() / 4);
    this.ingestion = new Room(limits.requestBytes() - others.limit);
    gauge(meters, ingestion, "ingestion");
    gauge(meters, others, "others");
  }

  private static void gauge(MeterRegistry meters, Room room, String calls) {
    Gauge.builder("arrears.requests.held", room.bytes, AtomicLong::get)
        .tag("calls", calls)
        .baseUnit("bytes")
        .description("Requests from the wire until they are answered; see request-bytes")
        .register(meters);
  }

  /** What some calls may hold together. */
  private static final class Room {
    final long limit;
    final AtomicLong bytes = new AtomicLong();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    Room(long limit) {
      this.limit = limit;
    }

    boolean full() {
      return bytes.get() > limit;
    }

    boolean halfFull() {
      return bytes.get() > limit / 2;
    }

    void awaitHalf(Runnable next) {
      waiting.add(next);
      release(0);
    }

    void release(long size) {
      if (bytes.addAndGet(-size) <= limit / 2) {
        for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
          next.run();
        }
      }
    }
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
            return new Held(INGESTION.contains(method) ? ingestion : others);
          }
        });
  }

  /** What one call holds. */
  private static final class Held extends ServerStreamTracer {
    private final Room room;
    private final Queue<Long> messages = new ConcurrentLinkedQueue<>();
    private final AtomicLong held = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile ServerCall<?, ?> call;

    Held(Room room) {
      this.room = room;
    }

    @Override
    public Context filterContext(Context context) {
      return context.withValue(HELD, this);
    }

    @Override
    public void inboundWireSize(long arrived) {
      held.addAndGet(arrived);
      long all = room.bytes.addAndGet(arrived);
      ServerCall<?, ?> receiving = call;
      if (receiving != null && all > 2 * room.limit) {
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
        room.release(Math.min(before, size));
      }
    }

    @Override
    public void streamClosed(Status status) {
      room.release(held.getAndSet(0));
    }

    void refuse(ServerCall<?, ?> receiving) {
      if (closed.compareAndSet(false, true)) {
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

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Held held = HELD.get();
    if (oneMessage(call) && held.room.full()) {
      refuse(call);
      return new ServerCall.Listener<>() {};
    }
    held.call = call;
    return new SimpleForwardingServerCallListener<>(next.startCall(watched(call, held), headers)) {
      // What was refused while it came is not carried out.
      @Override
      public void onMessage(Q message) {
        if (!held.closed.get()) {
          super.onMessage(message);
        }
      }

      @Override
      public void onHalfClose() {
        if (!held.closed.get()) {
          super.onHalfClose();
        }
      }
    };
  }

  private static <Q, A> ServerCall<Q, A> watched(ServerCall<Q, A> call, Held held) {
    return new SimpleForwardingServerCall<>(call) {
      @Override
      public void request(int messages) {
        if (oneMessage(call) || !held.room.halfFull()) {
          super.request(messages);
        } else {
          held.room.awaitHalf(() -> delegate().request(messages));
        }
      }

      @Override
      public void sendHeaders(Metadata headers) {
        if (!held.closed.get()) {
          super.sendHeaders(headers);
        }
      }

      @Override
      public void sendMessage(A message) {
        held.answered();
        if (!held.closed.get()) {
          super.sendMessage(message);
        }
      }

      @Override
      public void close(Status status, Metadata trailers) {
        if (held.closed.compareAndSet(false, true)) {
          super.close(status, trailers);
        }
      }
    };
  }
}
