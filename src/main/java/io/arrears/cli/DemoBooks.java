package io.arrears.cli;

import io.arrears.v1.AccountStatus;
import io.arrears.v1.Bill;
import io.arrears.v1.GetAccountStatusRequest;
import io.arrears.v1.ListBillsRequest;
import io.arrears.v1.ListBillsResponse;
import io.arrears.v1.ListTransitionsRequest;
import io.arrears.v1.ServiceState;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.Transition;
import io.arrears.v1.VerifyTransitionsRequest;
import io.arrears.v1.VerifyTransitionsResponse;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Adds everything up again at the end, from what was sent and from what the service says. */
final class DemoBooks {

  private static final int PAGE = 1000;

  private final Connection connection;
  private final DemoBill bill;
  private final Map<String, BigDecimal> credited;
  private final Map<Day, Sum> open = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private final Map<ServiceState, Integer> states = new TreeMap<>();
  private final int lines;
  private BigDecimal billed = BigDecimal.ZERO;
  private BigDecimal billedExactly = BigDecimal.ZERO;
  private long bills;
  private long items;
  private long free;
  private long transitions;

  /** What a bill is for. */
  private record Day(String accountId, String product, LocalDate day) {}

  /** Lines that were sent and are not found on a bill. */
  private record Sum(BigDecimal cost, long lines) {

    private Sum plus(BigDecimal moreCost, long moreLines) {
      return new Sum(cost.add(moreCost), lines + moreLines);
    }

    private boolean none() {
      return cost.signum() == 0 && lines == 0;
    }
  }

  /**
   * @param credited by account: all payments and corrections
   */
  DemoBooks(Connection connection, DemoBill bill, Map<String, BigDecimal> credited, Instant end) {
    this.connection = connection;
    this.bill = bill;
    this.credited = credited;
    List<FocusLine.Usage> due =
        bill.usage().stream().filter(item -> !DemoBill.billedAt(item.end()).isAfter(end)).toList();
    this.lines = due.size();
    for (FocusLine.Usage item : due) {
      LocalDate day = item.end().atZone(DemoBill.ZONE).toLocalDate();
      add(new Day(item.accountId(), item.product(), day), item.cost(), 1);
    }
  }

  private void add(Day day, BigDecimal cost, long many) {
    open.merge(day, new Sum(cost, many), (sum, more) -> sum.plus(more.cost(), more.lines()));
  }

  /** Prints the summary; returns whether everything adds up. */
  boolean close(PrintWriter out) {
    bill.customers().values().forEach(this::audit);
    open.forEach(this::explain);
    check(items + free == lines, "the bills hold %d of %d lines".formatted(items, lines));
    out.println();
    out.printf(
        "%d bills of %d lines: %s USD, exactly %s before each was rounded once%n",
        bills, items, billed.toPlainString(), billedExactly.stripTrailingZeros().toPlainString());
    if (free > 0) {
      out.printf("%d lines of suspended services cost nothing, as their policies say%n", free);
    }
    out.printf(
        "%d accounts with %d services: %s%n",
        bill.customers().size(),
        states.values().stream().mapToInt(Integer::intValue).sum(),
        states.entrySet().stream()
            .map(each -> each.getValue() + " " + Wire.word(each.getKey(), "SERVICE_STATE_"))
            .collect(Collectors.joining(", ")));
    out.println(
        faults.isEmpty()
            ? "the books agree: lines = bills, money in - bills = balances, "
                + transitions
                + " transitions, every chain intact,\nevery product has done what it should"
            : "THE BOOKS DO NOT AGREE");
    faults.forEach(fault -> out.println("  " + fault));
    return faults.isEmpty();
  }

  private void check(boolean holds, String fault) {
    if (!holds) {
      faults.add(fault);
    }
  }

