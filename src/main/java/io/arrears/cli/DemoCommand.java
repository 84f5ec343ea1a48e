package io.arrears.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
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
      defaultValue = "150",
      description = "How long it goes on, 1 to 366. Default: ${DEFAULT-VALUE}")
  int days;

  @Option(
      names = "--keys-url",
      paramLabel = "URL",
      defaultValue = VerifyCertificateCommand.DEFAULT_KEYS_URL,
      description =
          "Where the service of --server publishes its keys; ARREARS_KEYS_URL sets it too."
              + " Default: ${DEFAULT-VALUE}")
  String keysUrl;

  @Override
  public Integer call() throws Exception {
    if (days < 1 || days > MAX_DAYS) {
      throw new ParameterException(spec.commandLine(), "--days must be from 1 to " + MAX_DAYS);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (spec.commandLine().getParseResult().hasMatchedOption("--server")) {
      try (Connection connection = server.connect()) {
        return play(connection, URI.create(keysUrl), out);
      }
    }
    return DemoService.host(
        spec.commandLine().getErr(),
        (address, keys) -> {
          try (Connection connection =
              Connection.to(
                  address.getAddress().getHostAddress(),
                  address.getPort(),
                  false,
                  server.actor,
                  null)) {
            return play(connection, keys, out);
          }
        });
  }

  private int play(Connection connection, URI keys, PrintWriter out) throws IOException {
    return new DemoStory(connection, DemoBill.read(), days, keys, out).play()
        ? ArrearsCommand.DONE
        : ArrearsCommand.REFUSED;
  }
}
