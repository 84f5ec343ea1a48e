package io.arrears.api;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.arrears.platform.Deadlines;
import io.arrears.platform.Detached;
import io.arrears.platform.Limits;
import io.arrears.platform.Outage;
import io.arrears.platform.Rejection;
import io.arrears.platform.Rejection.Violation;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Answers calls: with a bound on their time, and with errors that name the field and the rule. */
@ApplicationScoped
class Calls {

  private static final Logger LOG = Logger.getLogger(Calls.class);
  private static final String DOMAIN = "arrears";

  /** An error travels in trailers, of which a client takes 8 KiB if nobody tells it otherwise. */
  private static final int MAX_DETAIL_BYTES = 4500;

  private static final int MAX_MESSAGE_CHARS = 600;

  private final Limits limits;
  private final Deadlines deadlines;

  Calls(Limits limits, Deadlines deadlines) {
    this.limits = limits;
    this.deadlines = deadlines;
  }

  /**
   * A call that is answered within the server's own deadline, whatever the caller's is. What it
   * began goes on to its end; repeating the call says how it ended.
   */
  <T> Uni<T> answer(Supplier<Uni<T>> call) {
    return deadlines.bound(
        unbounded(call),
        limits.callDeadline(),
        () ->
            error(
                io.grpc.Status.Code.DEADLINE_EXCEEDED,
                "SERVER_DEADLINE",
                "the call took longer than " + limits.callDeadline(),
                Map.of(),
                null));
  }

  /** A call that may last as long as its work does. */
  <T> Uni<T> unbounded(Supplier<Uni<T>> call) {
    return Detached.start(Uni.createFrom().<T>deferred(call::get))
        .onFailure()
        .transform(Calls::error);
  }

  static Throwable error(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof StatusRuntimeException) {
        return cause;
      } else if (cause instanceof Rejection rejection) {
        return error(rejection);
      } else if (Outage.is(cause)) {
        LOG.warnf("the database cannot serve: %s", cause);
        return error(
            io.grpc.Status.Code.UNAVAILABLE,
            "DATABASE_UNAVAILABLE",
            "the database cannot serve at the moment; try again",
            Map.of(),
            retryIn(1));
      }
    }
    LOG.error("a call failed", failure);
    return error(io.grpc.Status.Code.INTERNAL, "INTERNAL", "a fault of the server", Map.of(), null);
  }

  private static StatusRuntimeException error(Rejection rejection) {
    return error(
        io.grpc.Status.Code.valueOf(rejection.kind().name()),
        rejection.reason(),
        shortened(String.valueOf(rejection.getMessage())),
        rejection.metadata(),
        detail(rejection));
  }

  private static com.google.protobuf.Message detail(Rejection rejection) {
    if (rejection.kind() == Rejection.Kind.RESOURCE_EXHAUSTED) {
      return retryIn(1);
    }
    return rejection.violations().isEmpty() ? null : details(rejection.violations());
  }

  private static RetryInfo retryIn(int seconds) {
    return RetryInfo.newBuilder()
        .setRetryDelay(com.google.protobuf.Duration.newBuilder().setSeconds(seconds))
        .build();
  }

  /** As many as there is room for, and how many there are besides. */
  private static BadRequest details(List<Violation> violations) {
    BadRequest.Builder details = BadRequest.newBuilder();
    int room = MAX_DETAIL_BYTES;
    for (int i = 0; i < violations.size() && room > 0; i++) {
      Violation violation = violations.get(i);
      BadRequest.FieldViolation told =
          BadRequest.FieldViolation.newBuilder()
              .setField(violation.field())
              .setDescription(violation.rule())
              .build();
      room -= told.getSerializedSize();
      if (room >= 0) {
        details.addFieldViolations(told);
      } else {
        details.addFieldViolations(
            told.toBuilder().setDescription("and " + (violations.size() - i) + " more"));
      }
    }
    return details.build();
  }

  private static String shortened(String message) {
    return message.length() <= MAX_MESSAGE_CHARS
        ? message
        : message.substring(0, MAX_MESSAGE_CHARS) + "…";
  }

  private static StatusRuntimeException error(
      io.grpc.Status.Code code,
      String reason,
      String message,
      Map<String, String> metadata,
      com.google.protobuf.Message detail) {
    Status.Builder status =
        Status.newBuilder()
            .setCode(code.value())
            .setMessage(message)
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setReason(reason)
                        .setDomain(DOMAIN)
                        .putAllMetadata(metadata)
                        .build()));
    if (detail != null) {
      status.addDetails(Any.pack(detail));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }
}
