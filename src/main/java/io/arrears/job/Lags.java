package io.arrears.job;

import io.arrears.job.LagSql.Backlog;
import io.arrears.platform.ArrearsClock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * How far the jobs are behind, for those who watch. The database is asked every 15 seconds, not by
 * every scrape; while it does not answer the gauges are NaN, because an old figure would look like
 * a good one. Ages go by the service's clock, so on a virtual one they stand still with it.
 */
@ApplicationScoped
public class Lags {

  private static final Logger LOG = Logger.getLogger(Lags.class);
  private static final String SECONDS = "seconds";

  private final LagSql sql;
  private final ArrearsClock clock;
  private final MeterRegistry meters;

  /** Null while it is not known. */
  private volatile Backlog backlog;

  Lags(LagSql sql, ArrearsClock clock, MeterRegistry meters) {
    this.sql = sql;
    this.clock = clock;
    this.meters = meters;
  }

  void register(@Observes StartupEvent started) {
    gauge("arrears.due.transitions.lag", known -> lag(known).toMillis() / 1000.0)
        .baseUnit(SECONDS)
        .description("How late the oldest due transition is; 0 when none is due")
        .register(meters);
    gauge("arrears.episodes.open", known -> (double) known.openEpisodes())
        .description("Accounts that are overdue")
        .register(meters);
    gauge("arrears.bill.drafts", known -> (double) known.draftsWaiting())
        .tag("state", "waiting")
        .description("Sums of closed periods that are not on a bill yet")
        .register(meters);
    gauge("arrears.bill.drafts", known -> (double) known.draftsSetAside())
        .tag("state", "set-aside")
        .description("Sums of closed periods that are not on a bill yet")
        .register(meters);
    for (Job job : Job.values()) {
      gauge("arrears.job.last.success.age", known -> age(known, job))
          .tag("job", job.id())
          .baseUnit(SECONDS)
          .description("Since the newest successful run ended; NaN before the first")
          .register(meters);
    }
  }

  private Gauge.Builder<Lags> gauge(String name, Function<Backlog, Double> figure) {
    return Gauge.builder(
        name,
        this,
        lags -> {
          Backlog known = lags.backlog;
          return known == null ? Double.NaN : figure.apply(known);
        });
  }

  @Scheduled(
      every = "${arrears.lags-every:15s}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> refresh() {
    return sql.read()
        .invoke(read -> backlog = read)
        .onFailure()
        .invoke(this::forget)
        .onFailure()
        .recoverWithNull()
        .replaceWithVoid();
  }

  private void forget(Throwable failure) {
    if (backlog != null) {
      LOG.warnf("the lags are not known: %s", failure);
    }
    backlog = null;
  }

  /** What is waiting, as last seen; null while it is not known. */
  Backlog backlog() {
    return backlog;
  }

  /** How late the oldest due transition is. */
  Duration lag(Backlog known) {
    Instant now = clock.instant();
    Instant due = known.nextDue();
    return due == null || due.isAfter(now) ? Duration.ZERO : Duration.between(due, now);
  }

  private double age(Backlog known, Job job) {
    Instant ended = known.lastSuccess().get(job);
    return ended == null
        ? Double.NaN
        : Duration.between(ended, clock.instant()).toMillis() / 1000.0;
  }
}
