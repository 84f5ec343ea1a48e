package io.arrears.job;

import io.arrears.platform.Times;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The records of runs. At most one real run of a job is RUNNING; an index sees to it. */
@ApplicationScoped
class JobRunSql {

  /** The message of a run that somebody else ended. */
  static final String HOLDER_DIED = "its holder died; the next run goes on where it stopped";

  private final Pool pool;

  JobRunSql(Pool pool) {
    this.pool = pool;
  }

  /** Ends runs whose holder has shown no sign of life for so long. */
  Uni<Void> buryDead(Job job, Duration heartbeat, Instant now) {
    return pool.preparedQuery(
            """
            update job_run set state = 'FAILED', end_time = $3, message = $4
            where job = $1 and state = 'RUNNING'
              and heartbeat_at < now() - make_interval(secs => $2::bigint)
            """)
        .execute(Tuple.of(job.name(), heartbeat.toSeconds(), Times.toRow(now), HOLDER_DIED))
        .replaceWithVoid();
  }

  /** Starts a run; null if one of the same job is running. */
  Uni<JobRun> start(Job job, boolean dryRun, String startedBy, Instant now) {
    return pool.preparedQuery(
            """
            insert into job_run (run_id, job, state, start_time, dry_run, started_by)
            values ($1, $2, 'RUNNING', $3, $4, $5)
            on conflict (job) where state = 'RUNNING' and not dry_run do nothing
            returning *
            """)
        .execute(Tuple.of(UUID.randomUUID(), job.name(), Times.toRow(now), dryRun, startedBy))
        .map(rows -> rows.size() == 0 ? null : run(rows.iterator().next()));
  }

  Uni<JobRun> running(Job job) {
    return pool.preparedQuery(
            "select * from job_run where job = $1 and state = 'RUNNING' and not dry_run")
        .execute(Tuple.of(job.name()))
        .map(rows -> rows.size() == 0 ? null : run(rows.iterator().next()));
  }

  /** Adds what a batch did, and shows a sign of life. */
  Uni<Void> add(UUID runId, Tally tally) {
    return pool.withTransaction(
            connection ->
                connection
                    .preparedQuery("select counts from job_run where run_id = $1 for update")
                    .execute(Tuple.of(runId))
                    .map(rows -> merged(rows.iterator().next().getJsonObject("counts"), tally))
                    .chain(
                        counts ->
                            connection
                                .preparedQuery(
                                    """
                                    update job_run set examined = examined + $2,
                                      changed = changed + $3, failed = failed + $4, counts = $5,
                                      heartbeat_at = now()
                                    where run_id = $1
                                    """)
                                .execute(
                                    Tuple.of(
                                        runId,
                                        tally.examined,
                                        tally.changed,
                                        tally.failed,
                                        counts))))
        .replaceWithVoid();
  }

  /** Shows a sign of life. */
  Uni<Void> beat(UUID runId) {
    return pool.preparedQuery("update job_run set heartbeat_at = now() where run_id = $1")
        .execute(Tuple.of(runId))
        .replaceWithVoid();
  }

  private static JsonObject merged(JsonObject counts, Tally tally) {
    JsonObject sum = counts.copy();
    tally.counts.forEach((what, many) -> sum.put(what, sum.getLong(what, 0L) + many));
    return sum;
  }

  Uni<JobRun> end(UUID runId, JobRun.State state, String message, Instant now) {
    return pool.preparedQuery(
            """
            update job_run set state = $2, message = $3, end_time = $4 where run_id = $1
            returning *
            """)
        .execute(Tuple.of(runId, state.name(), message, Times.toRow(now)))
        .map(rows -> run(rows.iterator().next()));
  }

  /** Null if there is none. */
  Uni<JobRun> get(UUID runId) {
    return pool.preparedQuery("select * from job_run where run_id = $1")
        .execute(Tuple.of(runId))
        .map(rows -> rows.size() == 0 ? null : run(rows.iterator().next()));
  }

  private static String pageOf(String runs) {
    return """
      select * from job_run
      where %s and start_time <= coalesce($2, 'infinity'::timestamptz)
        and (start_time < coalesce($2, 'infinity'::timestamptz) or run_id > $3)
      order by start_time desc, run_id limit $4
      """
        .formatted(runs);
  }

  /** Two statements, or the plan for all parameters would look for one job among all runs. */
  private static final String PAGE = pageOf("$1::text is null");

  private static final String PAGE_OF_JOB = pageOf("job = $1");

  /**
   * Newest first.
   *
   * @param job null means all
   * @param before the place after which to go on; null means from the newest
   */
  Uni<List<JobRun>> page(Job job, JobRunService.Position before, int size) {
    return pool.preparedQuery(job == null ? PAGE : PAGE_OF_JOB)
        .execute(
            Tuple.of(
                job == null ? null : job.name(),
                before == null ? null : Times.toRow(before.startTime()),
                before == null ? null : before.runId(),
                size))
        .map(rows -> rows.stream().map(JobRunSql::run).toList());
  }

  private static JobRun run(Row row) {
    Map<String, Long> counts = new HashMap<>();
    JsonObject stored = row.getJsonObject("counts");
    stored.fieldNames().forEach(name -> counts.put(name, stored.getLong(name)));
    return new JobRun(
        row.getUUID("run_id"),
        Job.valueOf(row.getString("job")),
        JobRun.State.valueOf(row.getString("state")),
        Times.fromRow(row.getOffsetDateTime("start_time")),
        Times.fromRow(row.getOffsetDateTime("end_time")),
        row.getLong("examined"),
        row.getLong("changed"),
        row.getLong("failed"),
        Map.copyOf(counts),
        row.getString("message"),
        row.getBoolean("dry_run"),
        row.getString("started_by"));
  }
}
