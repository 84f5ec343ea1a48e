package io.arrears.api;

import static io.arrears.testkit.Client.amount;
import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.usd;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Rules;
import io.arrears.v1.AdjustBalanceRequest;
import io.arrears.v1.Bill;
import io.arrears.v1.BillingItem;
import io.arrears.v1.Job;
import io.arrears.v1.ListBillingItemsRequest;
import io.arrears.v1.ServiceState;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which usage costs as usual while a service is suspended (S5, S6). */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class SuspendedBillingOverGrpcTest extends OverGrpc {

  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration HOUR = Duration.ofHours(1);

  private String product(String... sections) {
    String product = Rules.newProduct();
    client.person("owner").apply(Rules.document(product, sections));
    return product;
  }

  private String billedWhileSuspended(String billed) {
    return product("suspension: {access: blocked, billed: " + billed + "}");
  }

  /** An account whose service of a product was suspended just now. */
  private String suspended(String product) {
    String account = client.account();
    client.ingest(item(account, "3", client.now()).setProduct(product));
    client.advanceTo(client.nextMorning().plus(DAY));
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, client.service(account, product).getState());
    return account;
  }

  private static BillingItem.Builder used(
      String account, String product, String sku, String cost, Instant from) {
    return item(account, cost, from.plus(HOUR)).setProduct(product).setSku(sku).setItemId(sku);
  }

  private Bill newestBill(String account) {
    return client.bills(account).get(0);
  }

  private Set<String> items(ListBillingItemsRequest.Builder request) {
    return client.billing.listBillingItems(request.build()).getItemsList().stream()
        .map(BillingItem::getItemId)
        .collect(Collectors.toSet());
  }

  private Set<String> itemsOf(Bill bill) {
    return items(ListBillingItemsRequest.newBuilder().setBillId(bill.getBillId()));
  }

  /** Status, list and bill of the next morning agree. */
  private void assertBilled(String account, String sum, String... itemIds) {
    assertEquals(new BigDecimal(sum), client.unbilled(account));
    assertEquals(
        Set.of(itemIds), items(ListBillingItemsRequest.newBuilder().setUnbilledAccountId(account)));
    client.advanceTo(client.nextMorning());
    Bill bill = newestBill(account);
    assertEquals(new BigDecimal(sum), amount(bill.getAmount()));
    assertEquals(
        new BigDecimal(sum), new BigDecimal(bill.getExactAmount().getValue()).stripTrailingZeros());
    assertEquals(itemIds.length, bill.getItemCount());
    assertEquals(Set.of(itemIds), itemsOf(bill));
    assertEquals(BigDecimal.ZERO, client.unbilled(account));
  }

  @Test
  void where_nothing_is_billed_usage_that_begins_during_the_suspension_costs_nothing() {
    String product = billedWhileSuspended("none");
    String account = suspended(product);
    Instant suspended = client.now();
    client.advance(Duration.ofHours(3));
    client.ingest(
        used(account, product, "before", "0.5", suspended.minusSeconds(1)),
        used(account, product, "at", "7", suspended),
        used(account, product, "after", "9", suspended.plus(HOUR)));

    assertBilled(account, "0.5", "before");
  }

  @Test
  void where_only_storage_is_billed_the_rest_costs_nothing() {
    String product = billedWhileSuspended("[\"storage*\", \"*.backup\"]");
    String account = suspended(product);
    Instant suspended = client.now();
    client.advance(Duration.ofHours(3));
    client.ingest(
        used(account, product, "storage", "1", suspended),
        used(account, product, "storage.cold", "2", suspended),
        used(account, product, "db.backup", "4", suspended),
        used(account, product, "db.backup.traffic", "8", suspended),
        used(account, product, "cold.storage", "16", suspended));

    assertBilled(account, "7", "storage", "storage.cold", "db.backup");
  }

  @Test
  void signs_that_mean_something_to_a_database_mean_themselves_in_a_pattern() {
    String product = billedWhileSuspended("['a_b%*', 'c\\d']");
    String account = suspended(product);
    Instant suspended = client.now();
    client.advance(Duration.ofHours(2));
    client.ingest(
        used(account, product, "a_b%x", "1", suspended),
        used(account, product, "c\\d", "2", suspended),
        used(account, product, "aXb%x", "4", suspended),
        used(account, product, "a_bXx", "8", suspended));

    assertBilled(account, "3", "a_b%x", "c\\d");
  }

  @Test
  void by_default_everything_costs_as_usual() {
    String product = product();
    String account = suspended(product);
    Instant suspended = client.now();
    client.advance(Duration.ofHours(2));
    client.ingest(used(account, product, "traffic", "5", suspended));

    assertBilled(account, "5", "traffic");
  }

  @Test
  void from_the_payment_on_everything_costs_again() {
    String product = billedWhileSuspended("none");
    String account = suspended(product);
    Instant suspended = client.now();
    Instant paid = client.advance(Duration.ofHours(2));
    client.pay(account, "3");
    client.advance(Duration.ofHours(2));
    client.ingest(
        used(account, product, "suspended", "4", suspended),
        used(account, product, "last-second", "8", paid.minusSeconds(1)),
        used(account, product, "first-second", "1", paid));

    assertBilled(account, "1", "first-second");
  }

  @Test
  void a_day_of_which_nothing_is_billed_has_no_bill() {
    String product = billedWhileSuspended("none");
    String account = suspended(product);
    client.advance(HOUR);
    client.ingest(used(account, product, "traffic", "5", client.now().minus(HOUR)));

    client.advanceTo(client.nextMorning());

    assertEquals(1, client.bills(account).size());
    assertEquals(BigDecimal.ZERO, client.unbilled(account));
    assertEquals(new BigDecimal("-3"), amount(client.status(account).getBalance()));
  }

  @Test
  void what_comes_late_is_billed_only_if_it_would_have_been() {
    String product = billedWhileSuspended("[storage]");
    String account = suspended(product);
    Instant suspended = client.now();
    client.advance(HOUR);
    client.ingest(used(account, product, "storage", "1", suspended));
    client.advanceTo(client.nextMorning());
    client.ingest(
        used(account, product, "late-traffic", "8", suspended),
        used(account, product, "storage", "2", suspended).setItemId("late-storage"));

    client.advanceTo(client.nextMorning());

    Bill supplement = newestBill(account);
    assertEquals(1, supplement.getSupplement());
    assertEquals(new BigDecimal("2"), amount(supplement.getAmount()));
    assertEquals(1, supplement.getLateItemCount());
    assertEquals(Set.of("late-storage"), itemsOf(supplement));
  }

  @Test
  void a_stage_may_bill_less_than_the_suspension() {
    String product =
        product(
            "suspension: {access: blocked, billed: [\"disk*\", \"ip\"]}",
            "stages: [{name: ip-released, after: 3h, from: suspension, billed: [\"disk*\"]}]");
    String account = suspended(product);
    Instant suspended = client.now();
    client.advance(Duration.ofHours(6));
    Instant stage = suspended.plus(Duration.ofHours(3));
    client.ingest(
        used(account, product, "ip", "1", suspended),
        used(account, product, "ip", "2", stage).setItemId("ip-after"),
        used(account, product, "disk", "4", stage),
        used(account, product, "cpu", "8", suspended));

    assertBilled(account, "5", "ip", "disk");
  }

  @Test
  void a_stage_that_comes_with_the_suspension_itself_decides_what_is_billed() {
    String product =
        product(
            "suspension: {access: new-blocked, billed: [\"disk*\", \"ip\"]}",
            "stages: [{name: stopped, after: 24h, from: overdue, access: blocked,"
                + " billed: [\"disk*\"]}]");
    String account = suspended(product);
    Instant suspended = client.now();
    client.advance(Duration.ofHours(2));
    client.ingest(
        used(account, product, "ip", "1", suspended),
        used(account, product, "disk", "4", suspended));

    assertBilled(account, "4", "disk");
  }

  @Test
  void a_service_that_is_suspended_twice_at_one_instant_is_suspended_once() {
    String product =
        product(
            "grace: {length: none, from: overdue}", "suspension: {access: blocked, billed: none}");
    String account = client.account();
    client.ingest(item(account, "3", client.now()).setProduct(product));
    Instant morning = client.advanceTo(client.nextMorning());
    client.pay(account, "3");
    adjust(account, "-2");
    client.pay(account, "2");
    adjust(account, "-2");
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, client.service(account, product).getState());
    Instant paid = client.advance(Duration.ofHours(3));
    client.pay(account, "100");
    client.advance(Duration.ofHours(3));
    client.ingest(
        used(account, product, "suspended", "4", morning),
        used(account, product, "free", "8", paid));

    assertBilled(account, "8", "free");
  }

  private void adjust(String account, String amount) {
    client.accounts.adjustBalance(
        AdjustBalanceRequest.newBuilder()
            .setAccountId(account)
            .setAmount(usd(amount))
            .setAdjustmentId(UUID.randomUUID().toString())
            .setReason("a correction")
            .build());
  }

  @Test
  void a_suspension_that_nobody_was_there_to_record_decides_about_the_bills_of_its_time() {
    String product = billedWhileSuspended("none");
    String account = client.account();
    client.ingest(item(account, "3", client.now()).setProduct(product));
    Instant overdue = client.advanceTo(client.nextMorning());
    sql("update installation set virtual_now = virtual_now + interval '3 days'");
    client.now();
    client.ingest(
        used(account, product, "before", "1", overdue.plus(HOUR)),
        used(account, product, "suspended", "8", overdue.plus(DAY).plus(HOUR)));

    client.run(Job.JOB_DAILY_BILLS);

    assertEquals(
        List.of("before"),
        client.bills(account).stream().limit(1).flatMap(bill -> itemsOf(bill).stream()).toList());
    assertEquals(new BigDecimal("-4"), amount(client.status(account).getBalance()));
  }

  @Test
  void many_services_are_suspended_in_one_sweep_and_each_is_billed_by_its_own_time() {
    String product = billedWhileSuspended("none");
    List<String> accounts = List.of(client.account(), client.account(), client.account());
    accounts.forEach(each -> client.ingest(item(each, "3", client.now()).setProduct(product)));
    client.advanceTo(client.nextMorning().plus(DAY));
    Instant suspended = client.now();
    Instant paid = client.advance(Duration.ofHours(2));
    client.pay(accounts.get(0), "3");
    client.advance(HOUR);

    accounts.forEach(
        each ->
            client.ingest(
                used(each, product, "early", "4", suspended),
                used(each, product, "late", "8", paid)));

    assertEquals(new BigDecimal("8"), client.unbilled(accounts.get(0)));
    assertEquals(BigDecimal.ZERO, client.unbilled(accounts.get(1)));
    assertEquals(BigDecimal.ZERO, client.unbilled(accounts.get(2)));
  }
}