  private void audit(DemoBill.Customer customer) {
    BigDecimal charged = BigDecimal.ZERO;
    for (Bill each : bills(customer)) {
      BigDecimal amount = Wire.amount(each.getAmount());
      BigDecimal exact = new BigDecimal(each.getExactAmount().getValue());
      check(
          amount.compareTo(exact.setScale(Wire.digits(customer.currency()), RoundingMode.HALF_UP))
              == 0,
          "bill " + each.getBillId() + " of " + amount + " is not " + exact + " rounded");
      LocalDate day = Wire.date(each.getPeriodStart());
      add(
          new Day(customer.accountId(), each.getProduct(), day),
          exact.negate(),
          -each.getItemCount());
      charged = charged.add(amount);
      billedExactly = billedExactly.add(exact);
      items += each.getItemCount();
      bills++;
    }
    billed = billed.add(charged).setScale(2, RoundingMode.UNNECESSARY);
    audit(customer, charged);
    VerifyTransitionsResponse chain =
        connection
            .lifecycle()
            .verifyTransitions(
                VerifyTransitionsRequest.newBuilder().setAccountId(customer.accountId()).build());
    check(chain.getIntact(), customer.name() + ": the chain of transitions is broken");
    transitions += chain.getVerified();
  }

  private void audit(DemoBill.Customer customer, BigDecimal charged) {
    AccountStatus status =
        connection
            .accounts()
            .getAccountStatus(
                GetAccountStatusRequest.newBuilder().setAccountId(customer.accountId()).build());
    BigDecimal expected =
        credited.getOrDefault(customer.accountId(), BigDecimal.ZERO).subtract(charged);
    check(
        expected.compareTo(Wire.amount(status.getBalance())) == 0,
        customer.name() + " should have " + expected + ", has " + Wire.text(status.getBalance()));
    for (ServiceStatus service : status.getServicesList()) {
      states.merge(service.getState(), 1, Integer::sum);
      check(
          service.getEnforced(),
          customer.name() + ": " + service.getProduct() + " has not done what it should");
    }
  }

  /** A line may be on no bill if its service was suspended: policies may let such usage go free. */
  private void explain(Day day, Sum sum) {
    if (sum.none()) {
      return;
    }
    boolean suspended = sum.lines() > 0 && suspendedOn(day);
    free += suspended ? sum.lines() : 0;
    check(
        suspended,
        "%s, %s on %s: lines and bills differ by %s"
            .formatted(
                bill.customers().get(day.accountId()).name(),
                day.product(),
                day.day(),
                sum.cost().toPlainString()));
  }

  private boolean suspendedOn(Day day) {
    ServiceState before = ServiceState.SERVICE_STATE_ACTIVE;
    boolean suspended = false;
    for (Transition each : transitions(day.accountId())) {
      LocalDate moved = Wire.instant(each.getAt()).atZone(DemoBill.ZONE).toLocalDate();
      if (each.getProduct().equals(day.product()) && !moved.isAfter(day.day())) {
        boolean thatDay = moved.equals(day.day());
        suspended |= thatDay && each.getFromState() == ServiceState.SERVICE_STATE_SUSPENDED;
        before = each.getToState();
      }
    }
    return suspended || before == ServiceState.SERVICE_STATE_SUSPENDED;
  }

  private List<Transition> transitions(String accountId) {
    return connection
        .lifecycle()
        .listTransitions(
            ListTransitionsRequest.newBuilder().setAccountId(accountId).setPageSize(PAGE).build())
        .getTransitionsList();
  }

  private List<Bill> bills(DemoBill.Customer customer) {
    List<Bill> all = new ArrayList<>();
    String token = "";
    do {
      ListBillsResponse page =
          connection
              .billing()
              .listBills(
                  ListBillsRequest.newBuilder()
                      .setAccountId(customer.accountId())
                      .setPageSize(PAGE)
                      .setPageToken(token)
                      .build());
      all.addAll(page.getBillsList());
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return all;
  }
}
