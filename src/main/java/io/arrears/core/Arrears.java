package io.arrears.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One episode: a spell of being overdue, from what caused it to the entry that clears it.
 *
 * @param episode counts the account's episodes, from 1
 * @param cause the rule by which it began
 * @param overdueSince when it began
 * @param belowLimitSince when the balance went below the limit; as {@code overdueSince} if it did
 *     not
 * @param billIssuedAt when the bill was issued that caused it; as {@code overdueSince} if none did
 * @param notifiedAt when the customer is notified (S3): at once, or when quiet hours end
 * @param receivedAt when the customer received it, as confirmed; null until then (S4)
 * @param deliveredAt when the first channel that confirms had delivered the notification; null
 *     until then
 */
public record Arrears(
    long episode,
    Rule cause,
    Instant overdueSince,
    Instant belowLimitSince,
    Instant billIssuedAt,
    @Nullable Instant notifiedAt,
    @Nullable Instant receivedAt,
    @Nullable Instant deliveredAt) {

  /** By the balance of the account. */
  public static Arrears belowLimit(
      long episode,
      Instant overdueSince,
      @Nullable Instant notifiedAt,
      @Nullable Instant receivedAt) {
    return belowLimit(episode, overdueSince, notifiedAt, receivedAt, null);
  }

  /** The same, with what channels have done. */
  public static Arrears belowLimit(
      long episode,
      Instant overdueSince,
      @Nullable Instant notifiedAt,
      @Nullable Instant receivedAt,
      @Nullable Instant deliveredAt) {
    return new Arrears(
        episode,
        Rule.BALANCE_BELOW_LIMIT,
        overdueSince,
        overdueSince,
        overdueSince,
        notifiedAt,
        receivedAt,
        deliveredAt);
  }

  /** The same episode with the receipt confirmed. */
  public Arrears received(Instant at) {
    return new Arrears(
        episode, cause, overdueSince, belowLimitSince, billIssuedAt, notifiedAt, at, deliveredAt);
  }

  /** The same episode with its notification delivered; the first time counts. */
  Arrears delivered(Instant at) {
    Instant first = deliveredAt == null || at.isBefore(deliveredAt) ? at : deliveredAt;
    return new Arrears(
        episode, cause, overdueSince, belowLimitSince, billIssuedAt, notifiedAt, receivedAt, first);
  }
}
