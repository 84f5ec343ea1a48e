package io.arrears.cli;

import io.arrears.v1.LiftRestrictionRequest;
import io.arrears.v1.RestrictAccountRequest;
import io.arrears.v1.Restriction;
import io.arrears.v1.SuspensionReason;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reasons that money does not lift. */
final class RestrictionCommands {

  private RestrictionCommands() {}

  /** Those that people may give. */
  enum Reason {
    VIOLATION,
    LEGAL,
    MANUAL;

    SuspensionReason onTheWire() {
      return SuspensionReason.valueOf("SUSPENSION_REASON_" + name());
    }
  }

  /** Places one. */
  @Command(
      name = "restrict",
      mixinStandardHelpOptions = true,
      description = {
        "Suspends an account for a reason that money does not lift.",
        "A violation bans it for good; legal also stops repossession and clearing."
      },
      footer = {
        "%nExample:",
        "  arrears restrict acct-1 --reason legal --comment 'court order 17/24'"
      })
  static final class Restrict extends RemoteCommand {

    @Parameters(paramLabel = "ACCOUNT", description = "Its id.")
    String account;

    @Option(
        names = "--reason",
        required = true,
        paramLabel = "REASON",
        description = "One of violation, legal, manual.")
    Reason reason;

    @Option(
        names = "--product",
        paramLabel = "PRODUCT",
        defaultValue = "",
        description = "Only this one. Default: every product, also those opened later.")
    String product;

    @Option(names = "--comment", required = true, paramLabel = "TEXT", description = "Why.")
    String comment;

    @Mixin RequestId request;

    @Override
    void run(Connection connection, PrintWriter out) {
      print(
          connection
              .lifecycle()
              .restrictAccount(
                  RestrictAccountRequest.newBuilder()
                      .setAccountId(account)
                      .setProduct(product)
                      .setReason(reason.onTheWire())
                      .setComment(comment)
                      .setRequestId(request.value())
                      .build()),
          out);
    }
  }

  /** Lifts one. */
  @Command(
      name = "lift",
      mixinStandardHelpOptions = true,
      description = {
        "Lifts a restriction; a service resumes when no reason is left.",
        "A violation is never lifted."
      },
      footer = {"%nExample:", "  arrears lift acct-1~6a1c… --comment 'order 17/24 set aside'"})
  static final class Lift extends RemoteCommand {

    @Parameters(paramLabel = "RESTRICTION", description = "Its id, as restrict said it.")
    String restriction;

    @Option(names = "--comment", required = true, paramLabel = "TEXT", description = "Why.")
    String comment;

    @Override
    void run(Connection connection, PrintWriter out) {
      print(
          connection
              .lifecycle()
              .liftRestriction(
                  LiftRestrictionRequest.newBuilder()
                      .setRestrictionId(restriction)
                      .setComment(comment)
                      .build()),
          out);
    }
  }

  static void print(Restriction restriction, PrintWriter out) {
    Table table =
        new Table()
            .row("restriction", restriction.getRestrictionId())
            .row("account", restriction.getAccountId())
            .row("product", Wire.orAll(restriction.getProduct()))
            .row(
                "reason",
                Wire.word(restriction.getReason(), "SUSPENSION_REASON_")
                    + ": "
                    + restriction.getComment())
            .row(
                "placed",
                Wire.text(restriction.getPlaceTime()) + " by " + restriction.getPlacedBy());
    if (restriction.hasLiftTime()) {
      table.row("lifted", Wire.text(restriction.getLiftTime()));
    }
    table.print(out);
  }
}
