package io.arrears.cli;

import com.google.type.Money;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that asks a service for one thing, and prints the answer. */
abstract class RemoteCommand implements Callable<Integer> {

  @Spec CommandSpec spec;
  @Mixin ServerOptions server;

  @Override
  public final Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (Connection connection = server.connect()) {
      run(connection, out);
    }
    out.flush();
    return ArrearsCommand.DONE;
  }

  abstract void run(Connection connection, PrintWriter out) throws IOException;

  /**
   * What somebody typed, for the service to judge.
   *
   * @throws ParameterException for what no money can be
   */
  final Money money(BigDecimal amount, String currencyCode) {
    try {
      return Wire.money(amount, currencyCode);
    } catch (ArithmeticException e) {
      throw new ParameterException(
          spec.commandLine(), "An amount has at most 18 digits, and 9 decimals, not " + amount, e);
    }
  }
}
