package io.arrears.cli;

import io.arrears.v1.ApproveDeactivationRequest;
import io.arrears.v1.CancelDeactivationRequest;
import io.arrears.v1.Deactivation;
import io.arrears.v1.GetDeactivationRequest;
import io.arrears.v1.RequestDeactivationRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets a customer leave, by ticket (S11). */
@Command(
    name = "deactivate",
    mixinStandardHelpOptions = true,
    description = {
      "Lets a customer leave: requested by one person, approved by another; then the data is"
          + " erased, and there is a certificate."
    },
    subcommands = {
      DeactivateCommand.Request.class,
      DeactivateCommand.Approve.class,
      DeactivateCommand.Cancel.class,
      DeactivateCommand.Show.class
    },
    commandListHeading = "%nCommands:%n",
    footer = {
      "%nExample:",
      "  arrears deactivate request T-1042 acct-1 --reason 'leaves' --actor alice",
      "  arrears deactivate approve T-1042 --actor bob",
      "  arrears deactivate show T-1042 --certificate T-1042.jws"
    })
final class DeactivateCommand {

  private static final String TICKET = "TICKET";
  private static final String TICKET_ID = "The help desk's ticket.";

  private DeactivateCommand() {}

  /** The first person. */
  @Command(
      name = "request",
      mixinStandardHelpOptions = true,
      description = "Asks for it. The same ticket again changes nothing.",
      footer = {"%nExample:", "  arrears deactivate request T-1042 acct-1 --reason 'leaves'"})
  static final class Request extends RemoteCommand {

    @Parameters(index = "0", paramLabel = TICKET, description = TICKET_ID)
    String ticket;

    @Parameters(index = "1", paramLabel = "ACCOUNT", description = "Its id.")
    String account;

    @Option(
        names = "--product",
        paramLabel = "PRODUCT",
        defaultValue = "",
        description = "Only this one. Default: every product.")
    String product;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    String reason;

    @Override
    void run(Connection connection, PrintWriter out) {
      print(
          connection
              .lifecycle()
              .requestDeactivation(
                  RequestDeactivationRequest.newBuilder()
                      .setTicketId(ticket)
                      .setAccountId(account)
                      .setProduct(product)
                      .setReason(reason)
                      .build()),
          out);
    }
  }

  /** The second person. */
  @Command(
      name = "approve",
      mixinStandardHelpOptions = true,
      description = {
        "Agrees to it, as somebody else than who asked. It cannot be undone.",
        "What is unbilled is billed and settled first, then the data is erased."
      },
      footer = {"%nExample:", "  arrears deactivate approve T-1042 --actor bob"})
  static final class Approve extends RemoteCommand {

    @Parameters(paramLabel = TICKET, description = TICKET_ID)
    String ticket;

    @Override
    void run(Connection connection, PrintWriter out) {
      print(
          connection
              .lifecycle()
              .approveDeactivation(
                  ApproveDeactivationRequest.newBuilder().setTicketId(ticket).build()),
          out);
    }
  }

  /** The customer stays. */
  @Command(
      name = "cancel",
      mixinStandardHelpOptions = true,
      description = "Withdraws it, as long as nobody has approved it.",
      footer = {"%nExample:", "  arrears deactivate cancel T-1042 --reason 'stays after all'"})
  static final class Cancel extends RemoteCommand {

    @Parameters(paramLabel = TICKET, description = TICKET_ID)
    String ticket;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    String reason;

    @Override
    void run(Connection connection, PrintWriter out) {
      print(
          connection
              .lifecycle()
              .cancelDeactivation(
                  CancelDeactivationRequest.newBuilder()
                      .setTicketId(ticket)
                      .setReason(reason)
                      .build()),
          out);
    }
  }

  /** How far it has come. */
  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Shows how far it has come, and keeps its certificate once it is completed.",
      footer = {"%nExample:", "  arrears deactivate show T-1042 --certificate T-1042.jws"})
  static final class Show extends RemoteCommand {

    @Parameters(paramLabel = TICKET, description = TICKET_ID)
    String ticket;

    @Option(
        names = "--certificate",
        paramLabel = "FILE",
        description = "Where to write the certificate; verify-certificate checks it.")
    Path certificate;

    @Override
    void run(Connection connection, PrintWriter out) throws IOException {
      Deactivation deactivation =
          connection
              .lifecycle()
              .getDeactivation(GetDeactivationRequest.newBuilder().setTicketId(ticket).build());
      print(deactivation, out);
      if (certificate != null) {
        out.flush();
        write(deactivation);
      }
    }

    private void write(Deactivation deactivation) throws IOException {
      if (deactivation.getCertificate().isEmpty()) {
        throw new IllegalStateException(
            "there is no certificate: ticket %s is %s, not completed"
                .formatted(ticket, Wire.word(deactivation.getState(), "STATE_")));
      }
      Files.write(certificate, deactivation.getCertificate().toByteArray());
    }
  }

  static void print(Deactivation deactivation, PrintWriter out) {
    Table table =
        new Table()
            .row("ticket", deactivation.getTicketId())
            .row("account", deactivation.getAccountId())
            .row("product", Wire.orAll(deactivation.getProduct()))
            .row("state", Wire.word(deactivation.getState(), "STATE_"))
            .row(
                "requested",
                Wire.text(deactivation.getRequestTime()) + " by " + deactivation.getRequestedBy());
    if (!deactivation.getApprovedBy().isEmpty()) {
      table.row("approved", "by " + deactivation.getApprovedBy());
    }
    if (deactivation.hasCompleteTime()) {
      table.row("completed", Wire.text(deactivation.getCompleteTime()));
    }
    table.print(out);
  }
}
