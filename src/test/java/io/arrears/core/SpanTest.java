package io.arrears.core;

import static io.arrears.core.Policies.BERLIN;
import static io.arrears.core.Policies.SHANGHAI;
import static io.arrears.core.Policies.days;
import static io.arrears.core.Policies.hours;
import static io.arrears.core.Policies.months;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lengths of time, exact and by the calendar. */
class SpanTest {

  private static Instant in(ZoneId zone, String local) {
    return LocalDateTime.parse(local).atZone(zone).toInstant();
  }

  @Test
  void twentyFourHoursAreTwentyFourHoursAlsoWhereTheClocksChange() {
    Instant evening = in(BERLIN, "2024-03-30T20:00");

    assertEquals(evening.plus(Duration.ofHours(24)), hours(24).after(evening));
    assertEquals(in(BERLIN, "2024-03-31T21:00"), hours(24).after(evening));
    assertEquals(evening, hours(24).before(hours(24).after(evening)));
  }

  @ParameterizedTest(name = "a calendar day after {0} has {2} hours")
  @CsvSource({
    "2024-03-30T20:00, 2024-03-31T20:00, 23",
    "2024-10-26T20:00, 2024-10-27T20:00, 25",
    "2024-06-01T20:00, 2024-06-02T20:00, 24",
  })
  void aCalendarDayEndsAtTheSameTimeOfTheNextDay(String start, String end, long length) {
    Span day = days(1, BERLIN);

    assertEquals(in(BERLIN, end), day.after(in(BERLIN, start)));
    assertEquals(in(BERLIN, start), day.before(in(BERLIN, end)));
    assertEquals(
        Duration.ofHours(length),
        Duration.between(in(BERLIN, start), day.after(in(BERLIN, start))));
  }

  @Test
  void aCalendarDayThatEndsInTheHourThatSpringSkipsEndsAnHourLater() {
    assertEquals(
        in(BERLIN, "2024-03-31T03:30"), days(1, BERLIN).after(in(BERLIN, "2024-03-30T02:30")));
  }

  @ParameterizedTest(name = "{2} calendar months after {0}: {1}")
  @CsvSource({
    "2024-01-31T08:00, 2024-02-29T08:00, 1",
    "2023-01-31T08:00, 2023-02-28T08:00, 1",
    "2024-02-29T08:00, 2024-03-29T08:00, 1",
    "2024-08-31T08:00, 2024-10-31T08:00, 2",
    "2024-12-31T08:00, 2025-02-28T08:00, 2",
    "2024-01-31T08:00, 2025-01-31T08:00, 12",
  })
  void aCalendarMonthEndsOnTheSameDayOrOnTheLastOfAShorterMonth(
      String start, String end, int length) {
    assertEquals(in(SHANGHAI, end), months(length, SHANGHAI).after(in(SHANGHAI, start)));
  }

  @Test
  void aCalendarMonthBeforeADeadlineIsCountedBackwards() {
    assertEquals(
        in(SHANGHAI, "2024-02-29T08:00"),
        months(1, SHANGHAI).before(in(SHANGHAI, "2024-03-31T08:00")));
  }

  @Test
  void theCalendarIsThatOfTheSpansOwnZone() {
    Instant newYear = Instant.parse("2024-12-31T18:00:00Z");

    assertEquals(Instant.parse("2025-01-31T18:00:00Z"), months(1, ZoneId.of("UTC")).after(newYear));
    assertEquals(
        Instant.parse("2025-01-31T18:00:00Z"),
        months(1, SHANGHAI).after(newYear),
        "there it is the first of January already");
    Instant february = Instant.parse("2025-02-27T18:00:00Z");
    assertEquals(Instant.parse("2025-03-27T18:00:00Z"), months(1, SHANGHAI).after(february));
  }

  @Test
  void noTimeAtAllEndsWhereItStarts() {
    Instant start = Instant.parse("2024-09-02T00:00:00Z");

    assertEquals(start, Span.NONE.after(start));
    assertEquals(start, Span.NONE.before(start));
    assertTrue(Span.NONE.isNone());
    assertFalse(hours(1).isNone());
    assertFalse(days(1, SHANGHAI).isNone());
  }

  @Test
  void saysForAPersonHowLongItIs() {
    assertEquals("24 hours", hours(24).toString());
    assertEquals("1 hour", hours(1).toString());
    assertEquals("90 minutes", Span.exactly(Duration.ofMinutes(90)).toString());
    assertEquals("1 minute", Span.exactly(Duration.ofMinutes(1)).toString());
    assertEquals("61 seconds", Span.exactly(Duration.ofSeconds(61)).toString());
    assertEquals("3601 seconds", Span.exactly(Duration.ofSeconds(3601)).toString());
    assertEquals("1 calendar day", days(1, SHANGHAI).toString());
    assertEquals("15 calendar days", days(15, SHANGHAI).toString());
    assertEquals("1 calendar month", months(1, SHANGHAI).toString());
    assertEquals("2 calendar months", months(2, SHANGHAI).toString());
    assertEquals("12 calendar months", Span.calendar(Period.ofYears(1), SHANGHAI).toString());
    assertEquals("0 hours", Span.NONE.toString());
  }
}
