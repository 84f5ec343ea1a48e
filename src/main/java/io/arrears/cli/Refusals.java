package io.arrears.cli;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.PrintWriter;

/** What a server that refuses says, for a person to read. */
final class Refusals {

  private Refusals() {}

  /** Prints the reason and every field that breaks a rule; returns the exit code. */
  static int print(StatusRuntimeException refused, PrintWriter err) {
    ErrorInfo info = info(refused);
    Status status = refused.getStatus();
    if (info == null && unreachable(status)) {
      err.println("arrears: the server cannot be reached: " + cause(status));
      return ArrearsCommand.UNREACHABLE;
    }
    BadRequest violations = detail(refused, BadRequest.class);
    if (violations == null) {
      err.println("arrears: " + summary(refused));
    } else {
      err.println("arrears: " + reason(refused));
      violations
          .getFieldViolationsList()
          .forEach(v -> err.println("  " + v.getField() + " " + v.getDescription()));
    }
    return ArrearsCommand.REFUSED;
  }

  /** In one line: the reason and the message. */
  static String summary(StatusRuntimeException refused) {
    ErrorInfo info = info(refused);
    Status status = refused.getStatus();
    String reason = info == null ? status.getCode().name() : info.getReason();
    return reason + (status.getDescription() == null ? "" : ": " + status.getDescription());
  }

  /** The stable name of why, for counting. */
  static String reason(StatusRuntimeException refused) {
    ErrorInfo info = info(refused);
    return info == null ? refused.getStatus().getCode().name() : info.getReason();
  }

  /** Whether it is no answer of the service but its absence. */
  static boolean unreachable(StatusRuntimeException refused) {
    return info(refused) == null && unreachable(refused.getStatus());
  }

  private static boolean unreachable(Status status) {
    return status.getCode() == Status.Code.UNAVAILABLE
        || status.getCode() == Status.Code.DEADLINE_EXCEEDED;
  }

  private static String cause(Status status) {
    Throwable cause = status.getCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause == null || cause.getMessage() == null
        ? String.valueOf(status.getDescription())
        : cause.getMessage();
  }

  private static ErrorInfo info(StatusRuntimeException refused) {
    return detail(refused, ErrorInfo.class);
  }

  private static <T extends com.google.protobuf.Message> T detail(
      StatusRuntimeException refused, Class<T> type) {
    com.google.rpc.Status status = StatusProto.fromThrowable(refused);
    if (status == null) {
      return null;
    }
    for (Any any : status.getDetailsList()) {
      if (any.is(type)) {
        try {
          return any.unpack(type);
        } catch (InvalidProtocolBufferException e) {
          return null;
        }
      }
    }
    return null;
  }
}
