package io.arrears.core;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The facts that a rule saw, in a sentence for the help desk. */
final class Explanations {

  private Explanations() {}

  static String of(
      Rule rule,
      Policy policy,
      Money balance,
      Money creditLimit,
      @Nullable Arrears arrears,
      @Nullable Instant clearedAt) {
    return switch (rule) {
      case BALANCE_BELOW_LIMIT ->
          "The balance of %s is below the limit of %s since %s."
              .formatted(balance, creditLimit.negated(), since(arrears));
      case RECEIPT_CONFIRMED ->
          "The notification was received at %s; the grace period lasts %s from then."
              .formatted(received(arrears), text(policy.grace().length()));
      case RECEIPT_ASSUMED ->
          "Nobody confirmed the notification of %s for %s, so it counts as received; the grace period lasts %s."
              .formatted(
                  notified(arrears),
                  text(policy.grace().assumeReceivedAfter()),
                  text(policy.grace().length()));
      case GRACE_STARTED ->
          "The grace period of %s runs from %s, whether or not the notification was received."
              .formatted(
                  text(policy.grace().length()),
                  arrears == null ? "?" : String.valueOf(policy.grace().startsAt(arrears)));
      case GRACE_EXPIRED ->
          "The grace period of %s is over and the balance is still %s, overdue since %s."
              .formatted(text(policy.grace().length()), balance, since(arrears));
      case ARREARS_CLEARED ->
          "The balance of %s is not below the limit of %s any more since %s."
              .formatted(balance, creditLimit.negated(), String.valueOf(clearedAt));
      case OVERDUE_RETENTION_EXPIRED ->
          "Overdue since %s, longer than the %s for which resources are kept; the balance is %s."
              .formatted(since(arrears), text(policy.repossession().afterOverdue()), balance);
      case SUSPENSION_RETENTION_EXPIRED ->
          "Suspended for longer than the %s for which resources are kept; the balance is %s."
              .formatted(text(policy.repossession().afterSuspension()), balance);
    };
  }

  private static String since(@Nullable Arrears arrears) {
    return arrears == null ? "?" : arrears.overdueSince().toString();
  }

  private static String notified(@Nullable Arrears arrears) {
    return arrears == null ? "?" : String.valueOf(arrears.notifiedAt());
  }

  private static String received(@Nullable Arrears arrears) {
    return arrears == null ? "?" : String.valueOf(arrears.receivedAt());
  }

  /** Whole hours, as the policies state them. */
  private static String text(@Nullable Duration duration) {
    return duration == null
        ? "?"
        : duration.toMinutesPart() == 0 ? duration.toHours() + " hours" : duration.toString();
  }
}
