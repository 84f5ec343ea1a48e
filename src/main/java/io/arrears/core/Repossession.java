package io.arrears.core;

import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * When resources are taken back. A clock that is null does not run; with {@link Span#NONE} it is
 * over at once.
 *
 * @param afterOverdue from the start of the episode (S10)
 * @param afterSuspension from the suspension (S7)
 * @param wins which of two clocks decides
 */
public record Repossession(
    @Nullable Span afterOverdue, @Nullable Span afterSuspension, Winner wins) {

  /** Which of two clocks decides. */
  public enum Winner {
    EARLIER,
    LATER
  }

  /** One of the clocks: when it runs out, and the rule that names it. */
  record Clock(Rule rule, Instant from, Span length) {}

  /** The clocks that run. */
  Stream<Clock> clocks(Instant overdueSince, Instant suspendedAt) {
    return Stream.of(
            clock(Rule.OVERDUE_RETENTION_EXPIRED, overdueSince, afterOverdue),
            clock(Rule.SUSPENSION_RETENTION_EXPIRED, suspendedAt, afterSuspension))
        .filter(Objects::nonNull);
  }

  private static @Nullable Clock clock(Rule rule, Instant from, @Nullable Span length) {
    return length == null ? null : new Clock(rule, from, length);
  }
}
