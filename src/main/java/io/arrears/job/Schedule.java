package io.arrears.job;

import io.arrears.billing.BillRunService;
import io.arrears.core.BillingCalendar;
import io.arrears.core.BillingCycle;
import io.arrears.core.Policy;
import io.arrears.platform.ArrearsClock;
import io.arrears.policy.PolicyService;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduler;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.jboss.logging.Logger;

/**
 * When the jobs run on a real clock: the bills in each product's time zone, the due transitions
 * every second. On a virtual clock {@link ClockService} runs them instead.
 */
@ApplicationScoped
public class Schedule {

  private static final Logger LOG = Logger.getLogger(Schedule.class);

  private final Scheduler scheduler;
  private final ArrearsClock clock;
  private final ClockService clockService;
  private final JobRunService jobs;
  private final SweepSql sweep;
  private final ClearingSql clearing;
  private final Reconciliation reconciliation;
  private final RetentionRuns retention;
  private final BillRunService bills;
  private final PolicyService policies;
  private final Map<String, BillingCalendar> planned = new HashMap<>();

  Schedule(
      Scheduler scheduler,
      ArrearsClock clock,
      ClockService clockService,
      JobRunService jobs,
      SweepSql sweep,
      ClearingSql clearing,
      Reconciliation reconciliation,
      RetentionRuns retention,
      BillRunService bills,
      PolicyService policies) {
    this.scheduler = scheduler;
    this.clock = clock;
    this.clockService = clockService;
    this.jobs = jobs;
    this.sweep = sweep;
    this.clearing = clearing;
    this.reconciliation = reconciliation;
    this.retention = retention;
    this.bills = bills;
    this.policies = policies;
  }

  void plan(@Observes StartupEvent started) {
    if (!clock.virtual()) {
      planNew();
    }
  }

  /** New rules, or rules that have just come into force, may have other mornings. */
  private synchronized void planNew() {
    for (Policy policy : policies.all()) {
      if (!policy.billing().equals(planned.put(policy.product(), policy.billing()))) {
        plan(policy);
      }
    }
  }

  private void plan(Policy policy) {
    BillingCalendar calendar = policy.billing();
    plan(policy, Job.DAILY_BILLS, at(calendar.dailyAt()) + " * * ?");
    plan(
        policy, Job.MONTHLY_BILLS, at(calendar.monthlyAt()) + " " + calendar.monthlyDay() + " * ?");
  }

  private static String at(LocalTime time) {
    return time.getSecond() + " " + time.getMinute() + " " + time.getHour();
  }

  private void plan(Policy policy, Job job, String cron) {
    scheduler.unscheduleJob(job.id() + "-" + policy.product());
    scheduler
        .newJob(job.id() + "-" + policy.product())
        .setCron(cron)
        .setTimeZone(policy.billing().zone().getId())
        .setConcurrentExecution(Scheduled.ConcurrentExecution.SKIP)
        .setAsyncTask(execution -> runBills(job))
        .schedule();
  }

  private Uni<Void> runBills(Job job) {
    return run(job).chain(() -> retention.ifDue(clock.instant(), () -> run(Job.ITEM_RETENTION)));
  }

  private Uni<Void> run(Job job) {
    return jobs.run(new JobRunService.Request(job, null, false, "scheduler")).replaceWithVoid();
  }

  /** Looks before it runs, so that a second without anything due leaves no record. */
  @Scheduled(
      every = "${arrears.sweep-every:1s}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> sweep() {
    return (clock.virtual() ? clockService.follow() : sweepIfDue())
        .onFailure()
        .invoke(failure -> LOG.warnf("the sweep is tried again: %s", failure.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Void> sweepIfDue() {
    return policies
        .refresh()
        .invoke(this::planNew)
        .chain(sweep::nextDue)
        .chain(
            due ->
                due == null || due.isAfter(clock.instant())
                    ? Uni.createFrom().voidItem()
                    : run(Job.DUE_TRANSITIONS));
  }

  /**
   * A morning that was missed, because nothing ran at that time, and a run that died with bills
   * still to be made, are caught up within the minute.
   */
  @Scheduled(
      every = "${arrears.catch-up-every:60s}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> catchUp() {
    if (clock.virtual()) {
      return Uni.createFrom().voidItem();
    }
    return missed(BillingCycle.DAILY)
        .chain(missed -> missed ? runBills(Job.DAILY_BILLS) : Uni.createFrom().voidItem())
        .chain(() -> missed(BillingCycle.MONTHLY))
        .chain(missed -> missed ? runBills(Job.MONTHLY_BILLS) : Uni.createFrom().voidItem())
        .onFailure()
        .invoke(failure -> LOG.warnf("the catch-up is tried again: %s", failure.toString()))
        .onFailure()
        .recoverWithNull();
  }

  /** What is due now; the policies say how often each service's product is told. */
  @Scheduled(
      every = "${arrears.clearing-every:60s}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> clear() {
    if (clock.virtual()) {
      return Uni.createFrom().voidItem();
    }
    return clearing
        .due(clock.instant())
        .chain(due -> due ? run(Job.DATA_CLEARING) : Uni.createFrom().voidItem())
        .onFailure()
        .invoke(failure -> LOG.warnf("the clearing is tried again: %s", failure.toString()))
        .onFailure()
        .recoverWithNull();
  }

  /** What is due now; it backs off by itself. */
  @Scheduled(
      every = "${arrears.reconciliation-every:5s}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> reconcile() {
    if (clock.virtual()) {
      return Uni.createFrom().voidItem();
    }
    return reconciliation
        .due(clock.instant())
        .chain(due -> due ? run(Job.RECONCILIATION) : Uni.createFrom().voidItem())
        .onFailure()
        .invoke(failure -> LOG.warnf("the reconciliation is tried again: %s", failure.toString()))
        .onFailure()
        .recoverWithNull();
  }

  private Uni<Boolean> missed(BillingCycle cycle) {
    BiFunction<Policy, Boolean, Uni<Boolean>> check =
        (policy, found) ->
            found
                ? Uni.createFrom().item(true)
                : bills
                    .closedThrough(policy.product(), cycle)
                    .map(
                        closed ->
                            closed != null
                                && closed.isBefore(
                                    policy.billing().newestDue(cycle, clock.instant()).last()));
    Uni<Boolean> any = bills.hasDrafts(cycle);
    for (Policy policy : policies.all()) {
      any = any.chain(found -> check.apply(policy, found));
    }
    return any;
  }
}
