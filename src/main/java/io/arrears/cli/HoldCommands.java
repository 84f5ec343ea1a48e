package io.arrears.cli;

import com.google.type.Money;
import io.arrears.v1.Cohort;
import io.arrears.v1.GetClockRequest;
import io.arrears.v1.Hold;
import io.arrears.v1.ListHoldsRequest;
import io.arrears.v1.ListHoldsResponse;
import io.arrears.v1.PlaceHoldRequest;
import io.arrears.v1.ReleaseHoldRequest;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Spells during which timers stand still. */
final class HoldCommands {

  private static final int PAGE = 1000;

  private HoldCommands() {}

  /** Places one. */
  @Command(
      name = "hold",
      mixinStandardHelpOptions = true,
      description = {
        "Stops the timers of an account, or of every account of a cohort, until an instant.",
        "A cohort is named by --product, --tier and --region: accounts that all of them fit."
      },
      footer = {
        "%nExamples:",
        "  arrears hold acct-1 --for 7d --reason 'will pay on Friday' --promise 120.00 USD",
        "  arrears hold --region eu-1 --until 2024-12-01T00:00:00Z --reason 'flood'"
      })
  static final class Place extends RemoteCommand {

    @Parameters(arity = "0..1", paramLabel = "ACCOUNT", description = "Its id.")
    String account;

    @Option(names = "--product", paramLabel = "PRODUCT", description = "A cohort's product.")
    String product;

    @Option(names = "--tier", paramLabel = "TIER", description = "A cohort's tier.")
    String tier;

    @Option(names = "--region", paramLabel = "REGION", description = "A cohort's region.")
    String region;

    @ArgGroup(multiplicity = "1")
    End end;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    String reason;

    @Option(
        names = "--promise",
        arity = "2",
        hideParamSyntax = true,
        paramLabel = "AMOUNT CURRENCY",
        description = "What is promised to be paid meanwhile. Only for an account.")
    List<String> promise;

    @Mixin RequestId request;

    /** Until when: one of the two. */
    static final class End {
      @Option(
          names = "--until",
          paramLabel = "INSTANT",
          description = "To 2024-12-01T00:00:00Z, ….")
      Instant until;

      @Option(
          names = "--for",
          paramLabel = "DURATION",
          description = "For 7d, 36h, …, by the server's clock.")
      Duration length;
    }

    @Override
    void run(Connection connection, PrintWriter out) {
      PlaceHoldRequest.Builder hold = request();
      hold.setUntil(
          Wire.timestamp(end.until != null ? end.until : now(connection).plus(end.length)));
      print(List.of(connection.lifecycle().placeHold(hold.build())), out);
    }

    private static Instant now(Connection connection) {
      return Wire.instant(
          connection.operations().getClock(GetClockRequest.getDefaultInstance()).getNow());
    }

    private PlaceHoldRequest.Builder request() {
      boolean cohort = product != null || tier != null || region != null;
      if (cohort == (account != null)) {
        throw new ParameterException(
            spec.commandLine(),
            "Hold either an ACCOUNT, or a cohort by --product, --tier and --region");
      }
      PlaceHoldRequest.Builder hold =
          PlaceHoldRequest.newBuilder().setReason(reason).setRequestId(request.value());
      if (cohort) {
        hold.setCohort(
            Cohort.newBuilder()
                .setProduct(orEmpty(product))
                .setTier(orEmpty(tier))
                .setRegion(orEmpty(region)));
      } else {
        hold.setAccountId(account);
      }
      if (promise != null) {
        hold.setPromisedAmount(promised());
      }
      return hold;
    }

    private static String orEmpty(String text) {
      return text == null ? "" : text;
    }

    private Money promised() {
      try {
        if (promise.size() == 2) {
          return money(new BigDecimal(promise.get(0)), promise.get(1));
        }
      } catch (NumberFormatException e) {
        // Falls through to the one message for both.
      }
      throw new ParameterException(
          spec.commandLine(),
          "--promise must be one amount and its currency, like 12.50 USD, not '%s'"
              .formatted(String.join(" ", promise)));
    }
  }

  /** Ends one early. */
  @Command(
      name = "release",
      mixinStandardHelpOptions = true,
      description = "Ends a hold before its time; timers go on with the time that was left.",
      footer = {"%nExample:", "  arrears release acct-1~6a1c… --reason 'the dispute is settled'"})
  static final class Release extends RemoteCommand {

    @Parameters(paramLabel = "HOLD", description = "Its id, as hold and holds say it.")
    String hold;

    @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
    String reason;

    @Override
    void run(Connection connection, PrintWriter out) {
      print(
          List.of(
              connection
                  .lifecycle()
                  .releaseHold(
                      ReleaseHoldRequest.newBuilder().setHoldId(hold).setReason(reason).build())),
          out);
    }
  }

  /** Lists them. */
  @Command(
      name = "holds",
      mixinStandardHelpOptions = true,
      description = "Lists the holds of an account and of its cohorts, or all, newest first.",
      footer = {"%nExample:", "  arrears holds acct-1"})
  static final class ListAll extends RemoteCommand {

    @Parameters(
        arity = "0..1",
        paramLabel = "ACCOUNT",
        defaultValue = "",
        description = "Its id. Default: all holds.")
    String account;

    @Override
    void run(Connection connection, PrintWriter out) {
      List<Hold> holds = new ArrayList<>();
      String token = "";
      do {
        ListHoldsResponse page =
            connection
                .lifecycle()
                .listHolds(
                    ListHoldsRequest.newBuilder()
                        .setAccountId(account)
                        .setPageSize(PAGE)
                        .setPageToken(token)
                        .build());
        holds.addAll(page.getHoldsList());
        token = page.getNextPageToken();
      } while (!token.isEmpty());
      if (holds.isEmpty()) {
        out.println("no holds");
      } else {
        print(holds, out);
      }
    }
  }

  static void print(List<Hold> holds, PrintWriter out) {
    Table table = new Table().row("HOLD", "OF", "STATE", "FROM", "UNTIL", "PROMISED", "REASON");
    for (Hold hold : holds) {
      table.row(
          hold.getHoldId(),
          scope(hold),
          Wire.word(hold.getState(), "STATE_"),
          Wire.text(hold.getPlaceTime()) + " by " + hold.getPlacedBy(),
          Wire.text(hold.getUntil()),
          hold.hasPromisedAmount() ? Wire.text(hold.getPromisedAmount()) : "-",
          hold.getReason());
    }
    table.print(out);
  }

  private static String scope(Hold hold) {
    if (hold.getScopeCase() == Hold.ScopeCase.ACCOUNT_ID) {
      return hold.getAccountId();
    }
    List<String> conditions = new ArrayList<>();
    Cohort cohort = hold.getCohort();
    condition("product", cohort.getProduct(), conditions);
    condition("tier", cohort.getTier(), conditions);
    condition("region", cohort.getRegion(), conditions);
    return String.join(" ", conditions);
  }

  private static void condition(String name, String value, List<String> conditions) {
    if (!value.isEmpty()) {
      conditions.add(name + "=" + value);
    }
  }
}
