package io.arrears.core;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one product for the services that they are meant for: a tier's and a date's own
 * rules are worked in already. The built-in {@code css} is the exact reading of S1 to S11; other
 * products differ in every number and anchor.
 *
 * @param version grows by one with every change; transitions name the version they came from
 * @param suspension null for services that are never suspended
 * @param stages between suspension and repossession, in order
 * @param notices what customers are told, besides reminders; always has OVERDUE
 * @param quietHours in which nobody is written to; null where there are none
 * @param runwayDays with so many days of spending left, or fewer, the customer is told; null: never
 * @param enforcedWithin how long the product may take to do what it is told; then it is drift
 */
public record Policy(
    String product,
    long version,
    BillingCalendar billing,
    Bills bills,
    Overdue overdue,
    Grace grace,
    @Nullable Suspension suspension,
    List<Stage> stages,
    Repossession repossession,
    Clearing clearing,
    Violation violation,
    List<Feature> features,
    Set<Notice.Rung> notices,
    List<Reminder> reminders,
    @Nullable QuietHours quietHours,
    @Nullable Integer runwayDays,
    Span enforcedWithin) {

  /**
   * How bills are made.
   *
   * @param roundTo amounts are rounded half up to a multiple of it; null for the currency's minor
   *     unit
   * @param payWithin from issue to due; null where bills have no due date
   */
  public record Bills(@Nullable BigDecimal roundTo, @Nullable Span payWithin) {}

  /** The stage that a service has reached; null before the first. */
  public @Nullable Stage stage(int reached) {
    return reached == 0 ? null : stages.get(Math.min(reached, stages.size()) - 1);
  }
}
