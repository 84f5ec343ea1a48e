package io.arrears.core;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/**
 * The part of the day in which nobody is written to; it may span midnight.
 *
 * @param from its first instant
 * @param until when it is over; another time than {@code from}
 */
public record QuietHours(LocalTime from, LocalTime until) {

  /** When something that is to be told at an instant is sent: then, or when they are over. */
  Instant sendAt(Instant at, ZoneId zone) {
    ZonedDateTime local = at.atZone(zone);
    LocalTime time = local.toLocalTime();
    boolean overMidnight = until.isBefore(from);
    boolean evening = !time.isBefore(from) && (overMidnight || time.isBefore(until));
    boolean morning = overMidnight && time.isBefore(until);
    if (!evening && !morning) {
      return at;
    }
    long days = evening && overMidnight ? 1 : 0;
    Instant end = local.toLocalDate().plusDays(days).atTime(until).atZone(zone).toInstant();
    return end.isBefore(at) ? at : end; // An hour that comes twice is quiet once.
  }
}
