package io.arrears.cli;

import io.arrears.v1.ReopenServiceRequest;
import io.arrears.v1.StartServiceRequest;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Services that somebody has to start by hand. */
final class ServiceCommands {

  private ServiceCommands() {}

  /** Starts what waits for nothing else. */
  @Command(
      name = "start-service",
      mixinStandardHelpOptions = true,
      description = {
        "Starts a service that its policy does not restore by itself, once nothing else stands in"
            + " the way."
      },
      footer = {"%nExample:", "  arrears start-service acct-1 vod --ticket T-1043"})
  static final class Start extends RemoteCommand {

    @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Its id.")
    String account;

    @Parameters(index = "1", paramLabel = "PRODUCT", description = "Which of its services.")
    String product;

    @Option(
        names = "--ticket",
        paramLabel = "TICKET",
        defaultValue = "",
        description = "The help desk's ticket, where the policy asks for one.")
    String ticket;

    @Override
    void run(Connection connection, PrintWriter out) {
      StatusCommand.print(
          connection
              .lifecycle()
              .startService(
                  StartServiceRequest.newBuilder()
                      .setAccountId(account)
                      .setProduct(product)
                      .setTicketId(ticket)
                      .build()),
          out);
    }
  }

  /** Starts afresh. */
  @Command(
      name = "reopen-service",
      mixinStandardHelpOptions = true,
      description = {
        "Starts a repossessed or cleared service afresh, with nothing of the old one.",
        "A banned one is refused."
      },
      footer = {"%nExample:", "  arrears reopen-service acct-1 css --reason 'is back'"})
  static final class Reopen extends RemoteCommand {

    @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Its id.")
    String account;

    @Parameters(index = "1", paramLabel = "PRODUCT", description = "Which of its services.")
    String product;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    String reason;

    @Mixin RequestId request;

    @Override
    void run(Connection connection, PrintWriter out) {
      StatusCommand.print(
          connection
              .lifecycle()
              .reopenService(
                  ReopenServiceRequest.newBuilder()
                      .setAccountId(account)
                      .setProduct(product)
                      .setReason(reason)
                      .setRequestId(request.value())
                      .build()),
          out);
    }
  }
}
