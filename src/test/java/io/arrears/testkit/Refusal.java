package io.arrears.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/**
 * What a caller learns of a refusal.
 *
 * @param fields that break a rule
 * @param rules that they break, in the same order
 */
public record Refusal(
    Code code, String reason, List<String> fields, List<String> rules, String message) {

  public static Refusal refused(Executable call) {
    StatusRuntimeException failure = assertThrows(StatusRuntimeException.class, call);
    String reason = "";
    List<String> fields = new ArrayList<>();
    List<String> rules = new ArrayList<>();
    try {
      for (Any detail : StatusProto.fromThrowable(failure).getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          reason = detail.unpack(ErrorInfo.class).getReason();
          assertEquals("arrears", detail.unpack(ErrorInfo.class).getDomain());
        } else if (detail.is(BadRequest.class)) {
          detail
              .unpack(BadRequest.class)
              .getFieldViolationsList()
              .forEach(
                  v -> {
                    fields.add(v.getField());
                    rules.add(v.getDescription());
                  });
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    return new Refusal(
        failure.getStatus().getCode(),
        reason,
        fields,
        rules,
        String.valueOf(failure.getStatus().getDescription()));
  }
}
