package io.arrears.cli;

import io.arrears.v1.ReportObservedStateRequest;
import io.arrears.v1.ReportObservedStateResponse;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a product reports; for trying out and for mending by hand. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Reports, in a product's place, what it has done for an account.",
    footer = {
      "%nExample:",
      "  arrears report acct-1 css --generation 5 --erased configurations,service-logs"
    })
final class ReportCommand extends RemoteCommand {

  @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Its id.")
  String account;

  @Parameters(index = "1", paramLabel = "PRODUCT", description = "Which product.")
  String product;

  @Option(
      names = "--generation",
      required = true,
      paramLabel = "N",
      description = "What the product has reached, as status shows it.")
  long generation;

  @Option(
      names = "--erased",
      split = ",",
      paramLabel = "CATEGORY",
      description = "Categories of data that are erased now.")
  List<String> erased = List.of();

  @Option(
      names = "--error",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why it could not do what it was told.")
  String error;

  @Override
  void run(Connection connection, PrintWriter out) {
    ReportObservedStateResponse answer =
        connection
            .enforcement()
            .reportObservedState(
                ReportObservedStateRequest.newBuilder()
                    .setAccountId(account)
                    .setProduct(product)
                    .setGeneration(generation)
                    .addAllClearedCategories(erased)
                    .setError(error)
                    .build());
    long desired = answer.getDesiredGeneration();
    out.printf(
        "reported generation %d of %s%s%n",
        generation, product, desired > generation ? "; it is told " + desired + " now" : "");
  }
}
