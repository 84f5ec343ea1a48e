package io.arrears.job;

import io.arrears.billing.BillRunService;
import io.arrears.core.BillingCycle;
import io.arrears.core.BillingPeriod;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Limits;
import io.arrears.platform.Rejection;
import io.arrears.policy.PolicyService;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * Runs jobs. Of each job one run is RUNNING at a time; whoever asks for it meanwhile, here or on
 * another replica, helps it by claiming batches of its work and gets the same run as the answer.
 */
@ApplicationScoped
public class JobRunService {

  private static final Logger LOG = Logger.getLogger(JobRunService.class);
  private static final Duration POLL = Duration.ofMillis(20);

  private final JobRunSql runs;
  private final SweepSql sweep;
  private final ClearingSql clearing;
  private final NotificationRuns notifications;
  private final Reconciliation reconciliation;
  private final RetentionRuns retention;
  private final BillRunService bills;
  private final BillPeriods periods;
  private final PolicyService policies;
  private final ArrearsClock clock;
  private final Limits limits;
  private final MeterRegistry meters;

  JobRunService(
      JobRunSql runs,
      SweepSql sweep,
      ClearingSql clearing,
      NotificationRuns notifications,
      Reconciliation reconciliation,
      RetentionRuns retention,
      BillRunService bills,
      BillPeriods periods,
      PolicyService policies,
      ArrearsClock clock,
      Limits limits,
      MeterRegistry meters) {
    this.runs = runs;
    this.sweep = sweep;
    this.clearing = clearing;
    this.notifications = notifications;
    this.reconciliation = reconciliation;
    this.retention = retention;
    this.bills = bills;
    this.periods = periods;
    this.policies = policies;
    this.clock = clock;
    this.limits = limits;
    this.meters = meters;
  }

  /** A place in the list of runs, newest first. */
  public record Position(Instant startTime, UUID runId) {}

  /**
   * What to run.
   *
   * @param date for the bill jobs: the day, or any day of the month; null means the newest due
   */
  public record Request(Job job, LocalDate date, boolean dryRun, String startedBy) {}

  /** A run that has been started, and its end. */
  public record Started(JobRun run, Uni<JobRun> end) {}

  /**
   * Starts a job, or joins the run of it that is under way. The work begins when {@code end} is
   * subscribed to.
   *
   * @throws Rejection FAILED_PRECONDITION if the bills of that date are not due yet
   */
  public Uni<Started> start(Request request) {
    return policies.refresh().chain(() -> begin(request));
  }

  private Uni<Started> begin(Request request) {
    Instant now = clock.instant();
    periods.refuseEarly(request, now);
    if (request.dryRun()) {
      return runs.start(request.job(), true, request.startedBy(), now)
          .map(run -> new Started(run, preview(run, request).memoize().indefinitely()));
    }
    return runs.buryDead(request.job(), limits.jobHeartbeat(), now)
        .chain(() -> startOrJoin(request, now));
  }

  /** Runs a job to its end. */
  public Uni<JobRun> run(Request request) {
    return start(request).chain(Started::end);
  }

  private Uni<Started> startOrJoin(Request request, Instant now) {
    return runs.start(request.job(), false, request.startedBy(), now)
        .chain(
            run -> {
              if (run != null) {
                return Uni.createFrom().item(new Started(run, lead(run, request)));
              }
              return runs.running(request.job())
                  .chain(
                      other ->
                          other == null
                              ? startOrJoin(request, now)
                              : Uni.createFrom().item(new Started(other, help(other, request))));
            });
  }

  private Uni<JobRun> lead(JobRun run, Request request) {
    return work(run, request)
        .onItemOrFailure()
        .transformToUni(
            (done, failure) -> {
              if (failure == null) {
                return runs.end(run.runId(), JobRun.State.SUCCEEDED, "", clock.instant());
              }
              LOG.errorf(failure, "job %s failed", run.job().id());
              return runs.end(
                  run.runId(),
                  JobRun.State.FAILED,
                  String.valueOf(failure.getMessage()),
                  clock.instant());
            })
        .invoke(this::meter)
        .memoize()
        .indefinitely();
  }

