package io.arrears.cli;

import com.google.type.Decimal;
import io.arrears.v1.PrepaidPackage;
import io.arrears.v1.ReportPrepaidPackageRequest;
import java.io.PrintWriter;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prepaid usage, which can keep a service from being overdue. */
@Command(
    name = "package",
    mixinStandardHelpOptions = true,
    description = "Reports what is left of a prepaid package; the newest report counts.",
    footer = {
      "%nExample:",
      "  arrears package acct-1 css traffic-7 --left 120.5 --unit GB --expires 2025-01-01T00:00:00Z"
    })
final class PackageCommand extends RemoteCommand {

  @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Its id.")
  String account;

  @Parameters(index = "1", paramLabel = "PRODUCT", description = "What it is for.")
  String product;

  @Parameters(index = "2", paramLabel = "PACKAGE", description = "The package's id.")
  String packageId;

  @Option(
      names = "--left",
      required = true,
      paramLabel = "QUANTITY",
      description = "What is not used up; 0 for nothing.")
  String left;

  @Option(names = "--unit", paramLabel = "UNIT", defaultValue = "", description = "Of what.")
  String unit;

  @Option(
      names = "--expires",
      paramLabel = "INSTANT",
      description = "Until when it can be used. Default: for ever.")
  Instant expires;

  @Override
  void run(Connection connection, PrintWriter out) {
    PrepaidPackage.Builder prepaid =
        PrepaidPackage.newBuilder()
            .setAccountId(account)
            .setProduct(product)
            .setPackageId(packageId)
            .setRemaining(Decimal.newBuilder().setValue(left))
            .setUnit(unit);
    if (expires != null) {
      prepaid.setExpireTime(Wire.timestamp(expires));
    }
    PrepaidPackage reported =
        connection
            .billing()
            .reportPrepaidPackage(
                ReportPrepaidPackageRequest.newBuilder().setPrepaidPackage(prepaid).build());
    new Table()
        .row("package", reported.getPackageId())
        .row("product", reported.getProduct())
        .row("left", (reported.getRemaining().getValue() + " " + reported.getUnit()).strip())
        .row("expires", reported.hasExpireTime() ? Wire.text(reported.getExpireTime()) : "never")
        .row("reported", Wire.text(reported.getReportTime()))
        .print(out);
  }
}
