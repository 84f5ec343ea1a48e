package io.arrears.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time between the bad news and the suspension (S4).
 *
 * @param length how long it lasts from its anchor on; {@link Span#NONE} suspends at once
 * @param from the anchor
 * @param inclusive whether its last instant still belongs to it
 * @param assumeReceivedAfter from the notification on, when nobody confirms its receipt; null waits
 *     for a confirmation without end
 * @param deliveryIsReceipt whether a notification has been received once a channel that confirms
 *     has delivered it
 */
public record Grace(
    Span length,
    Anchor from,
    boolean inclusive,
    @Nullable Span assumeReceivedAfter,
    boolean deliveryIsReceipt) {

  /** One in which people confirm what they have received. */
  public Grace(Span length, Anchor from, boolean inclusive, @Nullable Span assumeReceivedAfter) {
    this(length, from, inclusive, assumeReceivedAfter, false);
  }

  /** What the grace period counts from. */
  public enum Anchor {
    /** The customer received the notification, confirmed or assumed. */
    NOTIFICATION_RECEIVED,
    /** The notification was sent. */
    NOTIFICATION_SENT,
    /** The service became overdue, by whatever its policy means by that. */
    OVERDUE,
    /** The balance went below the credit limit. */
    BALANCE_BELOW_LIMIT,
    /** The bill was deducted that made it overdue. */
    DEDUCTION,
    /** The bill that made it overdue was issued, which can be long before it was due. */
    BILL_ISSUED
  }

  /**
   * When this grace starts, or null while that depends on something that has not happened.
   *
   * @param holds during which nobody is taken to have received anything
   */
  @Nullable Instant startsAt(Arrears arrears, Holds holds) {
    return switch (from) {
      case NOTIFICATION_RECEIVED -> receivedAt(arrears, holds);
      case NOTIFICATION_SENT -> arrears.notifiedAt();
      case OVERDUE, DEDUCTION -> arrears.overdueSince();
      case BALANCE_BELOW_LIMIT -> arrears.belowLimitSince();
      case BILL_ISSUED -> arrears.billIssuedAt();
    };
  }

  /** What somebody confirmed goes before what a channel did, and that before what is assumed. */
  private @Nullable Instant receivedAt(Arrears arrears, Holds holds) {
    if (arrears.receivedAt() != null) {
      return arrears.receivedAt();
    }
    if (deliveryIsReceipt && arrears.deliveredAt() != null) {
      return arrears.deliveredAt();
    }
    return arrears.notifiedAt() == null || assumeReceivedAfter == null
        ? null
        : holds.after(arrears.notifiedAt(), assumeReceivedAfter);
  }

  /** The rule that a start by these facts goes by. */
  public Rule startedBy(Arrears arrears) {
    if (from != Anchor.NOTIFICATION_RECEIVED) {
      return Rule.GRACE_STARTED;
    }
    if (arrears.receivedAt() != null) {
      return Rule.RECEIPT_CONFIRMED;
    }
    return deliveryIsReceipt && arrears.deliveredAt() != null
        ? Rule.RECEIPT_BY_DELIVERY
        : Rule.RECEIPT_ASSUMED;
  }
}
