package io.arrears.cli;

import io.arrears.v1.AdvanceClockRequest;
import io.arrears.v1.Clock;
import io.arrears.v1.GetClockRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the server's clock, or moves it where it is a virtual one. */
@Command(
    name = "clock",
    mixinStandardHelpOptions = true,
    description = "Shows the server's clock, or moves it forward where it is virtual.")
final class ClockCommand implements Callable<Integer> {

  @Spec CommandSpec spec;
  @Mixin ServerOptions server;

  @ArgGroup Target target;

  /** Where to: one of the two. */
  static final class Target {
    @Option(names = "--advance", paramLabel = "DURATION", description = "By 90d, 36h, PT1H30M, ….")
    Duration advance;

    @Option(names = "--to", paramLabel = "INSTANT", description = "To 2024-12-01T00:00:00Z, ….")
    Instant to;
  }

  @Override
  public Integer call() {
    try (Connection connection = server.connect()) {
      Clock clock =
          target == null
              ? connection.operations().getClock(GetClockRequest.getDefaultInstance())
              : connection.operations().advanceClock(request());
      spec.commandLine()
          .getOut()
          .printf(
              "%s (%s)%n", Wire.instant(clock.getNow()), clock.getVirtual() ? "virtual" : "system");
      spec.commandLine().getOut().flush();
      return ArrearsCommand.DONE;
    }
  }

  private AdvanceClockRequest request() {
    return target.to == null
        ? AdvanceClockRequest.newBuilder().setBy(Wire.duration(target.advance)).build()
        : AdvanceClockRequest.newBuilder().setInstant(Wire.timestamp(target.to)).build();
  }
}
