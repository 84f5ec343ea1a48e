package io.arrears.cli;

import io.arrears.v1.Job;
import io.arrears.v1.JobRun;
import io.arrears.v1.RunJobRequest;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs a job now; what a Kubernetes CronJob calls. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Runs a job and waits for its end. Running one again does nothing twice.")
final class RunCommand implements Callable<Integer> {

  /** What the answer may take on its way, beyond the wait. */
  private static final Duration ANSWER = Duration.ofSeconds(30);

  @Spec CommandSpec spec;
  @Mixin ServerOptions server;

  @Parameters(
      paramLabel = "JOB",
      completionCandidates = Jobs.class,
      description = "One of ${COMPLETION-CANDIDATES}.")
  String job;

  @Option(
      names = "--date",
      paramLabel = "DATE",
      description = "For the bill jobs: the day, or any day of the month. Default: the newest due.")
  LocalDate date;

  @Option(names = "--dry-run", description = "Counts what it would do, and does nothing.")
  boolean dryRun;

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      defaultValue = "10m",
      description = "How long to wait for its end. Default: ${DEFAULT-VALUE}")
  Duration wait;

  /** The jobs of the contract, as people write them. */
  static final class Jobs implements Iterable<String> {
    @Override
    public java.util.Iterator<String> iterator() {
      return names().iterator();
    }
  }

  private static List<String> names() {
    return Arrays.stream(Job.values())
        .filter(each -> each != Job.UNRECOGNIZED && each != Job.JOB_UNSPECIFIED)
        .map(each -> Wire.word(each, "JOB_"))
        .toList();
  }

  @Override
  public Integer call() {
    if (!names().contains(job)) {
      throw new ParameterException(
          spec.commandLine(), "There is no job '" + job + "'; there are " + names());
    }
    RunJobRequest.Builder request =
        RunJobRequest.newBuilder()
            .setJob(Job.valueOf("JOB_" + job.toUpperCase(Locale.ROOT).replace('-', '_')))
            .setDryRun(dryRun)
            .setWait(Wire.duration(wait));
    if (date != null) {
      request.setDate(Wire.date(date));
    }
    try (Connection connection = server.connect()) {
      JobRun run =
          connection
              .operations()
              .withDeadlineAfter(wait.plus(ANSWER).toMillis(), TimeUnit.MILLISECONDS)
              .runJob(request.build());
      print(run, spec.commandLine().getOut());
      return exitCode(run);
    }
  }

  /** A run that is not over in time is no success: whoever repeats the command joins it. */
  private int exitCode(JobRun run) {
    boolean running = run.getState() == JobRun.State.STATE_RUNNING && wait.isZero();
    return running || run.getState() == JobRun.State.STATE_SUCCEEDED
        ? ArrearsCommand.DONE
        : ArrearsCommand.REFUSED;
  }

  private static void print(JobRun run, PrintWriter out) {
    out.printf(
        "%s%s %s: examined %d, changed %d, failed %d%n",
        Wire.word(run.getJob(), "JOB_"),
        run.getDryRun() ? " (dry run)" : "",
        Wire.word(run.getState(), "STATE_"),
        run.getExamined(),
        run.getChanged(),
        run.getFailed());
    new TreeMap<>(run.getCountsMap()).forEach((what, many) -> out.printf("  %s %d%n", what, many));
    if (!run.getMessage().isEmpty()) {
      run.getMessage().lines().forEach(line -> out.println("  " + line));
    }
    out.printf(
        "run %s, started %s by %s%s%n",
        run.getRunId(),
        Wire.text(run.getStartTime()),
        run.getStartedBy(),
        run.hasEndTime() ? ", ended " + Wire.text(run.getEndTime()) : "");
    out.flush();
  }
}
