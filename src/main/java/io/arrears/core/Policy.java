package io.arrears.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one product. The built-in {@code css} is the exact reading of S1 to S11; other
 * products differ in every number and anchor.
 *
 * @param version grows by one with every change; transitions name the version they came from
 */
public record Policy(
    String product,
    long version,
    BillingCalendar billing,
    Grace grace,
    Suspension suspension,
    Repossession repossession) {

  /**
   * The time between the bad news and the suspension (S4).
   *
   * @param length how long it lasts from its anchor on
   * @param from the anchor
   * @param assumeReceivedAfter from the notification on, when nobody confirms its receipt
   */
  public record Grace(Duration length, Anchor from, Duration assumeReceivedAfter) {

    /** What the grace period counts from. */
    public enum Anchor {
      /** The customer received the notification, confirmed or assumed. */
      NOTIFICATION_RECEIVED,
      /** The notification was sent. */
      NOTIFICATION_SENT,
      /** The bill was deducted that made the account overdue. */
      DEDUCTION,
      /** The balance went below the credit limit. */
      BALANCE_BELOW_LIMIT
    }

    /** When this grace starts, or null while that depends on something that has not happened. */
    public @Nullable Instant startsAt(Arrears arrears) {
      return switch (from) {
        case NOTIFICATION_RECEIVED ->
            arrears.receivedAt() != null
                ? arrears.receivedAt()
                : arrears.notifiedAt() == null
                    ? null
                    : arrears.notifiedAt().plus(assumeReceivedAfter);
        case NOTIFICATION_SENT -> arrears.notifiedAt();
        case DEDUCTION, BALANCE_BELOW_LIMIT -> arrears.overdueSince();
      };
    }

    /** The rule that a start by these facts goes by. */
    public Rule startedBy(Arrears arrears) {
      if (from != Anchor.NOTIFICATION_RECEIVED) {
        return Rule.GRACE_STARTED;
      }
      return arrears.receivedAt() != null ? Rule.RECEIPT_CONFIRMED : Rule.RECEIPT_ASSUMED;
    }
  }

  /**
   * @param access what a suspended service still may do; NEW_BLOCKED cuts no running stream (S5)
   */
  public record Suspension(Access access) {}

  /**
   * When resources are taken back. A clock that is null does not run.
   *
   * @param afterOverdue from the start of the episode (S10)
   * @param afterSuspension from the suspension (S7)
   * @param wins which of two clocks decides
   */
  public record Repossession(
      @Nullable Duration afterOverdue, @Nullable Duration afterSuspension, Winner wins) {

    /** Which of two clocks decides. */
    public enum Winner {
      EARLIER,
      LATER
    }

    /** The step that takes the resources back, or null where the policy never does. */
    @Nullable Step step(Instant overdueSince, Instant suspendedSince) {
      return Stream.of(
              clock(overdueSince, afterOverdue, Rule.OVERDUE_RETENTION_EXPIRED),
              clock(suspendedSince, afterSuspension, Rule.SUSPENSION_RETENTION_EXPIRED))
          .filter(Objects::nonNull)
          .reduce((a, b) -> a.at().isAfter(b.at()) == (wins == Winner.LATER) ? a : b)
          .orElse(null);
    }

    private static @Nullable Step clock(Instant from, @Nullable Duration length, Rule rule) {
      return length == null ? null : new Step(rule, from.plus(length));
    }
  }

  /** What the product must allow in a state. */
  public Access access(ServiceState state) {
    return switch (state) {
      case ACTIVE, OVERDUE, GRACE -> Access.ALLOWED;
      case SUSPENDED -> suspension.access();
      case BANNED, DEACTIVATING -> Access.BLOCKED;
      case REPOSSESSED -> Access.RELEASED;
      case CLEARED -> Access.ERASED;
    };
  }
}
