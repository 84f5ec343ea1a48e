package io.arrears.notification;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much each receiver of a channel is being sent, and whether it is left alone: a bound on what
 * is under way, one on what is begun in a second, and a breaker. All of it is asked before anything
 * is claimed, so that what cannot be sent is not taken from the queue; and it goes by the service's
 * clock, so that days of a broken receiver pass in a test.
 */
final class Receivers {

  private static final int MOST = 10_000;

  private final DeliveryLimits limits;
  private final int atATime;

  /** 0 for any number. */
  private final int perSecond;

  private final Map<String, Receiver> receivers = new HashMap<>();

  private static final class Receiver {
    int underWay;
    int failures;
    int breaks;
    Instant brokenUntil = Instant.MIN;
    Instant second = Instant.MIN;
    int begun;

    boolean forgettable() {
      return underWay == 0 && failures == 0;
    }
  }

  Receivers(DeliveryLimits limits, int atATime, int perSecond) {
    this.limits = limits;
    this.atATime = atATime;
    this.perSecond = perSecond;
  }

  /** Those of which nothing is to be claimed now. */
  List<String> closed(Instant now) {
    List<String> closed = new ArrayList<>();
    receivers.forEach(
        (name, receiver) -> {
          if (room(receiver, now) <= 0) {
            closed.add(name);
          }
        });
    return closed;
  }

  /** How many may be claimed of each that has less room than others. */
  Map<String, Integer> rooms(Instant now) {
    Map<String, Integer> rooms = new HashMap<>();
    receivers.forEach((name, receiver) -> rooms.put(name, Math.max(0, room(receiver, now))));
    return rooms;
  }

  private int room(Receiver receiver, Instant now) {
    if (receiver.brokenUntil.isAfter(now)) {
      return 0;
    }
    // One that was broken is tried with a single one.
    int most = receiver.breaks > 0 ? 1 : atATime;
    int begun = now.isBefore(receiver.second.plusSeconds(1)) ? receiver.begun : 0;
    int rate = perSecond == 0 ? Integer.MAX_VALUE : perSecond - begun;
    return Math.min(most - receiver.underWay, rate);
  }

  void began(String name, Instant now) {
    if (receivers.size() > MOST) {
      receivers.values().removeIf(each -> each.underWay == 0);
    }
    Receiver receiver = receivers.computeIfAbsent(name, n -> new Receiver());
    receiver.underWay++;
    if (!now.isBefore(receiver.second.plusSeconds(1))) {
      receiver.second = now;
      receiver.begun = 0;
    }
    receiver.begun++;
  }

  /**
   * @param works whether the receiver did its part, whatever it said
   * @return until when it is left alone from now on, if that has just been decided; else null
   */
  Instant ended(String name, boolean works, Instant now) {
    Receiver receiver = receivers.get(name);
    receiver.underWay--;
    if (works) {
      receiver.failures = 0;
      receiver.breaks = 0;
      receiver.brokenUntil = Instant.MIN;
      forget(name, receiver, now);
      return null;
    }
    receiver.failures++;
    boolean already = receiver.brokenUntil.isAfter(now);
    if (already || (receiver.breaks == 0 && receiver.failures < limits.failuresToBreak())) {
      return null;
    }
    Duration pause = Backoff.doubled(limits.breakFor(), receiver.breaks, limits.longestBreak());
    receiver.breaks++;
    receiver.brokenUntil = now.plus(pause);
    return receiver.brokenUntil;
  }

  private void forget(String name, Receiver receiver, Instant now) {
    if (receiver.forgettable() && !now.isBefore(receiver.second.plusSeconds(1))) {
      receivers.remove(name);
    }
  }

  /** When the next of those that are left alone is tried again; null if there is none. */
  Instant nextTry(Instant now) {
    return receivers.values().stream()
        .map(each -> each.brokenUntil)
        .filter(until -> until.isAfter(now))
        .min(Comparator.naturalOrder())
        .orElse(null);
  }
}
