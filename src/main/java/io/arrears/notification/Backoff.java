package io.arrears.notification;

import java.time.Duration;
import java.time.Instant;

/** When what failed is tried again. */
final class Backoff {

  private static final int SPREAD_PERCENT = 25;

  private Backoff() {}

  /**
   * @param key spreads what failed together, the same way at every replay
   * @return null if it is to be given up
   */
  static Instant next(DeliveryLimits limits, int attempt, Instant first, Instant now, String key) {
    if (!now.isBefore(first.plus(limits.giveUpAfter()))) {
      return null;
    }
    Duration pause = doubled(limits.firstPause(), attempt - 1, limits.longestPause());
    int spread = Math.floorMod((key + attempt).hashCode(), 2 * SPREAD_PERCENT + 1) - SPREAD_PERCENT;
    return now.plus(pause.multipliedBy(100L + spread).dividedBy(100));
  }

  /** Twice as long, so many times, up to a bound. */
  static Duration doubled(Duration first, int times, Duration longest) {
    Duration pause = first;
    for (int i = 0; i < times && pause.compareTo(longest) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longest) < 0 ? pause : longest;
  }
}
