package io.arrears.core;

import java.time.LocalDate;

/**
 * The days that one bill covers.
 *
 * @param first first day, in the product's time zone
 * @param last last day, inclusive
 */
public record BillingPeriod(BillingCycle cycle, LocalDate first, LocalDate last) {

  /** The period of a cycle that a usage day belongs to. */
  public static BillingPeriod containing(BillingCycle cycle, LocalDate day) {
    return switch (cycle) {
      case DAILY -> new BillingPeriod(cycle, day, day);
      case MONTHLY ->
          new BillingPeriod(cycle, day.withDayOfMonth(1), day.withDayOfMonth(day.lengthOfMonth()));
    };
  }

  public BillingPeriod next() {
    return containing(cycle, last.plusDays(1));
  }

  public BillingPeriod previous() {
    return containing(cycle, first.minusDays(1));
  }
}
