package io.arrears.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** S1 and S2: which period usage belongs to, and when that period is billed. */
class BillingCalendarTest {

  private static final BillingCalendar SHANGHAI = calendar("Asia/Shanghai", "08:00");
  private static final BillingCalendar BERLIN = calendar("Europe/Berlin", "02:30");
  private static final BillingCalendar NEW_YORK = calendar("America/New_York", "02:30");

  private static BillingCalendar calendar(String zone, String dailyAt) {
    return new BillingCalendar(
        ZoneId.of(zone), LocalTime.parse(dailyAt), 1, LocalTime.parse("08:00"));
  }

  private static BillingPeriod day(String date) {
    return BillingPeriod.containing(BillingCycle.DAILY, LocalDate.parse(date));
  }

  private static BillingPeriod month(String date) {
    return BillingPeriod.containing(BillingCycle.MONTHLY, LocalDate.parse(date));
  }

  private static Instant in(BillingCalendar calendar, String local) {
    return java.time.LocalDateTime.parse(local).atZone(calendar.zone()).toInstant();
  }

  @ParameterizedTest(name = "{0} to {1}")
  @CsvSource({
    "2023-02-01, 2023-02-28",
    "2024-02-01, 2024-02-29",
    "2024-04-01, 2024-04-30",
    "2024-12-01, 2024-12-31",
    "2100-02-01, 2100-02-28",
  })
  void aMonthLastsToItsOwnLastDayAndIsBilledOnTheFirstOfTheNext(LocalDate first, LocalDate last) {
    BillingPeriod period = BillingPeriod.containing(BillingCycle.MONTHLY, first.plusDays(13));

    assertEquals(new BillingPeriod(BillingCycle.MONTHLY, first, last), period);
    assertEquals(
        last.plusDays(1).atTime(8, 0).atZone(SHANGHAI.zone()).toInstant(),
        SHANGHAI.billedAt(period));
    assertEquals(last.plusDays(1), period.next().first());
    assertEquals(first.minusDays(1), period.previous().last());
  }

  @Test
  void aMonthIsBilledOnThePolicysDayOfTheFollowingMonth() {
    BillingCalendar third =
        new BillingCalendar(ZoneId.of("UTC"), LocalTime.of(8, 0), 3, LocalTime.of(6, 30));

    Instant billed = third.billedAt(month("2024-12-31"));

    assertEquals(Instant.parse("2025-01-03T06:30:00Z"), billed);
  }

  @Test
  void aDayIsBilledOnTheNextMorningInTheProductsZone() {
    assertEquals(Instant.parse("2024-09-02T00:00:00Z"), SHANGHAI.billedAt(day("2024-09-01")));
  }

  @Test
  void usageThatEndsInTheLastMillisecondCountsForThatDayAndAtMidnightForTheNext() {
    assertEquals(
        LocalDate.parse("2024-08-31"),
        SHANGHAI.usageDay(in(SHANGHAI, "2024-08-31T23:59:59.999999")));
    assertEquals(
        LocalDate.parse("2024-08-31"), SHANGHAI.usageDay(in(SHANGHAI, "2024-08-31T23:59:59.999")));
    assertEquals(
        LocalDate.parse("2024-09-01"), SHANGHAI.usageDay(in(SHANGHAI, "2024-09-01T00:00:00")));
  }

  @Test
  void usageThatCrossesMidnightCountsForTheDayItsEndFallsOn() {
    Instant start = in(SHANGHAI, "2024-08-31T23:30:00");
    Instant end = start.plus(Duration.ofHours(1));

    LocalDate usageDay = SHANGHAI.usageDay(end);

    assertEquals(LocalDate.parse("2024-09-01"), usageDay);
    assertEquals(month("2024-09-30"), BillingPeriod.containing(BillingCycle.MONTHLY, usageDay));
  }

  @Test
  void theSameInstantFallsOnDifferentDaysInDifferentZones() {
    Instant instant = Instant.parse("2024-09-01T03:00:00Z");

    assertEquals(LocalDate.parse("2024-09-01"), SHANGHAI.usageDay(instant));
    assertEquals(LocalDate.parse("2024-08-31"), NEW_YORK.usageDay(instant));
  }

  @ParameterizedTest(name = "{1} in {0} has {2} hours")
  @CsvSource({
    "Europe/Berlin, 2024-03-31, 23",
    "Europe/Berlin, 2024-10-27, 25",
    "America/New_York, 2024-03-10, 23",
    "America/New_York, 2024-11-03, 25",
  })
  void aDayOnWhichTheClocksChangeIsOneDayWithAllItsHours(String zone, LocalDate day, int hours) {
    BillingCalendar calendar = calendar(zone, "08:00");
    Instant midnight = day.atStartOfDay(calendar.zone()).toInstant();
    Instant nextMidnight = midnight.plus(Duration.ofHours(hours));

    assertEquals(day.minusDays(1), calendar.usageDay(midnight.minusMillis(1)));
    assertEquals(day, calendar.usageDay(midnight));
    assertEquals(day, calendar.usageDay(nextMidnight.minusMillis(1)));
    assertEquals(day.plusDays(1), calendar.usageDay(nextMidnight));
  }

