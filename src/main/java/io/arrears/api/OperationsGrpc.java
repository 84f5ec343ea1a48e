package io.arrears.api;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.arrears.job.ClockService;
import io.arrears.job.Job;
import io.arrears.job.JobRun;
import io.arrears.job.JobRunService;
import io.arrears.platform.Detached;
import io.arrears.platform.Limits;
import io.arrears.platform.Rejection;
import io.arrears.v1.AdvanceClockRequest;
import io.arrears.v1.Clock;
import io.arrears.v1.GetClockRequest;
import io.arrears.v1.GetJobRunRequest;
import io.arrears.v1.ListJobRunsRequest;
import io.arrears.v1.ListJobRunsResponse;
import io.arrears.v1.MutinyOperationsServiceGrpc.OperationsServiceImplBase;
import io.arrears.v1.RunJobRequest;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** OperationsService: the jobs and the clock. */
@GrpcService
class OperationsGrpc extends OperationsServiceImplBase {

  private static final java.time.Duration BEFORE_DEADLINE = java.time.Duration.ofMillis(500);
  private static final long MAX_ADVANCE_SECONDS = 10L * 366 * 24 * 3600;

  private final JobRunService jobs;
  private final ClockService clock;
  private final PageTokens tokens;
  private final Calls calls;
  private final Limits limits;

  OperationsGrpc(
      JobRunService jobs, ClockService clock, PageTokens tokens, Calls calls, Limits limits) {
    this.jobs = jobs;
    this.clock = clock;
    this.tokens = tokens;
    this.calls = calls;
    this.limits = limits;
  }

  @Override
  public Uni<io.arrears.v1.JobRun> runJob(RunJobRequest request) {
    String actor = Caller.name();
    Deadline deadline = Context.current().getDeadline();
    return calls.unbounded(
        () -> {
          Checks checks = new Checks();
          Job job = job(request.getJob(), checks);
          LocalDate date = request.hasDate() ? date(request.getDate(), checks) : null;
          java.time.Duration wait = wait(request, deadline, checks);
          checks.done();
          return jobs.start(new JobRunService.Request(job, date, request.getDryRun(), actor))
              .chain(started -> awaited(started, wait))
              .map(OperationsGrpc::run);
        });
  }

  /** The work goes on when the caller has stopped waiting, or has gone. */
  private Uni<JobRun> awaited(JobRunService.Started started, java.time.Duration wait) {
    Uni<JobRun> end = Detached.start(started.end());
    if (wait == null) {
      return end;
    }
    if (wait.isZero()) {
      return Uni.createFrom().item(started.run());
    }
    return end.ifNoItem().after(wait).recoverWithUni(() -> jobs.get(started.run().runId()));
  }

  /** Null means until it ends. */
  private static java.time.Duration wait(RunJobRequest request, Deadline deadline, Checks checks) {
    if (request.hasWait()) {
      Duration asked = request.getWait();
      checks.require(
          asked.getSeconds() >= 0
              && asked.getNanos() >= 0
              && asked.getSeconds() <= MAX_ADVANCE_SECONDS,
          "wait",
          "must not be negative or beyond ten years");
      return java.time.Duration.ofSeconds(asked.getSeconds(), asked.getNanos());
    }
    if (deadline == null) {
      return null;
    }
    java.time.Duration left =
        java.time.Duration.ofMillis(deadline.timeRemaining(TimeUnit.MILLISECONDS))
            .minus(BEFORE_DEADLINE);
    return left.isNegative() ? java.time.Duration.ZERO : left;
  }

  private static Job job(io.arrears.v1.Job job, Checks checks) {
    return switch (job) {
      case JOB_DAILY_BILLS -> Job.DAILY_BILLS;
      case JOB_MONTHLY_BILLS -> Job.MONTHLY_BILLS;
      case JOB_DUE_TRANSITIONS -> Job.DUE_TRANSITIONS;
      case JOB_RECONCILIATION -> Job.RECONCILIATION;
      case JOB_DATA_CLEARING -> Job.DATA_CLEARING;
      case JOB_NOTIFICATIONS -> Job.NOTIFICATIONS;
      case JOB_ITEM_RETENTION -> Job.ITEM_RETENTION;
      case JOB_UNSPECIFIED, UNRECOGNIZED -> {
        checks.violated("job", "must be a job");
        yield null;
      }
      default ->
          throw Status.UNIMPLEMENTED
              .withDescription("job " + job + " is not in this version")
              .asRuntimeException();
    };
  }

