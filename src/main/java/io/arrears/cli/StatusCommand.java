package io.arrears.cli;

import io.arrears.v1.AccountStatus;
import io.arrears.v1.Arrears;
import io.arrears.v1.GetAccountStatusRequest;
import io.arrears.v1.ServiceStatus;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Where an account stands: its money, and every product's state and next deadline. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Shows where an account stands and what comes next.")
final class StatusCommand implements Callable<Integer> {

  private static final String ROW = "%-10s %-13s %-21s %-12s %s%n";

  @Spec CommandSpec spec;
  @Mixin ServerOptions server;

  @Parameters(paramLabel = "ACCOUNT", description = "Its id.")
  String account;

  @Option(names = "--unbilled", description = "Also sums what is on no bill yet.")
  boolean unbilled;

  @Override
  public Integer call() {
    try (Connection connection = server.connect()) {
      print(
          connection
              .accounts()
              .getAccountStatus(
                  GetAccountStatusRequest.newBuilder()
                      .setAccountId(account)
                      .setWithUnbilled(unbilled)
                      .build()),
          spec.commandLine().getOut());
      return ArrearsCommand.DONE;
    }
  }

  private static void print(AccountStatus status, PrintWriter out) {
    out.println("account    " + status.getAccountId());
    out.println("balance    " + Wire.text(status.getBalance()));
    if (status.hasUnbilled()) {
      out.println("unbilled   " + Wire.text(status.getUnbilled()));
    }
    out.println("arrears    " + (status.hasArrears() ? arrears(status.getArrears()) : "none"));
    if (status.getServicesCount() > 0) {
      out.println();
      out.printf(ROW, "PRODUCT", "STATE", "SINCE", "ACCESS", "NEXT");
      status.getServicesList().forEach(service -> print(service, out));
    }
    out.flush();
  }

  private static String arrears(Arrears arrears) {
    StringBuilder text = new StringBuilder("owes ").append(Wire.text(arrears.getAmountDue()));
    text.append(", overdue since ").append(Wire.text(arrears.getOverdueSince()));
    if (arrears.hasNotifiedAt()) {
      text.append("\n           notified ").append(Wire.text(arrears.getNotifiedAt()));
      text.append(
          arrears.hasReceivedAt()
              ? ", received " + Wire.text(arrears.getReceivedAt())
              : ", receipt not confirmed");
    }
    return text.append(" (episode ").append(arrears.getEpisode()).append(')').toString();
  }

  private static void print(ServiceStatus service, PrintWriter out) {
    out.printf(
        ROW,
        service.getProduct(),
        Wire.word(service.getState(), "SERVICE_STATE_"),
        Wire.text(service.getStateSince()),
        Wire.word(service.getAccess(), "ACCESS_"),
        service.hasNext()
            ? "%s at %s (%s)"
                .formatted(
                    Wire.word(service.getNext().getState(), "SERVICE_STATE_"),
                    Wire.text(service.getNext().getAt()),
                    service.getNext().getRule())
            : "-");
    service
        .getFeaturesList()
        .forEach(
            feature ->
                out.printf(
                    "  %s %s: %s%n",
                    feature.getFeature(),
                    Wire.word(feature.getEffect(), "EFFECT_"),
                    feature.getBecause()));
  }
}