  @Test
  void aBillingTimeThatTheSpringSkipsMovesForwardByTheGap() {
    assertEquals(in(BERLIN, "2024-03-31T03:30:00"), BERLIN.billedAt(day("2024-03-30")));
    assertEquals(in(NEW_YORK, "2024-03-10T03:30:00"), NEW_YORK.billedAt(day("2024-03-09")));
  }

  @Test
  void aBillingTimeThatTheAutumnRepeatsIsTheFirstOfTheTwo() {
    assertEquals(Instant.parse("2024-10-27T00:30:00Z"), BERLIN.billedAt(day("2024-10-26")));
    BillingCalendar newYork = calendar("America/New_York", "01:30");
    assertEquals(Instant.parse("2024-11-03T05:30:00Z"), newYork.billedAt(day("2024-11-02")));
  }

  @Test
  void aDayIsDueFromItsBillingInstantOnAndNotAMicrosecondBefore() {
    Instant morning = SHANGHAI.billedAt(day("2024-09-01"));

    assertEquals(
        day("2024-08-31"), SHANGHAI.newestDue(BillingCycle.DAILY, morning.minusNanos(1000)));
    assertEquals(day("2024-09-01"), SHANGHAI.newestDue(BillingCycle.DAILY, morning));
    assertEquals(
        day("2024-09-01"), SHANGHAI.newestDue(BillingCycle.DAILY, morning.plusNanos(1000)));
  }

  @Test
  void aMonthIsDueFromItsBillingInstantOnAndNotAMicrosecondBefore() {
    Instant morning = SHANGHAI.billedAt(month("2024-02-29"));

    assertEquals(
        month("2024-01-31"), SHANGHAI.newestDue(BillingCycle.MONTHLY, morning.minusNanos(1000)));
    assertEquals(month("2024-02-01"), SHANGHAI.newestDue(BillingCycle.MONTHLY, morning));
    assertEquals(
        month("2024-02-01"), SHANGHAI.newestDue(BillingCycle.MONTHLY, morning.plusNanos(1000)));
  }

  @Test
  void theNextRunIsTheFirstBillingInstantStrictlyAfterAnInstant() {
    Instant morning = SHANGHAI.billedAt(day("2024-09-01"));
    Instant nextMorning = SHANGHAI.billedAt(day("2024-09-02"));

    assertEquals(morning, SHANGHAI.nextRun(BillingCycle.DAILY, morning.minusNanos(1000)));
    assertEquals(nextMorning, SHANGHAI.nextRun(BillingCycle.DAILY, morning));
    assertEquals(nextMorning, SHANGHAI.nextRun(BillingCycle.DAILY, morning.plusNanos(1000)));
  }

  @Test
  void aMonthBilledLateInTheNextMonthIsStillOpenUntilThen() {
    BillingCalendar late =
        new BillingCalendar(ZoneId.of("UTC"), LocalTime.of(8, 0), 28, LocalTime.of(8, 0));

    assertEquals(
        month("2024-01-31"),
        late.newestDue(BillingCycle.MONTHLY, Instant.parse("2024-03-28T07:59:59Z")));
    assertEquals(
        month("2024-02-29"),
        late.newestDue(BillingCycle.MONTHLY, Instant.parse("2024-03-28T08:00:00Z")));
    assertEquals(
        Instant.parse("2024-03-28T08:00:00Z"),
        late.nextRun(BillingCycle.MONTHLY, Instant.parse("2024-03-01T00:00:00Z")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"Asia/Shanghai, 08:00", "Europe/Berlin, 02:30", "America/New_York, 02:30"})
  void everyDayOfALeapYearIsBilledOnceAndInOrder(String zone, String dailyAt) {
    BillingCalendar calendar = calendar(zone, dailyAt);
    Instant now = calendar.billedAt(day("2023-12-31"));
    BillingPeriod billed = calendar.newestDue(BillingCycle.DAILY, now);

    for (int i = 0; i < 366; i++) {
      now = calendar.nextRun(BillingCycle.DAILY, now);
      BillingPeriod next = calendar.newestDue(BillingCycle.DAILY, now);
      assertEquals(billed.next(), next);
      billed = next;
    }

    assertEquals(day("2024-12-31"), billed);
  }
}
