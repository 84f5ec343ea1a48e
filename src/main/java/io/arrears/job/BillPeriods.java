package io.arrears.job;

import io.arrears.billing.BillRunService;
import io.arrears.core.BillingCalendar;
import io.arrears.core.BillingCycle;
import io.arrears.core.BillingPeriod;
import io.arrears.core.Policy;
import io.arrears.platform.Rejection;
import io.arrears.policy.PolicyService;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which periods a bill run is about, by the calendars of the products. */
@ApplicationScoped
class BillPeriods {

  private final BillRunService bills;
  private final PolicyService policies;

  BillPeriods(BillRunService bills, PolicyService policies) {
    this.bills = bills;
    this.policies = policies;
  }

  /**
   * The newest period to bill, by product.
   *
   * @param date null means the newest that is due
   */
  Map<String, BillingPeriod> newest(BillingCycle cycle, LocalDate date, Instant now) {
    Map<String, BillingPeriod> newest = new HashMap<>();
    for (Policy policy : policies.all()) {
      newest.put(policy.product(), newest(policy.billing(), cycle, date, now));
    }
    return newest;
  }

  private static BillingPeriod newest(
      BillingCalendar calendar, BillingCycle cycle, LocalDate date, Instant now) {
    BillingPeriod due = calendar.newestDue(cycle, now);
    if (date == null) {
      return due;
    }
    BillingPeriod asked = BillingPeriod.containing(cycle, date);
    return asked.last().isBefore(due.last()) ? asked : due;
  }

  /** How many bills a run would make, by product. */
  Uni<Tally> preview(JobRun run, LocalDate date) {
    BillingCycle cycle = run.job().cycle();
    Tally sum = new Tally();
    Uni<Void> all = Uni.createFrom().voidItem();
    for (Policy policy : policies.all()) {
      BillingPeriod newest = newest(policy.billing(), cycle, date, run.startTime());
      all =
          all.chain(() -> bills.preview(policy.product(), newest))
              .invoke(
                  many -> {
                    sum.examined += many;
                    sum.changed += many;
                    sum.count("bills", many);
                    sum.sample.append(
                        "%s: %d bills through %s%n"
                            .formatted(policy.product(), many, newest.last()));
                  })
              .replaceWithVoid();
    }
    return all.replaceWith(sum);
  }

  /**
   * @throws Rejection FAILED_PRECONDITION if the bills of that date are not due yet
   */
  void refuseEarly(JobRunService.Request request, Instant now) {
    BillingCycle cycle = request.job().cycle();
    if (request.date() == null) {
      return;
    }
    if (cycle == null) {
      throw Rejection.invalid("date", "must be unset for a job that makes no bills");
    }
    List<String> early = new ArrayList<>();
    for (Policy policy : policies.all()) {
      BillingPeriod asked = BillingPeriod.containing(cycle, request.date());
      Instant due = policy.billing().billedAt(asked);
      if (due.isAfter(now)) {
        early.add(policy.product() + " at " + due);
      }
    }
    if (early.size() == policies.all().size()) {
      throw Rejection.of(
          Rejection.Kind.FAILED_PRECONDITION,
          "NOT_DUE",
          "the bills of " + request.date() + " are due later: " + String.join(", ", early));
    }
  }
}
