package io.arrears.core;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * Which period an instant falls into and when that period is billed, in one product's time zone.
 * Days may have 23 or 25 hours and months 28 to 31 days.
 *
 * @param dailyAt when the day before is billed (S1)
 * @param monthlyDay day of the month on which the month before is billed (S2), 1 to 28
 * @param monthlyAt at what time of that day
 */
public record BillingCalendar(ZoneId zone, LocalTime dailyAt, int monthlyDay, LocalTime monthlyAt) {

  /** The day that usage counts for: the day its end falls on. Midnight begins the new day. */
  public LocalDate usageDay(Instant usageEnd) {
    return usageEnd.atZone(zone).toLocalDate();
  }

  /**
   * When a period is billed: on the day after a day, on the policy's day of the month after a
   * month. A time that daylight saving skips moves forward by the gap.
   */
  public Instant billedAt(BillingPeriod period) {
    LocalDate following = period.last().plusDays(1);
    return switch (period.cycle()) {
      case DAILY -> following.atTime(dailyAt).atZone(zone).toInstant();
      case MONTHLY ->
          following.withDayOfMonth(monthlyDay).atTime(monthlyAt).atZone(zone).toInstant();
    };
  }

  /** The newest period whose bills are due at {@code now}. */
  public BillingPeriod newestDue(BillingCycle cycle, Instant now) {
    BillingPeriod period = BillingPeriod.containing(cycle, usageDay(now)).previous();
    return billedAt(period).isAfter(now) ? period.previous() : period;
  }

  /** The first instant after {@code after} at which a period of this cycle is billed. */
  public Instant nextRun(BillingCycle cycle, Instant after) {
    return billedAt(newestDue(cycle, after).next());
  }
}
