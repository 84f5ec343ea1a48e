package io.arrears.core;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;

/**
 * A length of time as policies state it: exact hours, or calendar days and months in a zone, which
 * daylight saving and short months make longer or shorter.
 *
 * @param calendar days and months by the calendar; zero for an exact span
 * @param exact "60 days" is 60 times 24 hours
 * @param zone where the calendar hangs
 */
public record Span(Period calendar, Duration exact, ZoneId zone) {

  /** No time at all: what a policy means by {@code none} and {@code at-once}. */
  public static final Span NONE = exactly(Duration.ZERO);

  public static Span exactly(Duration length) {
    return new Span(Period.ZERO, length, java.time.ZoneOffset.UTC);
  }

  public static Span calendar(Period length, ZoneId zone) {
    return new Span(length, Duration.ZERO, zone);
  }

  public Instant after(Instant start) {
    return calendar.isZero()
        ? start.plus(exact)
        : start.atZone(zone).plus(calendar).toInstant().plus(exact);
  }

  public Instant before(Instant end) {
    return calendar.isZero()
        ? end.minus(exact)
        : end.atZone(zone).minus(calendar).toInstant().minus(exact);
  }

  public boolean isNone() {
    return calendar.isZero() && exact.isZero();
  }

  /** For a person: {@code 24 hours}, {@code 2 calendar months}. */
  @Override
  public String toString() {
    if (!calendar.isZero()) {
      return calendar.toTotalMonths() > 0
          ? many(calendar.toTotalMonths(), "calendar month")
          : many(calendar.get(java.time.temporal.ChronoUnit.DAYS), "calendar day");
    }
    return exact.toSecondsPart() == 0 && exact.toMinutesPart() == 0
        ? many(exact.toHours(), "hour")
        : exact.toSeconds() % 60 == 0
            ? many(exact.toMinutes(), "minute")
            : many(exact.toSeconds(), "second");
  }

  private static String many(long count, String unit) {
    return count + " " + unit + (count == 1 ? "" : "s");
  }
}
