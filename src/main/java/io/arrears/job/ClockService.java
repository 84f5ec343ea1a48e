package io.arrears.job;

import io.arrears.core.BillingCycle;
import io.arrears.core.Policy;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Rejection;
import io.arrears.platform.VirtualClock;
import io.arrears.policy.PolicyService;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Moves the virtual clock. It goes from event to event, a deadline or a billing morning, and lets
 * each happen at its own instant, so that one great leap and many small ones lead to the same.
 */
@ApplicationScoped
public class ClockService {

  private final ArrearsClock clock;
  private final ClockSql sql;
  private final SweepSql sweep;
  private final ClearingSql clearing;
  private final NotificationRuns notifications;
  private final Reconciliation reconciliation;
  private final RetentionRuns retention;
  private final JobRunService jobs;
  private final PolicyService policies;

  /** Calls to advance take turns. */
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  private boolean advancing;

  ClockService(
      ArrearsClock clock,
      ClockSql sql,
      SweepSql sweep,
      ClearingSql clearing,
      NotificationRuns notifications,
      Reconciliation reconciliation,
      RetentionRuns retention,
      JobRunService jobs,
      PolicyService policies) {
    this.clock = clock;
    this.sql = sql;
    this.sweep = sweep;
    this.clearing = clearing;
    this.notifications = notifications;
    this.reconciliation = reconciliation;
    this.retention = retention;
    this.jobs = jobs;
    this.policies = policies;
  }

  void resume(@Observes @Priority(1) StartupEvent started) {
    if (clock instanceof VirtualClock virtual) {
      Instant stored = sql.read().await().atMost(Duration.ofSeconds(30));
      if (stored != null) {
        virtual.advanceTo(stored);
      }
      sql.write(clock.instant()).await().atMost(Duration.ofSeconds(30));
    }
  }

  /** Takes over the time that another replica has moved to. */
  Uni<Void> follow() {
    return clock instanceof VirtualClock virtual
        ? sql.read().onItem().ifNotNull().invoke(virtual::advanceTo).replaceWithVoid()
        : Uni.createFrom().voidItem();
  }

  /** Now, as every replica sees it. */
  public Uni<Instant> now() {
    return follow().map(ignored -> clock.instant());
  }

  public boolean virtual() {
    return clock.virtual();
  }

  /**
   * Moves forward; what falls due on the way happens in order.
   *
   * @param target where to
   * @throws Rejection FAILED_PRECONDITION for a real clock; INVALID_ARGUMENT for an earlier instant
   */
  public Uni<Instant> advanceTo(Instant target) {
    return advance(() -> target);
  }

  /** The same, by a duration from the time it then is. */
  public Uni<Instant> advanceBy(Duration by) {
    return advance(() -> clock.instant().plus(by));
  }

  private Uni<Instant> advance(java.util.function.Supplier<Instant> target) {
    if (!(clock instanceof VirtualClock virtual)) {
      throw Rejection.of(
          Rejection.Kind.FAILED_PRECONDITION,
          "CLOCK_NOT_VIRTUAL",
          "the clock is the system's; it can be moved where arrears.clock=virtual");
    }
    return turn()
        .chain(this::follow)
        .chain(this::finish)
        .map(ignored -> target.get())
        .invoke(this::refuseBackwards)
        .call(
            to ->
                runDue()
                    .chain(this::runClearing)
                    .chain(this::deliver)
                    .chain(() -> step(virtual, to)))
        .map(ignored -> clock.instant())
        .onTermination()
        .invoke(this::next);
  }

  private void refuseBackwards(Instant target) {
    if (target.isBefore(clock.instant())) {
      throw Rejection.invalid(
          "instant", "must not be before the clock's time, which is " + clock.instant());
    }
  }

  private synchronized Uni<Void> turn() {
    if (!advancing) {
      advancing = true;
      return Uni.createFrom().voidItem();
    }
    return Uni.createFrom().emitter(e -> waiting.add(() -> e.complete(null)));
  }