  private void meter(JobRun ended) {
    meters
        .counter("arrears.job.runs", "job", ended.job().id(), "state", ended.state().name())
        .increment();
  }

  /** If its holder turns out to be dead, the next run is the helper's own. */
  private Uni<JobRun> help(JobRun run, Request request) {
    return drain(run)
        .chain(() -> awaitEnd(run))
        .chain(
            ended ->
                JobRunSql.HOLDER_DIED.equals(ended.message())
                    ? run(request)
                    : Uni.createFrom().item(ended))
        .memoize()
        .indefinitely();
  }

  private Uni<JobRun> awaitEnd(JobRun run) {
    return runs.get(run.runId())
        .chain(
            seen ->
                seen.ended()
                    ? Uni.createFrom().item(seen)
                    : pause()
                        .chain(
                            () -> runs.buryDead(run.job(), limits.jobHeartbeat(), clock.instant()))
                        .chain(() -> awaitEnd(run)));
  }

  private static Uni<Void> pause() {
    return Uni.createFrom().voidItem().onItem().delayIt().by(POLL);
  }

  private Uni<Void> work(JobRun run, Request request) {
    if (run.job() == Job.ITEM_RETENTION) {
      return retention.run(run.startTime(), tally -> runs.add(run.runId(), tally));
    }
    BillingCycle cycle = run.job().cycle();
    if (cycle == null) {
      return drain(run);
    }
    Map<String, BillingPeriod> newest = periods.newest(cycle, request.date(), run.startTime());
    return sweepFirst()
        .chain(() -> drain(run))
        .chain(() -> billClosed(run))
        .chain(() -> bills.closeEmpty(cycle, newest))
        .chain(left -> billOpen(run, left, newest));
  }

  /** What is billed of a suspended service hangs on when it was suspended. */
  private Uni<Void> sweepFirst() {
    return Lanes.repeat(
        limits.claimsInFlight(),
        () ->
            sweep
                .sweep(clock.instant(), limits.claimSize(), Job.DUE_TRANSITIONS.actor())
                .map(tally -> tally.examined > 0));
  }

  /** Period by period, in order: the next is closed once the bills of the last are made. */
  private Uni<Void> billOpen(JobRun run, List<String> products, Map<String, BillingPeriod> newest) {
    return bills
        .closeNext(run.job().cycle(), products, newest)
        .chain(
            closed ->
                closed.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : billClosed(run).chain(() -> billOpen(run, closed, newest)));
  }

  private Uni<Void> billClosed(JobRun run) {
    BillingCycle cycle = run.job().cycle();
    return bills
        .toSum(cycle)
        .chain(
            toSum ->
                switch (toSum) {
                  case NOTHING -> Uni.createFrom().voidItem();
                  case PARTS_APART -> sumAndBill(run);
                  case PARTS_MIXED -> sumAll(run);
                })
        .chain(() -> alive(run, bills.queue(cycle)))
        .chain(() -> drain(run));
  }

  private Uni<Void> sumAll(JobRun run) {
    return Lanes.all(
        limits.claimsInFlight(), () -> alive(run, bills.sumNext(run.job().cycle(), false)));
  }

  /** Bills what is summed while something is still summed, so that no lane is idle. */
  private Uni<Void> sumAndBill(JobRun run) {
    AtomicInteger summing = new AtomicInteger();
    return Lanes.all(
        limits.claimsInFlight(),
        () -> {
          summing.incrementAndGet();
          return alive(run, bills.sumNext(run.job().cycle(), true))
              .onTermination()
              .invoke(summing::decrementAndGet)
              .chain(
                  summed ->
                      summed || summing.get() == 0
                          ? Uni.createFrom().item(summed)
                          : batchOf(run)
                              .call(billed -> billed ? Uni.createFrom().voidItem() : pause())
                              .replaceWith(true));
        });
  }

