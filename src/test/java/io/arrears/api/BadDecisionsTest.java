package io.arrears.api;

import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.timestamp;
import static io.arrears.testkit.Client.usd;
import static io.arrears.testkit.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import com.google.type.Decimal;
import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Person;
import io.arrears.testkit.Refusal;
import io.arrears.v1.AdjustBalanceRequest;
import io.arrears.v1.ApproveDeactivationRequest;
import io.arrears.v1.CancelDeactivationRequest;
import io.arrears.v1.Cohort;
import io.arrears.v1.GetBillRequest;
import io.arrears.v1.GetDeactivationRequest;
import io.arrears.v1.LiftRestrictionRequest;
import io.arrears.v1.ListHoldsRequest;
import io.arrears.v1.PlaceHoldRequest;
import io.arrears.v1.PrepaidPackage;
import io.arrears.v1.RecordPaymentRequest;
import io.arrears.v1.ReleaseHoldRequest;
import io.arrears.v1.ReopenServiceRequest;
import io.arrears.v1.ReportObservedStateRequest;
import io.arrears.v1.ReportPrepaidPackageRequest;
import io.arrears.v1.RequestDeactivationRequest;
import io.arrears.v1.RestrictAccountRequest;
import io.arrears.v1.StartServiceRequest;
import io.arrears.v1.SuspensionReason;
import io.grpc.Status.Code;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What people, products and policies get wrong: a clear error each time, and nothing changes. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class BadDecisionsTest extends OverGrpc {

  private static final String HUGE = "x".repeat(1 << 20);
  private static final String NUL = "a\u0000b";
  private static final List<String> HOSTILE = List.of(HUGE, NUL, "a\nb", "a\u007fb", "\u0085");

  private Person desk;
  private String account;
  private Object before;

  @BeforeEach
  void anAccountInGoodStanding() {
    desk = client.person("desk");
    account = client.account();
    client.pay(account, "10");
    client.ingest(item(account, "1", client.now()));
    before = everything();
  }

  @AfterEach
  void nothingHasChanged() {
    assertEquals(before, everything());
  }

  private Object everything() {
    return List.of(
        client.status(account),
        client.transitions(account),
        rows("restriction"),
        rows("hold"),
        rows("deactivation"),
        rows("prepaid_package"),
        rows("command"));
  }

  private long rows(String table) {
    return sql("select count(*) from " + table).iterator().next().getLong(0);
  }

  /** All violations at once, and no others. */
  private static void assertInvalid(List<String> fields, Executable call) {
    Refusal refusal = refused(call);
    assertEquals(Code.INVALID_ARGUMENT, refusal.code(), refusal.message());
    assertEquals("INVALID_REQUEST", refusal.reason());
    assertEquals(fields, refusal.fields(), refusal.message());
    assertTrue(refusal.message().length() < 4096, "a message of " + refusal.message().length());
  }

  @Test
  void restrictions() {
    assertInvalid(
        List.of("account_id", "reason", "comment", "request_id"),
        () -> desk.lifecycle.restrictAccount(RestrictAccountRequest.getDefaultInstance()));
    RestrictAccountRequest.Builder good = Person.restriction(account, "css", "MANUAL");
    for (SuspensionReason reason :
        List.of(
            SuspensionReason.SUSPENSION_REASON_ARREARS,
            SuspensionReason.SUSPENSION_REASON_AWAITING_START,
            SuspensionReason.SUSPENSION_REASON_UNSPECIFIED)) {
      assertInvalid(
          List.of("reason"),
          () -> desk.lifecycle.restrictAccount(good.clone().setReason(reason).build()));
    }
    assertInvalid(
        List.of("reason"),
        () -> desk.lifecycle.restrictAccount(good.clone().setReasonValue(99).build()));
    for (String text : HOSTILE) {
      assertInvalid(
          List.of("product"),
          () -> desk.lifecycle.restrictAccount(good.clone().setProduct(text).build()));
      assertInvalid(
          List.of("comment"),
          () -> desk.lifecycle.restrictAccount(good.clone().setComment(text).build()));
      assertInvalid(
          List.of("request_id"),
          () -> desk.lifecycle.restrictAccount(good.clone().setRequestId(text).build()));
    }
    assertInvalid(
        List.of("account_id"),
        () -> desk.lifecycle.restrictAccount(good.clone().setAccountId("a~b").build()));
    assertInvalid(
        List.of("restriction_id", "comment"),
        () -> desk.lifecycle.liftRestriction(LiftRestrictionRequest.getDefaultInstance()));
    for (String text : HOSTILE) {
      assertInvalid(List.of("restriction_id"), () -> desk.lift(account + "~" + text));
    }
    for (String id : List.of("~", "~~", "a~", "~a", "a~b~c", "'; drop table account; --~x")) {
      assertEquals(Code.NOT_FOUND, refused(() -> desk.lift(id)).code());
    }
  }

  @Test
  void holds() {
    assertInvalid(
        List.of("scope", "until", "reason", "request_id"),
        () -> desk.lifecycle.placeHold(PlaceHoldRequest.getDefaultInstance()));
    Instant until = client.now().plus(Duration.ofDays(1));
    PlaceHoldRequest.Builder good = Person.holding(account, until);
    for (Timestamp bad :
        List.of(
            Timestamp.newBuilder().setSeconds(-62_135_596_800L).build(),
            Timestamp.newBuilder().setSeconds(Long.MAX_VALUE).build(),
            Timestamp.newBuilder().setSeconds(Long.MIN_VALUE).build(),
            timestamp(until).toBuilder().setNanos(-1).build(),
            timestamp(until).toBuilder().setNanos(1_000_000_000).build())) {
      assertInvalid(
          List.of("until"), () -> desk.lifecycle.placeHold(good.clone().setUntil(bad).build()));
    }
    for (String amount : List.of("0", "-1", "0.001")) {
      assertInvalid(List.of("promised_amount"), () -> desk.promise(account, amount, until));
    }
    assertInvalid(
        List.of("promised_amount.nanos"),
        () ->
            desk.lifecycle.placeHold(
                good.clone().setPromisedAmount(usd("1").toBuilder().setNanos(-1)).build()));
    for (String text : HOSTILE) {
      for (Cohort.Builder cohort :
          List.of(
              Cohort.newBuilder().setProduct(text),
              Cohort.newBuilder().setTier(text),
              Cohort.newBuilder().setRegion(text))) {
        assertEquals(Code.INVALID_ARGUMENT, refused(() -> desk.hold(cohort, until)).code());
      }
      assertInvalid(
          List.of("reason"), () -> desk.lifecycle.placeHold(good.clone().setReason(text).build()));
      assertInvalid(
          List.of("request_id"),
          () -> desk.lifecycle.placeHold(good.clone().setRequestId(text).build()));
      assertInvalid(List.of("hold_id"), () -> desk.release(account + "~" + text));
    }
    assertInvalid(
        List.of("hold_id", "reason"),
        () -> desk.lifecycle.releaseHold(ReleaseHoldRequest.getDefaultInstance()));
    ListHoldsRequest.Builder list = ListHoldsRequest.newBuilder().setAccountId(account);
    for (int size : List.of(-1, 1001, Integer.MIN_VALUE)) {
      assertInvalid(
          List.of("page_size"),
          () -> desk.lifecycle.listHolds(list.clone().setPageSize(size).build()));
    }
    assertInvalid(
        List.of("page_token"),
        () -> desk.lifecycle.listHolds(list.clone().setPageToken(HUGE).build()));
    assertInvalid(
        List.of("account_id"),
        () -> desk.lifecycle.listHolds(list.clone().setAccountId(HUGE).build()));
  }

  @Test
  void deactivations() {
    assertInvalid(
        List.of("account_id", "ticket_id", "reason"),
        () -> desk.lifecycle.requestDeactivation(RequestDeactivationRequest.getDefaultInstance()));
    RequestDeactivationRequest.Builder good = Person.leaving(account, "css");
    for (String text : HOSTILE) {
      assertInvalid(
          List.of("product"),
          () -> desk.lifecycle.requestDeactivation(good.clone().setProduct(text).build()));
      assertInvalid(
          List.of("ticket_id"),
          () -> desk.lifecycle.requestDeactivation(good.clone().setTicketId(text).build()));
      assertInvalid(
          List.of("reason"),
          () -> desk.lifecycle.requestDeactivation(good.clone().setReason(text).build()));
      assertInvalid(
          List.of("ticket_id"),
          () ->
              desk.lifecycle.approveDeactivation(
                  ApproveDeactivationRequest.newBuilder().setTicketId(text).build()));
      assertInvalid(
          List.of("ticket_id", "reason"),
          () ->
              desk.lifecycle.cancelDeactivation(
                  CancelDeactivationRequest.newBuilder().setTicketId(text).build()));
      assertInvalid(
          List.of("ticket_id"),
          () ->
              desk.lifecycle.getDeactivation(
                  GetDeactivationRequest.newBuilder().setTicketId(text).build()));
    }
  }

  @Test
  void starts() {
    assertInvalid(
        List.of("account_id", "product"),
        () -> desk.lifecycle.startService(StartServiceRequest.getDefaultInstance()));
    assertInvalid(
        List.of("account_id", "product", "reason", "request_id"),
        () -> desk.lifecycle.reopenService(ReopenServiceRequest.getDefaultInstance()));
    for (String text : HOSTILE) {
      assertInvalid(List.of("product"), () -> desk.start(account, text));
      assertInvalid(List.of("ticket_id"), () -> desk.start(account, "css", text));
      assertInvalid(List.of("product"), () -> desk.reopen(account, text));
      assertInvalid(
          List.of("request_id"),
          () ->
              desk.lifecycle.reopenService(
                  Person.reopening(account, "css").setRequestId(text).build()));
    }
  }

  @Test
  void packages() {
    assertInvalid(
        List.of("prepaid_package"),
        () ->
            client.billing.reportPrepaidPackage(ReportPrepaidPackageRequest.getDefaultInstance()));
    assertInvalid(
        List.of(
            "prepaid_package.account_id",
            "prepaid_package.package_id",
            "prepaid_package.product",
            "prepaid_package.remaining"),
        () -> report(PrepaidPackage.newBuilder()));
    PrepaidPackage.Builder good =
        PrepaidPackage.newBuilder()
            .setAccountId(account)
            .setPackageId("p")
            .setProduct("css")
            .setRemaining(Decimal.newBuilder().setValue("1"));
    for (String number : List.of("-1", "NaN", "1e9", "", "9".repeat(19), HUGE)) {
      assertInvalid(
          List.of("prepaid_package.remaining"),
          () -> report(good.clone().setRemaining(Decimal.newBuilder().setValue(number))));
    }
    for (String text : HOSTILE) {
      assertInvalid(
          List.of("prepaid_package.package_id"), () -> report(good.clone().setPackageId(text)));
      assertInvalid(
          List.of("prepaid_package.product"), () -> report(good.clone().setProduct(text)));
      assertInvalid(List.of("prepaid_package.unit"), () -> report(good.clone().setUnit(text)));
    }
    assertInvalid(
        List.of("prepaid_package.report_time"),
        () -> report(good.clone().setReportTime(timestamp(client.now().plus(Duration.ofDays(2))))));
    assertInvalid(
        List.of("prepaid_package.expire_time"),
        () -> report(good.clone().setExpireTime(Timestamp.newBuilder().setSeconds(1L << 60))));
  }

  private void report(PrepaidPackage.Builder prepaid) {
    client.billing.reportPrepaidPackage(
        ReportPrepaidPackageRequest.newBuilder().setPrepaidPackage(prepaid).build());
  }

  @Test
  void reports() {
    assertInvalid(
        List.of("account_id", "product", "generation"),
        () ->
            desk.enforcement.reportObservedState(ReportObservedStateRequest.getDefaultInstance()));
    for (long generation : List.of(-1L, 0L, Long.MIN_VALUE, 2L, Long.MAX_VALUE)) {
      assertInvalid(List.of("generation"), () -> desk.observed(account, "css", generation));
    }
    for (String text : HOSTILE) {
      assertInvalid(List.of("product"), () -> desk.observed(account, text, 1));
      assertInvalid(List.of("cleared_categories[0]"), () -> desk.observed(account, "css", 1, text));
      assertInvalid(
          List.of("error"),
          () ->
              desk.enforcement.reportObservedState(
                  Person.report(account, "css", 1).setError(text).build()));
    }
    assertInvalid(
        List.of("cleared_categories"),
        () -> desk.observed(account, "css", 1, "configurations", "configurations"));
    assertInvalid(
        List.of("cleared_categories"),
        () ->
            desk.observed(
                account,
                "css",
                1,
                IntStream.rangeClosed(0, 1000).mapToObj(i -> "c" + i).toArray(String[]::new)));
  }

  @Test
  void bills_that_are_named_by_an_id_of_another_shape() {
    String usual = account + "~css~d~2023-01-15~0";
    for (String id :
        List.of(
            usual,
            usual.replace("css", NUL),
            usual.replace("~d", "~x"),
            usual.replace("2023-01-15", "2023-02-31"),
            HUGE,
            NUL)) {
      Code found =
          refused(() -> client.billing.getBill(GetBillRequest.newBuilder().setBillId(id).build()))
              .code();
      assertTrue(found == Code.NOT_FOUND || found == Code.INVALID_ARGUMENT, found + " for a bill");
      Code paid =
          refused(
                  () ->
                      client.accounts.recordPayment(
                          RecordPaymentRequest.newBuilder()
                              .setAccountId(account)
                              .setPaymentId("p")
                              .setAmount(usd("1"))
                              .addBillIds(id)
                              .build()))
              .code();
      assertTrue(paid == Code.NOT_FOUND || paid == Code.INVALID_ARGUMENT, paid + " for a payment");
      Code adjusted =
          refused(
                  () ->
                      client.accounts.adjustBalance(
                          AdjustBalanceRequest.newBuilder()
                              .setAccountId(account)
                              .setAdjustmentId("a")
                              .setReason("a correction")
                              .setAmount(usd("1"))
                              .setBillId(id)
                              .build()))
              .code();
      assertTrue(
          adjusted == Code.NOT_FOUND || adjusted == Code.INVALID_ARGUMENT,
          adjusted + " for a correction");
    }
  }
}
