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
 * @param notifiedAt when the customer was notified (S3)
 * @param receivedAt when the customer received it, as confirmed; null until then (S4)
 */
public record Arrears(
    long episode,
    Rule cause,
    Instant overdueSince,
    Instant belowLimitSince,
    Instant billIssuedAt,
    @Nullable Instant notifiedAt,
    @Nullable Instant receivedAt) {

  /** By the balance of the account. */
  public static Arrears belowLimit(
      long episode,
      Instant overdueSince,
      @Nullable Instant notifiedAt,
      @Nullable Instant receivedAt) {
    return new Arrears(
        episode,
        Rule.BALANCE_BELOW_LIMIT,
        overdueSince,
        overdueSince,
        overdueSince,
        notifiedAt,
        receivedAt);
  }

  /** The same episode with the receipt confirmed. */
  public Arrears received(Instant at) {
    return new Arrears(episode, cause, overdueSince, belowLimitSince, billIssuedAt, notifiedAt, at);
  }
}
