package io.arrears.cli;

import io.arrears.v1.AccountStatus;
import io.arrears.v1.Arrears;
import io.arrears.v1.GetAccountStatusRequest;
import io.arrears.v1.NextStep;
import io.arrears.v1.ServiceStatus;
import java.io.PrintWriter;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where an account stands: its money, and every product's state and next deadline. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Shows where an account stands and what comes next.",
      "A generation is a change of what the product must do; it is enforced once the product has"
          + " reported it."
    },
    footer = {"%nExample:", "  arrears status acct-1 --unbilled"})
final class StatusCommand extends RemoteCommand {

  @Parameters(paramLabel = "ACCOUNT", description = "Its id.")
  String account;

  @Option(names = "--unbilled", description = "Also sums what is on no bill yet.")
  boolean unbilled;

  @Override
  void run(Connection connection, PrintWriter out) {
    print(
        connection
            .accounts()
            .getAccountStatus(
                GetAccountStatusRequest.newBuilder()
                    .setAccountId(account)
                    .setWithUnbilled(unbilled)
                    .build()),
        out);
  }

  static void print(AccountStatus status, PrintWriter out) {
    out.println("account    " + status.getAccountId());
    out.println("balance    " + Wire.text(status.getBalance()));
    if (status.hasUnbilled()) {
      out.println("unbilled   " + Wire.text(status.getUnbilled()));
    }
    out.println("arrears    " + (status.hasArrears() ? arrears(status.getArrears()) : "none"));
    if (status.getServicesCount() > 0) {
      out.println();
      Table table = new Table().row("PRODUCT", "STATE", "SINCE", "ACCESS", "GENERATION", "NEXT");
      status.getServicesList().forEach(service -> add(service, table));
      table.print(out);
    }
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

  private static void add(ServiceStatus service, Table table) {
    table.row(
        service.getProduct(),
        Wire.word(service.getState(), "SERVICE_STATE_"),
        Wire.text(service.getStateSince()),
        Wire.word(service.getAccess(), "ACCESS_"),
        service.getGeneration() + (service.getEnforced() ? " enforced" : " not enforced yet"),
        service.hasNext() ? next(service.getNext()) : "-");
    if (service.getReasonsCount() > 0) {
      table.note("for " + reasons(service));
    }
    if (service.hasHeldUntil()) {
      table.note("held until " + Wire.text(service.getHeldUntil()));
    }
    service
        .getFeaturesList()
        .forEach(
            feature ->
                table.note(
                    "%s %s: %s"
                        .formatted(
                            feature.getFeature(),
                            Wire.word(feature.getEffect(), "EFFECT_"),
                            feature.getBecause())));
  }

  private static String next(NextStep next) {
    return "%s at %s (%s)"
        .formatted(
            Wire.word(next.getState(), "SERVICE_STATE_"), Wire.text(next.getAt()), next.getRule());
  }

  /** As people say them: {@code arrears, legal}. */
  static String reasons(ServiceStatus service) {
    return service.getReasonsList().stream()
        .map(reason -> Wire.word(reason, "SUSPENSION_REASON_"))
        .collect(Collectors.joining(", "));
  }
}
