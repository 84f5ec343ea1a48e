package io.arrears.cli;

import io.arrears.v1.ListDriftRequest;
import io.arrears.v1.ListDriftResponse;
import io.arrears.v1.ListDriftResponse.Drift;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists what products have not done. */
@Command(
    name = "drift",
    mixinStandardHelpOptions = true,
    description = "Lists services whose product has not done what it was told, for too long.",
    footer = {"%nExample:", "  arrears drift css"})
final class DriftCommand extends RemoteCommand {

  private static final int PAGE = 1000;

  @Parameters(
      arity = "0..1",
      paramLabel = "PRODUCT",
      defaultValue = "",
      description = "Default: all products.")
  String product;

  @Override
  void run(Connection connection, PrintWriter out) {
    List<Drift> drifts = new ArrayList<>();
    String token = "";
    do {
      ListDriftResponse page =
          connection
              .enforcement()
              .listDrift(
                  ListDriftRequest.newBuilder()
                      .setProduct(product)
                      .setPageSize(PAGE)
                      .setPageToken(token)
                      .build());
      drifts.addAll(page.getDriftsList());
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    if (drifts.isEmpty()) {
      out.println("no drift");
    } else {
      print(drifts, out);
    }
  }

  private static void print(List<Drift> drifts, PrintWriter out) {
    Table table =
        new Table().row("ACCOUNT", "PRODUCT", "TOLD", "DONE", "ACCESS", "SINCE", "TIMES", "ERROR");
    for (Drift drift : drifts) {
      table.row(
          drift.getDesired().getAccountId(),
          drift.getDesired().getProduct(),
          drift.getDesired().getGeneration(),
          drift.getObservedGeneration(),
          Wire.word(drift.getDesired().getAccess(), "ACCESS_"),
          Wire.text(drift.getSince()),
          drift.getAttempts(),
          drift.getLastError().isEmpty() ? "-" : drift.getLastError());
    }
    table.print(out);
  }
}
