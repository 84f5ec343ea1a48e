package io.arrears.api;

import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.timestamp;
import static io.arrears.testkit.Client.usd;
import static io.arrears.testkit.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.type.Decimal;
import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Refusal;
import io.arrears.v1.Account;
import io.arrears.v1.AdvanceClockRequest;
import io.arrears.v1.BillingItem;
import io.arrears.v1.ConfirmNotificationReceiptRequest;
import io.arrears.v1.CreateAccountRequest;
import io.arrears.v1.ExplainAccountRequest;
import io.arrears.v1.GetAccountStatusRequest;
import io.arrears.v1.GetBillRequest;
import io.arrears.v1.IngestBillingItemsRequest;
import io.arrears.v1.IngestBillingItemsResponse;
import io.arrears.v1.ItemRejection.Reason;
import io.arrears.v1.Job;
import io.arrears.v1.ListAccountsRequest;
import io.arrears.v1.RecordPaymentRequest;
import io.arrears.v1.RunJobRequest;
import io.grpc.Status.Code;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class BadInputTest extends OverGrpc {

  private static void assertInvalid(String field, Executable call) {
    Refusal refusal = refused(call);
    assertEquals(Code.INVALID_ARGUMENT, refusal.code(), refusal.message());
    assertEquals("INVALID_REQUEST", refusal.reason());
    assertTrue(refusal.fields().contains(field), refusal.fields().toString());
  }

  private void assertRejected(
      String account, Reason reason, String field, BillingItem.Builder bad) {
    IngestBillingItemsResponse answer =
        client.ingest(item(account, "1", client.now()), bad, item(account, "1", client.now()));
    assertEquals(2, answer.getAccepted());
    assertEquals(1, answer.getRejectionsCount(), field);
    assertEquals(1, answer.getRejections(0).getIndex());
    assertEquals(reason, answer.getRejections(0).getReason(), answer.getRejections(0).getMessage());
    assertTrue(
        answer.getRejections(0).getMessage().contains(field), answer.getRejections(0).getMessage());
  }

  @Test
  void an_empty_batch_is_refused() {
    assertInvalid(
        "items",
        () -> client.billing.ingestBillingItems(IngestBillingItemsRequest.getDefaultInstance()));
  }

  @Test
  void ten_thousand_and_one_items_are_refused_and_none_is_stored() {
    String account = client.account();
    IngestBillingItemsRequest.Builder request = IngestBillingItemsRequest.newBuilder();
    Instant now = client.now();
    for (int i = 0; i <= 10_000; i++) {
      request.addItems(item(account, "1", now));
    }

    assertInvalid("items", () -> client.billing.ingestBillingItems(request.build()));

    assertEquals(0, sql("select from billing_item where account_id = '" + account + "'").size());
  }

  @Test
  void one_bad_item_never_stops_the_good_ones() {
    String account = client.account();
    Instant now = client.now();
    assertRejected(
        account,
        Reason.REASON_INVALID,
        "usage_end",
        item(account, "1", now).setUsageStart(timestamp(now)));
    assertRejected(
        account,
        Reason.REASON_INVALID,
        "usage_end",
        item(account, "1", now).setUsageStart(timestamp(now.plusSeconds(1))));
    assertRejected(
        account,
        Reason.REASON_ACCOUNT_NOT_FOUND,
        "account_id",
        item("nobody-" + UUID.randomUUID(), "1", now));
    assertRejected(
        account,
        Reason.REASON_PRODUCT_NOT_FOUND,
        "product",
        item(account, "1", now).setProduct("teleport"));
    assertRejected(
        account,
        Reason.REASON_INVALID,
        "currency_code",
        item(account, "1", now).setCurrencyCode("ZZZ"));
    assertRejected(
        account,
        Reason.REASON_CURRENCY_MISMATCH,
        "currency_code",
        item(account, "1", now).setCurrencyCode("EUR"));
    assertRejected(account, Reason.REASON_INVALID, "cycle", item(account, "1", now).clearCycle());
  }

  @Test
  void a_cost_must_be_a_decimal_of_18_digits_and_12_after_the_point() {
    String account = client.account();
    for (String cost :
        List.of(
            "",
            "one",
            "1e5",
            "NaN",
            "1,5",
            "0.1234567890123",
            "1234567890123456789",
            "--1",
            "0x10",
            " 1",
            "٣")) {
      assertRejected(
          account,
          Reason.REASON_INVALID,
          "cost",
          item(account, "1", client.now()).setCost(Decimal.newBuilder().setValue(cost)));
    }
    assertEquals(
        1,
        client
            .ingest(item(account, "123456789012345678.123456789012", client.now()))
            .getAccepted());
    client.ingest(item(account, "-123456789012345678.123456789012", client.now()));
  }

  @Test
  void an_item_id_must_have_1_to_128_bytes_and_no_control_characters() {
    String account = client.account();
    for (String id : List.of("", "x".repeat(129), "é".repeat(65), "a\u0000b", "a\nb", "a\u007fb")) {
      assertRejected(
          account,
          Reason.REASON_INVALID,
          "item_id",
          item(account, "1", client.now()).setItemId(id));
    }
    assertEquals(
        1, client.ingest(item(account, "1", client.now()).setItemId("é".repeat(64))).getAccepted());
  }

  @Test
  void timestamps_before_2000_or_more_than_a_day_ahead_are_refused() {
    String account = client.account();
    Instant old = Instant.parse("1999-12-31T23:59:59Z");
    assertRejected(
        account, Reason.REASON_INVALID, "usage_start", item(account, "1", old.plusSeconds(3600)));
    assertRejected(
        account,
        Reason.REASON_INVALID,
        "usage_end",
        item(account, "1", client.now().plusSeconds(86_401)));
    assertRejected(
        account,
        Reason.REASON_INVALID,
        "usage_end",
        item(account, "1", client.now())
            .setUsageEnd(com.google.protobuf.Timestamp.newBuilder().setSeconds(1).setNanos(-1)));
    assertInvalid("paid_at", () -> client.pay(account, "1", old));
    assertInvalid("paid_at", () -> client.pay(account, "1", client.now().plusSeconds(86_401)));
  }

  @Test
  void a_payment_must_be_above_zero_and_in_the_account_s_currency() {
    String account = client.account();
    assertInvalid("amount", () -> client.pay(account, "0"));
    assertInvalid("amount", () -> client.pay(account, "-1"));
    assertInvalid("amount", () -> client.pay(account, "0.001"));
    assertInvalid(
        "amount.currency_code",
        () ->
            client.accounts.recordPayment(
                RecordPaymentRequest.newBuilder()
                    .setAccountId(account)
                    .setPaymentId("p")
                    .setAmount(usd("1").toBuilder().setCurrencyCode("EUR"))
                    .build()));
    assertEquals(0, client.status(account).getBalance().getUnits());
  }

  @Test
  void every_violation_is_named_at_once() {
    Refusal refusal =
        refused(() -> client.accounts.recordPayment(RecordPaymentRequest.getDefaultInstance()));

    assertEquals(List.of("account_id", "payment_id", "amount.currency_code"), refusal.fields());
  }

  @Test
  void a_payment_id_used_again_with_another_amount_is_refused_and_nothing_changes() {
    String account = client.account();
    RecordPaymentRequest.Builder request =
        RecordPaymentRequest.newBuilder()
            .setAccountId(account)
            .setPaymentId("p1")
            .setAmount(usd("2"));
    client.accounts.recordPayment(request.build());

    Refusal refusal =
        refused(() -> client.accounts.recordPayment(request.setAmount(usd("3")).build()));

    assertEquals(Code.ALREADY_EXISTS, refusal.code());
    assertEquals("ID_REUSED", refusal.reason());
    assertEquals(2, client.status(account).getBalance().getUnits());
  }

  @Test
  void an_account_created_again_with_other_content_is_refused() {
    String account = client.account();

    Refusal refusal =
        refused(
            () ->
                client.accounts.createAccount(
                    CreateAccountRequest.newBuilder()
                        .setAccount(
                            Account.newBuilder().setAccountId(account).setCurrencyCode("EUR"))
                        .build()));

    assertEquals(Code.ALREADY_EXISTS, refusal.code());
  }

  @Test
  void an_unknown_account_or_bill_is_not_found() {
    assertEquals(Code.NOT_FOUND, refused(() -> client.status("nobody")).code());
    assertEquals("ACCOUNT_NOT_FOUND", refused(() -> client.pay("nobody", "1")).reason());
    assertEquals(
        "BILL_NOT_FOUND",
        refused(
                () ->
                    client.billing.getBill(
                        GetBillRequest.newBuilder().setBillId("no~such~d~2024-01-01~0").build()))
            .reason());
  }

  @Test
  void an_account_id_of_the_wrong_shape_is_invalid() {
    for (String id : List.of("", "a b", "a~b", "x".repeat(129), "a\u0000")) {
      assertInvalid(
          "account_id",
          () ->
              client.accounts.getAccountStatus(
                  GetAccountStatusRequest.newBuilder().setAccountId(id).build()));
    }
  }

  @Test
  void a_page_token_that_was_tampered_with_is_refused() {
    client.account();
    client.account();
    ListAccountsRequest.Builder request = ListAccountsRequest.newBuilder().setPageSize(1);
    String token = client.accounts.listAccounts(request.build()).getNextPageToken();
    char last = token.charAt(token.length() - 2);
    String tampered =
        token.substring(0, token.length() - 2)
            + (last == 'A' ? 'B' : 'A')
            + token.charAt(token.length() - 1);

    assertInvalid(
        "page_token",
        () -> client.accounts.listAccounts(request.clone().setPageToken(tampered).build()));
    assertInvalid(
        "page_token",
        () -> client.accounts.listAccounts(request.clone().setPageToken("garbage!").build()));
    assertInvalid(
        "page_token",
        () ->
            client.accounts.listAccounts(
                request.clone().setOverdueOnly(true).setPageToken(token).build()));
    assertInvalid(
        "page_size", () -> client.accounts.listAccounts(request.clone().setPageSize(1001).build()));
  }

  @Test
  void the_clock_does_not_go_backwards() {
    assertInvalid(
        "instant",
        () ->
            client.operations.advanceClock(
                AdvanceClockRequest.newBuilder()
                    .setInstant(timestamp(client.now().minusSeconds(1)))
                    .build()));
    assertInvalid(
        "by",
        () ->
            client.operations.advanceClock(
                AdvanceClockRequest.newBuilder()
                    .setBy(Duration.newBuilder().setSeconds(-1))
                    .build()));
    assertInvalid(
        "to", () -> client.operations.advanceClock(AdvanceClockRequest.getDefaultInstance()));
  }

  @Test
  void a_receipt_is_confirmed_for_the_open_episode_only_and_not_before_it_was_sent() {
    String account = client.overdueAccount("1");
    Instant sent = client.now();
    assertInvalid("received_at", () -> client.confirmReceipt(account, sent.minusSeconds(1)));
    Refusal other =
        refused(
            () ->
                client.lifecycle.confirmNotificationReceipt(
                    ConfirmNotificationReceiptRequest.newBuilder()
                        .setAccountId(account)
                        .setEpisode(2)
                        .build()));
    assertEquals(Code.FAILED_PRECONDITION, other.code());
    client.confirmReceipt(account, null);
    assertEquals(client.status(account), client.confirmReceipt(account, null));
    assertEquals(
        Code.ALREADY_EXISTS,
        refused(() -> client.confirmReceipt(account, sent.plusSeconds(1))).code());
  }

  @Test
  void a_job_that_is_none_or_not_due_is_refused() {
    assertInvalid("job", () -> client.run(Job.JOB_UNSPECIFIED));
    assertEquals(
        Code.FAILED_PRECONDITION,
        refused(
                () ->
                    client.operations.runJob(
                        RunJobRequest.newBuilder()
                            .setJob(Job.JOB_DAILY_BILLS)
                            .setDate(
                                com.google.type.Date.newBuilder()
                                    .setYear(2099)
                                    .setMonth(1)
                                    .setDay(1))
                            .build()))
            .code());
    assertInvalid(
        "date",
        () ->
            client.operations.runJob(
                RunJobRequest.newBuilder()
                    .setJob(Job.JOB_DAILY_BILLS)
                    .setDate(com.google.type.Date.newBuilder().setYear(2023).setMonth(2).setDay(30))
                    .build()));
  }

  @Test
  void what_later_versions_bring_is_unimplemented() {
    assertEquals(
        Code.UNIMPLEMENTED,
        refused(
                () ->
                    client.accounts.explainAccount(
                        ExplainAccountRequest.newBuilder().setAccountId("x").build()))
            .code());
    assertEquals(Code.UNIMPLEMENTED, refused(() -> client.run(Job.JOB_SELF_AUDIT)).code());
  }
}
