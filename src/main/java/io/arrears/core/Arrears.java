package io.arrears.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One episode: a spell of being overdue, from the entry that caused it to the one that clears it.
 *
 * @param episode counts the account's episodes, from 1
 * @param overdueSince instant of the entry that caused it
 * @param notifiedAt when the customer was notified (S3)
 * @param receivedAt when the customer received it, as confirmed; null until then (S4)
 */
public record Arrears(
    long episode,
    Instant overdueSince,
    @Nullable Instant notifiedAt,
    @Nullable Instant receivedAt) {

  /** The same episode with the receipt confirmed. */
  public Arrears received(Instant at) {
    return new Arrears(episode, overdueSince, notifiedAt, at);
  }
}