  /** Shows signs of life during one statement that may take longer than a dead run is given. */
  private <T> Uni<T> alive(JobRun run, Uni<T> statement) {
    return Uni.createFrom()
        .deferred(
            () -> {
              Cancellable beats =
                  Multi.createFrom()
                      .ticks()
                      .every(limits.jobHeartbeat().dividedBy(4))
                      .onOverflow()
                      .drop()
                      .onItem()
                      .transformToUniAndConcatenate(tick -> beat(run))
                      .subscribe()
                      .with(beat -> {});
              return statement.onTermination().invoke(beats::cancel);
            });
  }

  /** One that fails is made up for by the next. */
  private Uni<Void> beat(JobRun run) {
    return runs.beat(run.runId())
        .onFailure()
        .invoke(failure -> LOG.warnf("no sign of life of job %s: %s", run.job().id(), failure))
        .onFailure()
        .recoverWithNull();
  }

  /** Claims and does batches until none is left; several at a time where they are of accounts. */
  private Uni<Void> drain(JobRun run) {
    return Lanes.repeat(run.job().ofAccounts() ? limits.claimsInFlight() : 1, () -> batchOf(run));
  }

  private Uni<Boolean> batchOf(JobRun run) {
    return batch(run.job())
        .chain(
            tally ->
                tally.examined == 0
                    ? Uni.createFrom().item(false)
                    : runs.add(run.runId(), tally).replaceWith(true));
  }

  /** At the instant it is done: a bill made late in a long run gives no less notice for it. */
  private Uni<Tally> batch(Job job) {
    Instant now = clock.instant();
    int size = limits.claimSize();
    return switch (job) {
      case DAILY_BILLS, MONTHLY_BILLS -> bills.bill(job.cycle(), now, job.actor()).map(Tally::of);
      case DUE_TRANSITIONS -> sweep.sweep(now, size, job.actor());
      case RECONCILIATION -> reconciliation.reconcile(now, size);
      case NOTIFICATIONS -> notifications.deliver();
      case DATA_CLEARING -> clearing.clear(now, size, job.actor());
      // Days go one after another: nobody can help.
      case ITEM_RETENTION -> Uni.createFrom().item(new Tally());
    };
  }

  private Uni<JobRun> preview(JobRun run, Request request) {
    return previewed(run, request)
        .chain(
            tally ->
                runs.add(run.runId(), tally)
                    .chain(
                        () ->
                            runs.end(
                                run.runId(),
                                JobRun.State.SUCCEEDED,
                                tally.sample.toString().strip(),
                                clock.instant())));
  }

  private Uni<Tally> previewed(JobRun run, Request request) {
    return switch (run.job()) {
      case DAILY_BILLS, MONTHLY_BILLS -> periods.preview(run, request.date());
      case DUE_TRANSITIONS -> sweep.preview(run.startTime(), limits.claimSize());
      case RECONCILIATION -> reconciliation.preview(run.startTime());
      case NOTIFICATIONS -> notifications.preview();
      case DATA_CLEARING -> clearing.preview(run.startTime());
      case ITEM_RETENTION -> retention.preview(run.startTime());
    };
  }

  /**
   * @throws Rejection NOT_FOUND
   */
  public Uni<JobRun> get(UUID runId) {
    return runs.get(runId)
        .onItem()
        .ifNull()
        .failWith(
            () ->
                Rejection.of(
                    Rejection.Kind.NOT_FOUND, "JOB_RUN_NOT_FOUND", "there is no run " + runId));
  }

  /**
   * Newest first.
   *
   * @param job null means all
   * @param before null means from the newest on
   */
  public Uni<List<JobRun>> list(Job job, Position before, int size) {
    return runs.page(job, before, size);
  }
}
