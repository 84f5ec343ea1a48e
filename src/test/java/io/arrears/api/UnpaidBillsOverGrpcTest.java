package io.arrears.api;

import static io.arrears.testkit.Client.amount;
import static io.arrears.testkit.Client.instant;
import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.service;
import static io.arrears.testkit.Client.usd;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Rules;
import io.arrears.v1.AccountStatus;
import io.arrears.v1.AdjustBalanceRequest;
import io.arrears.v1.Bill;
import io.arrears.v1.ListAccountsRequest;
import io.arrears.v1.RecordPaymentRequest;
import io.arrears.v1.ServiceState;
import io.arrears.v1.Transition;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Products that are paid by invoice: overdue by bills, and by time alone. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class UnpaidBillsOverGrpcTest extends OverGrpc {

  private static final Duration PAY_WITHIN = Duration.ofDays(10);
  private static final Duration PAST_DUE = Duration.ofDays(5);
  private static final Duration DAY = Duration.ofHours(24);

  private String product(String overdue) {
    String product = Rules.newProduct();
    client
        .person("owner")
        .apply(
            Rules.document(
                product,
                "billing: {time-zone: Asia/Shanghai, daily-at: \"08:00\", monthly-day: 1,"
                    + " monthly-at: \"08:00\", pay-within: 10d}",
                overdue));
    return product;
  }

  private String byInvoice() {
    return product("overdue: {balance: ignored, unpaid-bills: {past-due: 5d}}");
  }

  /** Charges an account on the next morning; returns the bill. */
  private Bill billed(String account, String product, String cost) {
    client.ingest(item(account, cost, client.now()).setProduct(product));
    client.advanceTo(client.nextMorning());
    return client.bills(account).get(0);
  }

  private ServiceState state(String account, String product) {
    return client.service(account, product).getState();
  }

  private AccountStatus pay(String account, String amount, Bill... bills) {
    RecordPaymentRequest.Builder request =
        RecordPaymentRequest.newBuilder()
            .setAccountId(account)
            .setAmount(usd(amount))
            .setPaymentId(UUID.randomUUID().toString());
    for (Bill bill : bills) {
      request.addBillIds(bill.getBillId());
    }
    return client.accounts.recordPayment(request.build()).getStatus();
  }

  @Test
  void a_bill_says_when_it_is_to_be_paid_by() {
    String account = client.account();

    Bill bill = billed(account, byInvoice(), "3");

    assertEquals(client.now().plus(PAY_WITHIN), instant(bill.getDueTime()));
    assertEquals(new BigDecimal("3"), amount(bill.getUnpaid()));
    assertFalse(client.bills(client.overdueAccount("3")).get(0).hasDueTime());
  }

  @Test
  void a_service_is_overdue_by_time_alone_at_the_instant_when_its_bill_is_past_due() {
    String product = byInvoice();
    String account = client.account();
    billed(account, product, "3");
    Instant overdue = client.now().plus(PAY_WITHIN).plus(PAST_DUE);
    client.advanceTo(overdue.minusSeconds(1));
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, state(account, product));

    client.advance(Duration.ofHours(1));

    assertEquals(ServiceState.SERVICE_STATE_GRACE, state(account, product));
    Transition transition = client.transitions(account).get(0);
    assertEquals("bills-past-due", transition.getRule());
    assertEquals(overdue, instant(transition.getAt()));
    assertEquals(overdue.plus(DAY), instant(client.service(account, product).getNext().getAt()));
    client.advanceTo(overdue.plus(DAY));
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, state(account, product));
  }

  @Test
  void a_bill_that_is_paid_in_time_makes_nothing_overdue() {
    String product = byInvoice();
    String account = client.account();
    Bill bill = billed(account, product, "3");
    client.advance(PAY_WITHIN.plus(PAST_DUE).minusSeconds(1));

    pay(account, "3", bill);

    client.advance(Duration.ofDays(30));
    assertEquals(List.of(), client.states(account));
    assertEquals(BigDecimal.ZERO, amount(client.bills(account).get(0).getUnpaid()));
  }

  @Test
  void money_that_was_there_before_pays_a_bill_at_once() {
    String product = byInvoice();
    String account = client.account();
    client.pay(account, "10");

    Bill bill = billed(account, product, "3");

    assertEquals(BigDecimal.ZERO, amount(bill.getUnpaid()));
    client.advance(Duration.ofDays(30));
    assertEquals(List.of(), client.states(account));
  }

  @Test
  void paying_the_bill_that_is_past_due_clears_and_paying_another_does_not() {
    String product = byInvoice();
    String account = client.account();
    Bill first = billed(account, product, "3");
    client.advance(Duration.ofDays(8));
    Bill second = billed(account, product, "3");
    client.advanceTo(instant(first.getDueTime()).plus(PAST_DUE).plus(DAY));
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, state(account, product));

    AccountStatus other = pay(account, "3", second);
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, service(other, product).getState());
    AccountStatus right = pay(account, "3", first);

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(right, product).getState());
    assertEquals(
        List.of(BigDecimal.ZERO, BigDecimal.ZERO),
        client.bills(account).stream().map(bill -> amount(bill.getUnpaid())).toList());
  }

  @Test
  void a_payment_that_names_no_bill_pays_the_oldest() {
    String product = byInvoice();
    String account = client.account();
    Bill first = billed(account, product, "3");
    client.advance(Duration.ofDays(8));
    Bill second = billed(account, product, "3");
    client.advanceTo(instant(first.getDueTime()).plus(PAST_DUE));
    assertEquals(ServiceState.SERVICE_STATE_GRACE, state(account, product));
    assertEquals(
        ServiceState.SERVICE_STATE_GRACE, service(pay(account, "2.99"), product).getState());

    AccountStatus paid = pay(account, "0.01");

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(paid, product).getState());
    client.advanceTo(instant(second.getDueTime()).plus(PAST_DUE));
    assertEquals(ServiceState.SERVICE_STATE_GRACE, state(account, product));
  }

  @Test
  void writing_the_bill_off_clears_as_well() {
    String product = byInvoice();
    String account = client.account();
    Bill bill = billed(account, product, "3");
    client.advanceTo(instant(bill.getDueTime()).plus(PAST_DUE));
    assertEquals(ServiceState.SERVICE_STATE_GRACE, state(account, product));

    client.accounts.adjustBalance(
        AdjustBalanceRequest.newBuilder()
            .setAccountId(account)
            .setAmount(usd("3"))
            .setAdjustmentId("write-off")
            .setReason("written off")
            .setBillId(bill.getBillId())
            .build());

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, state(account, product));
  }

  @Test
  void so_many_bills_and_so_much_must_be_due_where_the_policy_says_so() {
    String product =
        product(
            "overdue: {balance: ignored,"
                + " unpaid-bills: {past-due: at-once, count: 2, amount: \"10\"}}");
    String account = client.account();
    billed(account, product, "3");
    client.advance(Duration.ofDays(1));
    billed(account, product, "3");
    client.advance(Duration.ofDays(1));
    Bill third = billed(account, product, "4");
    Instant overdue = instant(third.getDueTime());
    client.advanceTo(overdue.minusSeconds(1));
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, state(account, product));

    client.advanceTo(overdue);

    assertEquals(ServiceState.SERVICE_STATE_GRACE, state(account, product));
    AccountStatus paid = pay(account, "0.01");
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(paid, product).getState());
  }

  @Test
  void together_means_that_the_balance_is_below_the_limit_and_bills_are_past_due() {
    String product = product("overdue: {unpaid-bills: {past-due: 5d}, when: together}");
    String account = client.account();
    Bill bill = billed(account, product, "3");
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, state(account, product));
    Instant overdue = instant(bill.getDueTime()).plus(PAST_DUE);
    client.advanceTo(overdue.minusSeconds(1));
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, state(account, product));

    client.advanceTo(overdue);

    assertEquals(ServiceState.SERVICE_STATE_GRACE, state(account, product));
  }

  @Test
  void a_service_overdue_by_its_own_bills_shows_in_the_account_s_arrears_and_in_lists() {
    String product = byInvoice();
    String account = "acct-" + UUID.randomUUID();
    client.accounts.createAccount(
        io.arrears.v1.CreateAccountRequest.newBuilder()
            .setAccount(
                io.arrears.v1.Account.newBuilder()
                    .setAccountId(account)
                    .setCurrencyCode("USD")
                    .setCreditLimit(usd("1000")))
            .build());
    Bill bill = billed(account, product, "3");
    Instant overdue = instant(bill.getDueTime()).plus(PAST_DUE);
    assertFalse(client.status(account).hasArrears());

    client.advanceTo(overdue);

    AccountStatus status = client.status(account);
    assertEquals(overdue, instant(status.getArrears().getOverdueSince()));
    assertEquals(new BigDecimal("3"), amount(status.getArrears().getAmountDue()));
    assertEquals(1, status.getArrears().getEpisode());
    assertTrue(
        client
            .accounts
            .listAccounts(
                ListAccountsRequest.newBuilder().setOverdueOnly(true).setProduct(product).build())
            .getAccountsList()
            .stream()
            .anyMatch(each -> each.getAccountId().equals(account)));
    assertEquals(
        1,
        sql("select from notification where rung = 'OVERDUE' and account_id = '" + account + "'")
            .size());
  }
}
