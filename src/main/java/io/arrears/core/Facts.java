package io.arrears.core;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision about one service looks at.
 *
 * @param arrears the open episode that concerns it; null when it is not overdue
 * @param clearedAt when the last episode was cleared; null when there was none
 * @param restrictions that stand, with when each was placed
 * @param deactivationApprovedAt null unless the customer's request to leave is approved
 * @param settledAt when all its usage was billed and paid after that; null until then
 * @param erased categories that the product has reported as erased, with when
 * @param reminded reminders that were given in this episode, with when
 * @param notBefore what it goes by has changed then: nothing that follows from it was earlier; null
 *     if that never happened
 * @param zone of the customer's day; null means that of the product
 */
public record Facts(
    Standing standing,
    @Nullable Arrears arrears,
    @Nullable Instant clearedAt,
    Map<SuspensionReason, Instant> restrictions,
    @Nullable Instant deactivationApprovedAt,
    @Nullable Instant settledAt,
    Map<String, Instant> erased,
    Map<String, Instant> reminded,
    Holds holds,
    @Nullable Instant notBefore,
    @Nullable ZoneId zone) {

  /** Nothing but money. */
  public static Facts of(
      Standing standing, @Nullable Arrears arrears, @Nullable Instant clearedAt) {
    return new Facts(
        standing,
        arrears,
        clearedAt,
        Map.of(),
        null,
        null,
        Map.of(),
        Map.of(),
        Holds.NONE,
        null,
        null);
  }

  /** As they would be if the customer confirmed the receipt then, and had not done so before. */
  Facts readAt(Instant instant, Grace grace) {
    if (arrears == null || grace.from() != Grace.Anchor.NOTIFICATION_RECEIVED) {
      return this;
    }
    Instant start = grace.startsAt(arrears, holds);
    return start != null && !start.isAfter(instant)
        ? this
        : new Facts(
            standing,
            arrears.received(instant),
            clearedAt,
            restrictions,
            deactivationApprovedAt,
            settledAt,
            erased,
            reminded,
            holds,
            notBefore,
            zone);
  }

  ServiceState state() {
    return standing.state();
  }

  boolean underLegal() {
    return restrictions.containsKey(SuspensionReason.LEGAL);
  }

  /** The facts once a step is taken; only moves of the transition table can be. */
  Facts after(Step step) {
    return at(standing.after(step));
  }

  Facts at(Standing other) {
    return new Facts(
        other,
        arrears,
        clearedAt,
        restrictions,
        deactivationApprovedAt,
        settledAt,
        erased,
        reminded,
        holds,
        notBefore,
        zone);
  }

  /** The same under rules that govern from an instant on. */
  Facts governedFrom(Instant instant) {
    Instant later = notBefore != null && notBefore.isAfter(instant) ? notBefore : instant;
    return new Facts(
        standing,
        arrears,
        clearedAt,
        restrictions,
        deactivationApprovedAt,
        settledAt,
        erased,
        reminded,
        holds,
        later,
        zone);
  }
}