  private void next() {
    Runnable turn;
    synchronized (this) {
      turn = waiting.poll();
      advancing = turn != null;
    }
    if (turn != null) {
      turn.run();
    }
  }

  /**
   * Stored only once all of an instant has happened: after a crash it happens again, to no effect.
   */
  private Uni<Void> step(VirtualClock virtual, Instant target) {
    return Uni.combine()
        .all()
        .unis(
            sweep.nextDue(),
            clearing.nextTelling(clock.instant()),
            notifications.next(),
            policies.refresh())
        .asTuple()
        .map(
            due ->
                nextEvent(target, clock.instant(), due.getItem1(), due.getItem2(), due.getItem3()))
        .chain(
            event -> {
              virtual.advanceTo(event == null ? target : event);
              if (event == null) {
                return runReconciliation().chain(() -> sql.write(target));
              }
              return happen(event).chain(() -> step(virtual, target));
            });
  }

  private Uni<Void> happen(Instant event) {
    return runDue()
        .chain(() -> runBills(event))
        .chain(this::runClearing)
        .chain(this::deliver)
        .chain(() -> sql.write(event));
  }

  /** An instant that failed half way happens again before the clock goes on. */
  private Uni<Void> finish() {
    return sql.read()
        .chain(
            stored ->
                stored != null && stored.isBefore(clock.instant())
                    ? happen(clock.instant())
                    : Uni.createFrom().voidItem());
  }

  /** A version that begins to govern is an event, too: it may have other mornings. */
  private Instant nextEvent(Instant target, Instant after, Instant... due) {
    Stream<Instant> mornings =
        policies.all().stream()
            .flatMap(
                policy ->
                    Stream.of(BillingCycle.values())
                        .map(cycle -> policy.billing().nextRun(cycle, after)));
    Stream<Instant> others =
        Stream.concat(Stream.of(due), Stream.of(policies.nextChange(after)))
            .filter(Objects::nonNull);
    return Stream.concat(others, mornings)
        .filter(event -> !event.isAfter(target))
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private Uni<Void> runDue() {
    return sweep
        .nextDue()
        .chain(
            due ->
                due == null || due.isAfter(clock.instant())
                    ? Uni.createFrom().voidItem()
                    : run(Job.DUE_TRANSITIONS));
  }

  private Uni<Void> runClearing() {
    return clearing
        .due(clock.instant())
        .chain(due -> due ? run(Job.DATA_CLEARING) : Uni.createFrom().voidItem());
  }

  /** At the instant it is told, so that quiet hours and receipts by delivery come out right. */
  private Uni<Void> deliver() {
    return notifications.deliver().replaceWithVoid();
  }

  /** Once a leap: products live in real time, and would be told the same many times over. */
  private Uni<Void> runReconciliation() {
    return reconciliation
        .due(clock.instant())
        .chain(due -> due ? run(Job.RECONCILIATION) : Uni.createFrom().voidItem());
  }

  private Uni<Void> runBills(Instant event) {
    return runBills(event, BillingCycle.DAILY, Job.DAILY_BILLS)
        .chain(() -> runBills(event, BillingCycle.MONTHLY, Job.MONTHLY_BILLS));
  }

  private Uni<Void> runBills(Instant event, BillingCycle cycle, Job job) {
    boolean billed =
        policies.all().stream()
            .map(Policy::billing)
            .anyMatch(calendar -> calendar.nextRun(cycle, event.minusNanos(1000)).equals(event));
    return billed
        ? run(job).chain(() -> retention.ifDue(clock.instant(), () -> run(Job.ITEM_RETENTION)))
        : Uni.createFrom().voidItem();
  }

  private Uni<Void> run(Job job) {
    return jobs.run(new JobRunService.Request(job, null, false, "clock"))
        .invoke(
            run -> {
              if (run.state() != JobRun.State.SUCCEEDED) {
                throw new IllegalStateException(
                    "job %s ended %s: %s".formatted(job.id(), run.state(), run.message()));
              }
            })
        .replaceWithVoid();
  }
}
