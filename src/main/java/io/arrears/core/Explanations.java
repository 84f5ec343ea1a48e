package io.arrears.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The facts that a rule saw, in a sentence for the help desk. */
final class Explanations {

  private Explanations() {}

  /**
   * @param since since when the service was in the state it leaves
   */
  static String of(
      Step step,
      Policy policy,
      Money balance,
      Money creditLimit,
      @Nullable Arrears arrears,
      @Nullable Instant clearedAt,
      Instant since) {
    Grace grace = policy.grace();
    return switch (step.rule()) {
      case BALANCE_BELOW_LIMIT ->
          "The balance of %s is below the limit of %s since %s."
              .formatted(balance, creditLimit.negated(), since(arrears));
      case BILLS_PAST_DUE ->
          "Bills are past due since %s, for as long as the policy waits.".formatted(since(arrears));
      case RECEIPT_CONFIRMED ->
          "The notification was received at %s; the grace period lasts %s from then."
              .formatted(received(arrears), grace.length());
      case RECEIPT_BY_DELIVERY ->
          "The notification was delivered at %s, which counts as its receipt; the grace period lasts %s from then."
              .formatted(arrears == null ? "?" : arrears.deliveredAt(), grace.length());
      case RECEIPT_ASSUMED ->
          "Nobody confirmed the notification of %s for %s, so it counts as received; the grace period lasts %s."
              .formatted(notified(arrears), grace.assumeReceivedAfter(), grace.length());
      case GRACE_STARTED ->
          "The grace period of %s runs from %s, whether or not the notification was received."
              .formatted(
                  grace.length(),
                  arrears == null ? "?" : String.valueOf(grace.startsAt(arrears, Holds.NONE)));
      case GRACE_EXPIRED ->
          "The grace period of %s is over and the balance is still %s, overdue since %s."
              .formatted(grace.length(), balance, since(arrears));
      case ARREARS_CLEARED -> cleared(step, policy, balance, creditLimit, clearedAt);
      case OVERDUE_RETENTION_EXPIRED ->
          "Overdue since %s, longer than the %s for which resources are kept; the balance is %s."
              .formatted(since(arrears), policy.repossession().afterOverdue(), balance);
      case SUSPENSION_RETENTION_EXPIRED ->
          "Suspended for longer than the %s for which resources are kept; the balance is %s."
              .formatted(policy.repossession().afterSuspension(), balance);
      case STAGE_REACHED ->
          "Suspended since %s and overdue since %s, long enough for the policy's next stage."
              .formatted(since, since(arrears));
      case RESTRICTED -> "An operator restricted it: %s.".formatted(step.reason());
      case RESTRICTION_LIFTED -> "An operator lifted the reason %s.".formatted(step.reason());
      case VIOLATION_RETENTION_EXPIRED ->
          "Banned since %s, longer than the %s for which resources are kept."
              .formatted(since, policy.violation().repossessAfter());
      case VIOLATION,
          STARTED,
          DEACTIVATION_APPROVED,
          CLEARING_STARTED,
          CLEARING_WITHDRAWN,
          DATA_CLEARED,
          REOPENED ->
          step.rule().meaning();
    };
  }

  private static String cleared(
      Step step, Policy policy, Money balance, Money creditLimit, @Nullable Instant clearedAt) {
    String why =
        policy.overdue().equals(Overdue.BELOW_LIMIT)
            ? "The balance of %s is not below the limit of %s any more since %s."
                .formatted(balance, creditLimit.negated(), clearedAt)
            : "What made it overdue does not hold any more since %s; the balance is %s."
                .formatted(clearedAt, balance);
    return step.reason() == null
        ? why
        : why + " The policy leaves it to the customer to start the service again.";
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
}
