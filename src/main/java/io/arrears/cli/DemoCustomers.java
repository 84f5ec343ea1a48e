package io.arrears.cli;

import io.arrears.v1.AccountStatus;
import io.arrears.v1.ConfirmNotificationReceiptRequest;
import io.arrears.v1.GetAccountStatusRequest;
import io.arrears.v1.RecordPaymentRequest;
import io.arrears.v1.ServiceState;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.Transition;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the customers of the demonstration do: confirm what they received, and pay, or not. */
final class DemoCustomers {

  /** Well within the 24 hours that every built-in policy gives. */
  private static final Duration IN_TIME = Duration.ofHours(20);

  private static final Duration IN_VAIN = Duration.ofDays(3);

  private final Connection connection;
  private final DemoBill bill;
  private final DemoAgenda agenda;
  private final DemoTimeline timeline;
  private final Map<String, BigDecimal> credited = new HashMap<>();

  DemoCustomers(Connection connection, DemoBill bill, DemoAgenda agenda, DemoTimeline timeline) {
    this.connection = connection;
    this.bill = bill;
    this.agenda = agenda;
    this.timeline = timeline;
  }

  void open() {
    for (DemoBill.Customer each : bill.customers().values()) {
      connection.accounts().createAccount(Requests.account(each.accountId(), each.currency()));
      if (each.starts().signum() > 0) {
        connection
            .accounts()
            .recordPayment(
                Requests.startingBalance(each.accountId(), each.starts(), each.currency()));
        credit(each.accountId(), each.starts());
      }
    }
  }

  void credit(String accountId, BigDecimal amount) {
    credited.merge(accountId, amount, BigDecimal::add);
  }

  /** By account: all payments and corrections. */
  Map<String, BigDecimal> credited() {
    return credited;
  }

  /** What a customer does about what has just happened to the account. */
  void react(DemoBill.Customer customer, Transition transition) {
    Instant at = Wire.instant(transition.getAt());
    switch (transition.getToState()) {
      case SERVICE_STATE_OVERDUE -> {
        if (customer.confirms() != null) {
          agenda.at(at.plus(customer.confirms()), () -> confirm(customer));
        }
        if (customer.habit() == DemoBill.Habit.IN_TIME) {
          agenda.at(at.plus(IN_TIME), () -> pay(customer, " in time"));
        }
      }
      case SERVICE_STATE_SUSPENDED -> {
        boolean overdue = transition.getRule().equals("grace-expired");
        if (overdue && customer.habit() == DemoBill.Habit.LATE) {
          agenda.at(at.plus(Duration.ofHours(30 + 7L * customer.rank())), () -> pay(customer, ""));
        }
      }
      case SERVICE_STATE_BANNED -> agenda.at(at.plus(IN_VAIN), () -> pay(customer, ""));
      default -> {}
    }
  }

  private void confirm(DemoBill.Customer customer) {
    AccountStatus status = status(customer);
    if (status.hasArrears() && !status.getArrears().hasReceivedAt()) {
      connection
          .lifecycle()
          .confirmNotificationReceipt(
              ConfirmNotificationReceiptRequest.newBuilder()
                  .setAccountId(customer.accountId())
                  .setEpisode(status.getArrears().getEpisode())
                  .build());
    }
  }

  /** What is owed, and enough for the rest of the month, in whole units; nothing without a debt. */
  void pay(DemoBill.Customer customer, String how) {
    AccountStatus status = status(customer);
    if (!status.hasArrears()) {
      return;
    }
    BigDecimal amount = owes(customer, status);
    AccountStatus after =
        connection
            .accounts()
            .recordPayment(
                RecordPaymentRequest.newBuilder()
                    .setAccountId(customer.accountId())
                    .setAmount(Wire.money(amount, customer.currency()))
                    .setPaymentId("demo:episode-" + status.getArrears().getEpisode())
                    .build())
            .getStatus();
    credit(customer.accountId(), amount);
    String paid = Wire.text(Wire.money(amount, customer.currency()));
    List<ServiceStatus> banned =
        after.getServicesList().stream()
            .filter(service -> service.getState() == ServiceState.SERVICE_STATE_BANNED)
            .toList();
    if (banned.isEmpty()) {
      timeline.paid(customer, paid + how);
    } else {
      String products =
          banned.stream().map(ServiceStatus::getProduct).collect(Collectors.joining(", "));
      timeline.note(
          agenda.now(), customer, DemoEvent.PAID, paid + " in vain: " + products + " stays banned");
    }
  }

  static BigDecimal owes(DemoBill.Customer customer, AccountStatus status) {
    BigDecimal due = Wire.amount(status.getArrears().getAmountDue());
    return DemoBill.wholeUnits(due.add(customer.spends()).subtract(customer.starts()));
  }

  AccountStatus status(DemoBill.Customer customer) {
    return connection
        .accounts()
        .getAccountStatus(
            GetAccountStatusRequest.newBuilder().setAccountId(customer.accountId()).build());
  }
}
