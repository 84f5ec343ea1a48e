package io.arrears.api;

import static io.arrears.testkit.Client.amount;
import static io.arrears.testkit.Client.at;
import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.timestamp;
import static io.arrears.testkit.Client.usd;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.type.Date;
import com.google.type.Decimal;
import io.arrears.testkit.Client;
import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Watching;
import io.arrears.v1.AdjustBalanceRequest;
import io.arrears.v1.Bill;
import io.arrears.v1.BillingCycle;
import io.arrears.v1.BillingItem;
import io.arrears.v1.BillingServiceGrpc;
import io.arrears.v1.GetBillRequest;
import io.arrears.v1.IngestBillingItemsRequest;
import io.arrears.v1.IngestBillingItemsResponse;
import io.arrears.v1.ItemRejection;
import io.arrears.v1.LedgerEntry;
import io.arrears.v1.ListBillingItemsRequest;
import io.arrears.v1.ListBillingItemsResponse;
import io.arrears.v1.ListLedgerEntriesRequest;
import io.arrears.v1.RecordPaymentRequest;
import io.arrears.v1.RecordPaymentResponse;
import io.grpc.Status;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class BillingOverGrpcTest extends OverGrpc {

  @Test
  void the_last_millisecond_of_a_day_and_the_first_of_the_next_are_on_different_bills() {
    String account = client.account();
    LocalDate day = client.today();
    Instant midnight = at(day.plusDays(1), "00:00");

    client.advanceTo(midnight);
    client.ingest(item(account, "1", midnight.minusMillis(1)), item(account, "2", midnight));
    client.advanceTo(at(day.plusDays(2), "08:00"));

    List<Bill> bills = client.bills(account);
    assertEquals(2, bills.size());
    assertEquals(date(day.plusDays(1)), bills.get(0).getPeriodStart());
    assertEquals(new BigDecimal("2"), amount(bills.get(0).getAmount()));
    assertEquals(date(day), bills.get(1).getPeriodStart());
    assertEquals(new BigDecimal("1"), amount(bills.get(1).getAmount()));
  }

  @Test
  void usage_that_crosses_midnight_counts_for_the_day_on_which_it_ends() {
    String account = client.account();
    LocalDate day = client.today();
    Instant end = at(day.plusDays(1), "00:30");
    client.advanceTo(end);

    client.ingest(item(account, "1", end));
    client.advanceTo(at(day.plusDays(2), "08:00"));

    assertEquals(date(day.plusDays(1)), client.bills(account).get(0).getPeriodStart());
  }

  @Test
  void months_of_28_29_30_and_31_days_are_billed_whole_on_the_first() {
    String account = client.account();
    LocalDate first = client.today().withDayOfMonth(1).plusMonths(1);
    List<LocalDate> months = new ArrayList<>();
    for (LocalDate month = first; months.size() < 13; month = month.plusMonths(1)) {
      months.add(month);
    }
    for (LocalDate month : months) {
      Instant lastMoment = at(month.plusMonths(1), "00:00").minusMillis(1);
      client.advanceTo(lastMoment);
      client.ingest(monthly(account, "1", at(month, "00:00")), monthly(account, "2", lastMoment));
    }

    client.advanceTo(at(first.plusMonths(13), "08:00"));

    List<Bill> bills = client.bills(account);
    assertEquals(13, bills.size());
    for (int i = 0; i < 13; i++) {
      LocalDate month = months.get(12 - i);
      assertEquals(date(month), bills.get(i).getPeriodStart());
      assertEquals(date(month.plusMonths(1).minusDays(1)), bills.get(i).getPeriodEnd());
      assertEquals(new BigDecimal("3"), amount(bills.get(i).getAmount()));
      assertEquals(timestamp(at(month.plusMonths(1), "08:00")), bills.get(i).getGeneratedAt());
    }
  }

  @Test
  void a_bill_is_summed_exactly_and_rounded_once_half_up() {
    String account = client.account();
    client.ingest(
        item(account, "0.00000000001", client.now()),
        item(account, "1.00499999999", client.now()),
        item(account, "-0.5", client.now()));

    client.advanceTo(client.nextMorning());

    Bill bill = client.bills(account).get(0);
    assertEquals(
        "0.505",
        new BigDecimal(bill.getExactAmount().getValue()).toPlainString().replaceAll("0+$", ""));
    assertEquals(new BigDecimal("0.51"), amount(bill.getAmount()));
    assertEquals(3, bill.getItemCount());
    assertEquals(
        bill,
        client.billing.getBill(GetBillRequest.newBuilder().setBillId(bill.getBillId()).build()));
  }

  @Test
  void a_late_item_goes_on_a_supplementary_bill_of_the_next_run_with_its_own_day() {
    String account = client.account();
    Instant used = client.now();
    LocalDate day = client.today();
    client.ingest(item(account, "1", used));
    client.advanceTo(client.nextMorning());

    client.ingest(item(account, "0.25", used));
    client.advanceTo(client.nextMorning());

    Bill late = client.bills(account).get(0);
    assertEquals(date(day), late.getPeriodStart());
    assertEquals(1, late.getSupplement());
    assertEquals(1, late.getLateItemCount());
    assertEquals(new BigDecimal("0.25"), amount(late.getAmount()));
    assertEquals(1, items(late).size());
    Bill own = client.bills(account).get(1);
    assertEquals(0, own.getSupplement());
    assertEquals(new BigDecimal("1"), amount(own.getAmount()));
    assertEquals(1, items(own).size());
  }

  @Test
  void an_item_sent_again_is_harmless_and_one_with_other_content_is_refused() {
    String account = client.account();
    BillingItem.Builder item = item(account, "1.50", client.now());
    client.ingest(item);

    IngestBillingItemsResponse again =
        client.ingest(
            item.clone(),
            item.clone().setCost(Decimal.newBuilder().setValue("1.5")),
            item.clone().setCost(Decimal.newBuilder().setValue("1.51")),
            item(account, "2", client.now()));

    assertEquals(1, again.getAccepted());
    assertEquals(2, again.getDuplicates());
    assertEquals(1, again.getRejectionsCount());
    assertEquals(ItemRejection.Reason.REASON_CONFLICT, again.getRejections(0).getReason());
    assertEquals(2, again.getRejections(0).getIndex());
    client.advanceTo(client.nextMorning());
    assertEquals(new BigDecimal("-3.5"), amount(client.status(account).getBalance()));
  }

  @Test
  void what_is_unbilled_is_the_exact_sum_of_the_items_that_no_bill_holds() {
    String account = client.account();
    client.ingest(item(account, "1.25", client.now()));
    client.advanceTo(client.nextMorning());
    client.ingest(item(account, "0.123456789", client.now()), monthly(account, "2", client.now()));

    assertEquals(new BigDecimal("2.123456789"), client.unbilled(account));
    assertEquals(2, unbilled(account, 10, "").getItemsCount());
  }

  @Test
  void lists_go_on_page_by_page_and_hold_every_row_once() {
    String account = client.account();
    for (int i = 0; i < 7; i++) {
      client.ingest(item(account, "1", client.now()));
    }

    List<String> seen = new ArrayList<>();
    String token = "";
    do {
      ListBillingItemsResponse page = unbilled(account, 3, token);
      page.getItemsList().forEach(item -> seen.add(item.getItemId()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());

    assertEquals(7, seen.size());
    assertEquals(7, seen.stream().distinct().count());
  }

  @Test
  void payments_cover_the_bills_they_name_or_the_oldest_first() {
    String account = client.account();
    client.ingest(item(account, "3", client.now()));
    client.advanceTo(client.nextMorning());
    client.ingest(item(account, "5", client.now()));
    client.advanceTo(client.nextMorning());
    Bill newer = client.bills(account).get(0);

    client.accounts.recordPayment(
        RecordPaymentRequest.newBuilder()
            .setAccountId(account)
            .setPaymentId("named")
            .setAmount(usd("4"))
            .addBillIds(newer.getBillId())
            .build());
    assertEquals(List.of("1", "3"), unpaid(account));
    client.pay(account, "3.5");

    assertEquals(List.of("0.5", "0"), unpaid(account));
  }

  @Test
  void money_paid_ahead_covers_the_bill_when_it_comes() {
    String account = client.account();
    client.pay(account, "2");
    client.ingest(item(account, "3", client.now()));

    client.advanceTo(client.nextMorning());

    assertEquals(List.of("1"), unpaid(account));
  }

  @Test
  void a_refund_on_a_bill_covers_older_bills() {
    String account = client.account();
    client.ingest(item(account, "3", client.now()));
    client.advanceTo(client.nextMorning());
    client.ingest(item(account, "-2", client.now()));

    client.advanceTo(client.nextMorning());

    assertEquals(List.of("0", "1"), unpaid(account));
    assertEquals(new BigDecimal("-1"), amount(client.status(account).getBalance()));
  }

  @Test
  void the_ledger_keeps_the_balance_after_each_entry_and_its_contra_account() {
    String account = client.account();
    client.pay(account, "2");
    client.ingest(item(account, "3", client.now()));
    client.advanceTo(client.nextMorning());
    client.accounts.adjustBalance(
        AdjustBalanceRequest.newBuilder()
            .setAccountId(account)
            .setAdjustmentId("goodwill")
            .setAmount(usd("1"))
            .setReason("an outage")
            .build());

    List<LedgerEntry> entries =
        client
            .accounts
            .listLedgerEntries(ListLedgerEntriesRequest.newBuilder().setAccountId(account).build())
            .getEntriesList();

    assertEquals(
        List.of("1 cash 2", "2 revenue:css -1", "3 adjustments 0"),
        entries.stream()
            .map(
                e ->
                    e.getSequence()
                        + " "
                        + e.getContraAccount()
                        + " "
                        + amount(e.getBalanceAfter()).toPlainString())
            .toList());
  }

  @Test
  void the_books_of_all_accounts_sum_to_zero() {
    String account = client.account();
    client.pay(account, "2");
    client.ingest(item(account, "3.33", client.now()));
    client.advanceTo(client.nextMorning());

    sql("select currency, sum(amount) as sum from books group by currency")
        .forEach(row -> assertEquals(0, row.getBigDecimal("sum").signum(), row.getString(0)));
    sql("""
            select account_id from account a where balance <> unallocated
              - (select coalesce(sum(unpaid), 0) from bill b where b.account_id = a.account_id)
            """)
        .forEach(row -> assertEquals("", row.getString(0)));
  }

  @Test
  void a_payment_repeated_gets_the_first_answer() {
    String account = client.account();
    RecordPaymentRequest request =
        RecordPaymentRequest.newBuilder()
            .setAccountId(account)
            .setPaymentId("p1")
            .setAmount(usd("2"))
            .build();
    RecordPaymentResponse first = client.accounts.recordPayment(request);

    RecordPaymentResponse second = client.accounts.recordPayment(request);

    assertEquals(first, second);
    assertEquals(new BigDecimal("2"), amount(client.status(account).getBalance()));
  }

  @Test
  void a_stream_answers_every_batch_in_order() throws Exception {
    String account = client.account();
    List<IngestBillingItemsRequest> requests = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      requests.add(
          IngestBillingItemsRequest.newBuilder()
              .setRequestId("r" + i)
              .addItems(item(account, "0.01", client.now()))
              .build());
    }
    Watching<IngestBillingItemsRequest, IngestBillingItemsResponse> stream =
        Watching.both(BillingServiceGrpc.newStub(client.channel())::streamBillingItems);
    stream.send(requests);

    assertEquals(Status.OK, stream.end());
    List<IngestBillingItemsResponse> answers = stream.rest();
    assertEquals(20, answers.size());
    for (int i = 0; i < 20; i++) {
      assertEquals("r" + i, answers.get(i).getRequestId());
      assertEquals(1, answers.get(i).getAccepted());
    }
  }

  private ListBillingItemsResponse unbilled(String account, int size, String token) {
    return client.billing.listBillingItems(
        ListBillingItemsRequest.newBuilder()
            .setUnbilledAccountId(account)
            .setPageSize(size)
            .setPageToken(token)
            .build());
  }

  private List<BillingItem> items(Bill bill) {
    return client
        .billing
        .listBillingItems(ListBillingItemsRequest.newBuilder().setBillId(bill.getBillId()).build())
        .getItemsList();
  }

  /** Newest bill first. */
  private List<String> unpaid(String account) {
    return client.bills(account).stream()
        .map(bill -> amount(bill.getUnpaid()).toPlainString())
        .toList();
  }

  private static BillingItem.Builder monthly(String account, String cost, Instant end) {
    return Client.item(account, cost, end).setCycle(BillingCycle.BILLING_CYCLE_MONTHLY);
  }

  private static Date date(LocalDate day) {
    return Date.newBuilder()
        .setYear(day.getYear())
        .setMonth(day.getMonthValue())
        .setDay(day.getDayOfMonth())
        .build();
  }
}