  private static LocalDate date(com.google.type.Date date, Checks checks) {
    try {
      if (date.getYear() >= 2000) {
        return LocalDate.of(date.getYear(), date.getMonth(), date.getDay());
      }
    } catch (DateTimeException e) {
      // Falls through to the one message.
    }
    checks.violated("date", "must be a whole date from 2000 on");
    return null;
  }

  @Override
  public Uni<io.arrears.v1.JobRun> getJobRun(GetJobRunRequest request) {
    return calls.answer(() -> jobs.get(runId(request.getRunId())).map(OperationsGrpc::run));
  }

  private static UUID runId(String runId) {
    try {
      return UUID.fromString(runId);
    } catch (IllegalArgumentException e) {
      throw Rejection.invalid("run_id", "must be the id of a run");
    }
  }

  @Override
  public Uni<ListJobRunsResponse> listJobRuns(ListJobRunsRequest request) {
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          int size = checks.pageSize(request.getPageSize(), limits);
          Job job =
              request.getJob() == io.arrears.v1.Job.JOB_UNSPECIFIED
                  ? null
                  : job(request.getJob(), checks);
          checks.done();
          String list = "runs\n" + job;
          List<String> position = tokens.position(list, request.getPageToken());
          JobRunService.Position before =
              position.isEmpty()
                  ? null
                  : new JobRunService.Position(
                      Instant.parse(position.get(0)), UUID.fromString(position.get(1)));
          return jobs.list(job, before, size + 1).map(page -> runs(list, page, size));
        });
  }

  private ListJobRunsResponse runs(String list, List<JobRun> page, int size) {
    ListJobRunsResponse.Builder response = ListJobRunsResponse.newBuilder();
    page.stream().limit(size).forEach(each -> response.addRuns(run(each)));
    if (page.size() > size) {
      JobRun last = page.get(size - 1);
      response.setNextPageToken(tokens.token(list, last.startTime(), last.runId()));
    }
    return response.build();
  }

  private static io.arrears.v1.JobRun run(JobRun run) {
    io.arrears.v1.JobRun.Builder mapped =
        io.arrears.v1.JobRun.newBuilder()
            .setRunId(run.runId().toString())
            .setJob(io.arrears.v1.Job.valueOf("JOB_" + run.job().name()))
            .setState(io.arrears.v1.JobRun.State.valueOf("STATE_" + run.state().name()))
            .setStartTime(Protos.timestamp(run.startTime()))
            .setExamined(run.examined())
            .setChanged(run.changed())
            .setFailed(run.failed())
            .putAllCounts(run.counts())
            .setMessage(run.message())
            .setDryRun(run.dryRun())
            .setStartedBy(run.startedBy());
    if (run.endTime() != null) {
      mapped.setEndTime(Protos.timestamp(run.endTime()));
    }
    return mapped.build();
  }

  @Override
  public Uni<Clock> getClock(GetClockRequest request) {
    return calls.answer(() -> clock.now().map(this::clock));
  }

  @Override
  public Uni<Clock> advanceClock(AdvanceClockRequest request) {
    return calls.unbounded(
        () -> {
          Checks checks = new Checks();
          Uni<Instant> advanced =
              switch (request.getToCase()) {
                case INSTANT -> {
                  Instant to = instant(request.getInstant(), checks);
                  checks.done();
                  yield clock.advanceTo(to);
                }
                case BY -> {
                  java.time.Duration by = by(request.getBy(), checks);
                  checks.done();
                  yield clock.advanceBy(by);
                }
                case TO_NOT_SET -> throw Rejection.invalid("to", "must be instant or by");
              };
          return advanced.map(this::clock);
        });
  }

  private static Instant instant(Timestamp to, Checks checks) {
    checks.require(
        to.getNanos() >= 0
            && to.getNanos() <= 999_999_999
            && to.getSeconds() >= 0
            && to.getSeconds() <= 32_503_680_000L,
        "instant",
        "must be an instant before the year 3000");
    return checks.passed() ? Instant.ofEpochSecond(to.getSeconds(), to.getNanos()) : null;
  }

  private static java.time.Duration by(Duration by, Checks checks) {
    checks.require(
        by.getSeconds() >= 0 && by.getNanos() >= 0 && by.getNanos() <= 999_999_999,
        "by",
        "must not be backwards");
    checks.require(by.getSeconds() <= MAX_ADVANCE_SECONDS, "by", "must be at most ten years");
    return checks.passed() ? java.time.Duration.ofSeconds(by.getSeconds(), by.getNanos()) : null;
  }

  private Clock clock(Instant now) {
    return Clock.newBuilder().setNow(Protos.timestamp(now)).setVirtual(clock.virtual()).build();
  }
}
