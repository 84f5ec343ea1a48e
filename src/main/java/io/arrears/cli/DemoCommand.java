package io.arrears.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Plays a month of real bills and what follows, on a virtual clock. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Plays a month of real bills, and what follows, on a virtual clock.",
      "It brings a service of its own, with its own PostgreSQL in a temporary directory, unless"
          + " --server names one; that one must be empty and have a virtual clock that stands at"
          + " 2024-09-01T00:00:00Z."
    })
final class DemoCommand implements Callable<Integer> {

  private static final int MAX_DAYS = 366;

  @Spec CommandSpec spec;
  @Mixin ServerOptions server;

  @Option(
      names = "--days",
      paramLabel = "N",
      defaultValue = "100",
      description = "How long it goes on, 1 to 366. Default: ${DEFAULT-VALUE}")
  int days;

  @Override
  public Integer call() throws Exception {
    if (days < 1 || days > MAX_DAYS) {
      throw new ParameterException(spec.commandLine(), "--days must be from 1 to " + MAX_DAYS);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (spec.commandLine().getParseResult().hasMatchedOption("--server")) {
      try (Connection connection = server.connect()) {
        return play(connection, out);
      }
    }
    return DemoService.host(
        spec.commandLine().getErr(),
        address -> {
          try (Connection connection =
              Connection.to(
                  address.getAddress().getHostAddress(),
                  address.getPort(),
                  false,
                  server.actor,
                  null)) {
            return play(connection, out);
          }
        });
  }

  private int play(Connection connection, PrintWriter out) throws IOException {
    return new DemoStory(connection, DemoBill.read(), days, out).play()
        ? ArrearsCommand.DONE
        : ArrearsCommand.REFUSED;
  }
}
