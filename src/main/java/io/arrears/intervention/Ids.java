package io.arrears.intervention;

import io.arrears.platform.Rejection;
import java.util.Arrays;
import java.util.UUID;

/**
 * Ids of what people place on accounts: they begin with the account, so that a row is found by its
 * key. An account's own id has no {@code ~}.
 */
final class Ids {

  private Ids() {}

  static String next(String accountId) {
    return accountId + "~" + UUID.randomUUID();
  }

  /**
   * The account that an id belongs to; empty for a cohort's.
   *
   * @param what names the thing, for example {@code restriction}
   * @throws Rejection NOT_FOUND for what was never an id
   */
  static String account(String what, String id) {
    int tilde = id.lastIndexOf('~');
    if (tilde < 0) {
      throw notFound(what, id);
    }
    return id.substring(0, tilde);
  }

  static Rejection notFound(String what, String id) {
    return Rejection.of(
        Rejection.Kind.NOT_FOUND,
        what.toUpperCase(java.util.Locale.ROOT) + "_NOT_FOUND",
        "there is no " + what + " " + id);
  }

  /**
   * @throws Rejection ALREADY_EXISTS if the same request id came with other content
   */
  static void refuseReuse(String requestId, byte[] before, byte[] now) {
    if (!Arrays.equals(before, now)) {
      throw Rejection.of(
          Rejection.Kind.ALREADY_EXISTS,
          "ID_REUSED",
          "request_id " + requestId + " was used before with other content");
    }
  }
}
