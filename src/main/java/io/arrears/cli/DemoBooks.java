package io.arrears.cli;

import io.arrears.v1.AccountStatus;
import io.arrears.v1.Bill;
import io.arrears.v1.GetAccountStatusRequest;
import io.arrears.v1.ListBillsRequest;
import io.arrears.v1.ListBillsResponse;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.VerifyTransitionsRequest;
import io.arrears.v1.VerifyTransitionsResponse;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
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
  private final Instant end;
  private final List<String> faults = new ArrayList<>();
  private final Map<String, Integer> states = new TreeMap<>();
  private BigDecimal billed = BigDecimal.ZERO;
  private BigDecimal billedExactly = BigDecimal.ZERO;
  private long bills;
  private long items;
  private long transitions;

  /**
   * @param credited by account: all payments and corrections
   */
  DemoBooks(Connection connection, DemoBill bill, Map<String, BigDecimal> credited, Instant end) {
    this.connection = connection;
    this.bill = bill;
    this.credited = credited;
    this.end = end;
  }

  /** Prints the summary; returns whether everything adds up. */
  boolean close(PrintWriter out) {
    bill.customers().values().forEach(this::audit);
    List<FocusLine.Usage> due =
        bill.usage().stream().filter(item -> !DemoBill.billedAt(item.end()).isAfter(end)).toList();
    BigDecimal lines =
        due.stream().map(FocusLine.Usage::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
    check(lines.compareTo(billedExactly) == 0, "the lines sum to " + lines + ", the bills do not");
    check(items == due.size(), "the bills hold " + items + " of " + due.size() + " lines");
    out.println();
    out.printf(
        "%d bills of %d lines: %s USD, exactly %s before each was rounded once%n",
        bills, items, billed.toPlainString(), billedExactly.stripTrailingZeros().toPlainString());
    out.printf(
        "%d accounts: %s%n",
        bill.customers().size(),
        states.entrySet().stream()
            .map(state -> state.getValue() + " " + state.getKey())
            .collect(Collectors.joining(", ")));
    out.println(
        faults.isEmpty()
            ? "the books agree: lines = bills, money in - bills = balances, "
                + transitions
                + " transitions, every chain intact"
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
      charged = charged.add(amount);
      billedExactly = billedExactly.add(exact);
      items += each.getItemCount();
      bills++;
    }
    billed = billed.add(charged).setScale(2, RoundingMode.UNNECESSARY);
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
    states.merge(state(status), 1, Integer::sum);
    VerifyTransitionsResponse chain =
        connection
            .lifecycle()
            .verifyTransitions(
                VerifyTransitionsRequest.newBuilder().setAccountId(customer.accountId()).build());
    check(chain.getIntact(), customer.name() + ": the chain of transitions is broken");
    transitions += chain.getVerified();
  }

  /** Of all its products, the one that is worst off. */
  private static String state(AccountStatus status) {
    return status.getServicesList().stream()
        .map(ServiceStatus::getState)
        .max(Enum::compareTo)
        .map(state -> Wire.word(state, "SERVICE_STATE_"))
        .orElse("unused");
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
