package io.arrears.job;

import io.arrears.platform.Times;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** How far the jobs are behind, in two statements that read indexes and the work queue only. */
@ApplicationScoped
class LagSql {

  /**
   * What is waiting.
   *
   * @param nextDue the earliest instant at which something is due; null when no timer runs
   * @param openEpisodes accounts that are overdue
   * @param draftsWaiting drafts not yet billed, and closed periods not yet summed
   * @param draftsSetAside those of them that cannot become a bill until somebody looks
   * @param lastSuccess when the newest successful run of a job ended; absent when there was none
   */
  record Backlog(
      Instant nextDue,
      long openEpisodes,
      long draftsWaiting,
      long draftsSetAside,
      Map<Job, Instant> lastSuccess) {}

  private static final String WAITING =
      """
      select (select min(due_at) from account where due_at is not null) as next_due,
             (select count(*) from account where overdue_since is not null) as open_episodes,
             (select count(*) from bill_draft where failure is null)
               + (select count(*) from billing_sum) as drafts_waiting,
             (select count(*) from bill_draft where failure is not null) as drafts_set_aside
      """;

  private static final String LAST_SUCCESS =
      """
      select job, end_time as ended from unnest($1::text[]) j (job) cross join lateral (
        select end_time from job_run
        where job_run.job = j.job and state = 'SUCCEEDED' and not dry_run
        order by start_time desc limit 1) newest
      """;

  private static final String[] JOBS =
      Arrays.stream(Job.values()).map(Job::name).toArray(String[]::new);

  private final Pool pool;

  LagSql(Pool pool) {
    this.pool = pool;
  }

  Uni<Backlog> read() {
    return pool.withConnection(
        connection ->
            connection
                .preparedQuery(LAST_SUCCESS)
                .execute(Tuple.of(JOBS))
                .map(LagSql::lastSuccess)
                .chain(
                    ended ->
                        connection
                            .query(WAITING)
                            .execute()
                            .map(rows -> backlog(rows.iterator().next(), ended))));
  }

  private static Map<Job, Instant> lastSuccess(RowSet<Row> rows) {
    Map<Job, Instant> ended = new EnumMap<>(Job.class);
    rows.forEach(
        row ->
            ended.put(
                Job.valueOf(row.getString("job")), Times.fromRow(row.getOffsetDateTime("ended"))));
    return ended;
  }

  private static Backlog backlog(Row row, Map<Job, Instant> lastSuccess) {
    return new Backlog(
        Times.fromRow(row.getOffsetDateTime("next_due")),
        row.getLong("open_episodes"),
        row.getLong("drafts_waiting"),
        row.getLong("drafts_set_aside"),
        lastSuccess);
  }
}
