package io.arrears.core;

import java.time.LocalTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A policy in which a test changes what it is about. */
final class PolicyBuilder {

  private final BillingCalendar billing;
  private final Policy.Bills bills;
  private String product;
  private long version;
  private Overdue overdue;
  private Grace grace;
  private @Nullable Suspension suspension;
  private List<Stage> stages;
  private Repossession repossession;
  private Clearing clearing;
  private Violation violation;
  private List<Feature> features;
  private Set<Notice.Rung> notices;
  private List<Reminder> reminders;
  private @Nullable QuietHours quietHours;
  private @Nullable Integer runwayDays;
  private final Span enforcedWithin;

  private PolicyBuilder(Policy from) {
    this.product = from.product();
    this.version = from.version();
    this.billing = from.billing();
    this.bills = from.bills();
    this.overdue = from.overdue();
    this.grace = from.grace();
    this.suspension = from.suspension();
    this.stages = from.stages();
    this.repossession = from.repossession();
    this.clearing = from.clearing();
    this.violation = from.violation();
    this.features = from.features();
    this.notices = from.notices();
    this.reminders = from.reminders();
    this.quietHours = from.quietHours();
    this.runwayDays = from.runwayDays();
    this.enforcedWithin = from.enforcedWithin();
  }

  static PolicyBuilder from(Policy policy) {
    return new PolicyBuilder(policy);
  }

  /** The numbers of {@code css}, where a test says nothing else. */
  static PolicyBuilder css() {
    return from(Policies.CSS);
  }

  PolicyBuilder product(String name) {
    this.product = name;
    return this;
  }

  PolicyBuilder version(long number) {
    this.version = number;
    return this;
  }

  PolicyBuilder overdue(Overdue rule) {
    this.overdue = rule;
    return this;
  }

  PolicyBuilder grace(Grace rule) {
    this.grace = rule;
    return this;
  }

  /** Exact, to the instant, from an anchor. */
  PolicyBuilder grace(Span length, Grace.Anchor from) {
    return grace(new Grace(length, from, false, grace.assumeReceivedAfter()));
  }

  PolicyBuilder suspension(@Nullable Suspension rule) {
    this.suspension = rule;
    return this;
  }

  PolicyBuilder restore(Suspension.Restore restore) {
    return suspension(new Suspension(Access.NEW_BLOCKED, Suspension.Billed.ALL, restore));
  }

  PolicyBuilder stages(Stage... all) {
    this.stages = List.of(all);
    return this;
  }

  PolicyBuilder repossession(
      @Nullable Span afterOverdue, @Nullable Span afterSuspension, Repossession.Winner wins) {
    this.repossession = new Repossession(afterOverdue, afterSuspension, wins);
    return this;
  }

  PolicyBuilder clearing(Clearing rule) {
    this.clearing = rule;
    return this;
  }

  PolicyBuilder violation(Violation rule) {
    this.violation = rule;
    return this;
  }

  PolicyBuilder features(Feature... all) {
    this.features = List.of(all);
    return this;
  }

  PolicyBuilder notices(Notice.Rung... all) {
    this.notices = Set.of(all);
    return this;
  }

  PolicyBuilder reminders(Reminder... all) {
    this.reminders = List.of(all);
    return this;
  }

  PolicyBuilder quiet(String from, String until) {
    this.quietHours = new QuietHours(LocalTime.parse(from), LocalTime.parse(until));
    return this;
  }

  PolicyBuilder runwayDays(int days) {
    this.runwayDays = days;
    return this;
  }

  Policy build() {
    return new Policy(
        product,
        version,
        billing,
        bills,
        overdue,
        grace,
        suspension,
        stages,
        repossession,
        clearing,
        violation,
        features,
        notices,
        reminders,
        quietHours,
        runwayDays,
        enforcedWithin);
  }
}
