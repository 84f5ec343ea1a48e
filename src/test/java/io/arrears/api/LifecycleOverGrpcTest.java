package io.arrears.api;

import static io.arrears.testkit.Client.amount;
import static io.arrears.testkit.Client.instant;
import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.service;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.OverGrpc;
import io.arrears.v1.Access;
import io.arrears.v1.AccountStatus;
import io.arrears.v1.RecordPaymentResponse;
import io.arrears.v1.ServiceState;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.SuspensionReason;
import io.arrears.v1.Transition;
import io.arrears.v1.VerifyTransitionsRequest;
import io.arrears.v1.VerifyTransitionsResponse;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class LifecycleOverGrpcTest extends OverGrpc {

  private static final Duration DAY = Duration.ofHours(24);

  @Test
  void
      a_morning_bill_that_takes_the_balance_below_zero_makes_the_account_overdue_at_that_instant() {
    String account = client.account();
    client.pay(account, "5");
    client.ingest(item(account, "7.5", client.now()));
    Instant morning = client.nextMorning();

    client.advanceTo(morning);

    AccountStatus status = client.status(account);
    assertEquals(new BigDecimal("-2.5"), amount(status.getBalance()));
    assertEquals(1, status.getArrears().getEpisode());
    assertEquals(new BigDecimal("2.5"), amount(status.getArrears().getAmountDue()));
    assertEquals(morning, instant(status.getArrears().getOverdueSince()));
    assertEquals(morning, instant(status.getArrears().getNotifiedAt()));
    ServiceStatus css = service(status, "css");
    assertEquals(ServiceState.SERVICE_STATE_OVERDUE, css.getState());
    assertEquals(morning, instant(css.getStateSince()));
    assertEquals(Access.ACCESS_ALLOWED, css.getAccess());
  }

  @Test
  void a_payment_a_second_before_the_grace_ends_saves_the_service() {
    String account = client.overdueAccount("3");
    Instant receipt = client.advance(Duration.ofHours(5));
    AccountStatus graced = client.confirmReceipt(account, null);
    assertEquals(ServiceState.SERVICE_STATE_GRACE, service(graced, "css").getState());
    assertEquals(receipt.plus(DAY), instant(service(graced, "css").getNext().getAt()));
    client.advanceTo(receipt.plus(DAY).minusSeconds(1));

    AccountStatus paid = client.pay(account, "3").getStatus();

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(paid, "css").getState());
    assertFalse(service(paid, "css").hasNext());
    assertFalse(paid.hasArrears());
    client.advance(Duration.ofDays(90));
    assertEquals(List.of("OVERDUE", "GRACE", "ACTIVE"), client.states(account));
  }

  @Test
  void without_a_payment_the_service_is_suspended_when_the_grace_ends_and_cuts_no_stream() {
    String account = client.overdueAccount("3");
    Instant receipt = client.advance(Duration.ofHours(5));
    client.confirmReceipt(account, null);

    client.advanceTo(receipt.plus(DAY));

    ServiceStatus css = client.service(account, "css");
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, css.getState());
    assertEquals(receipt.plus(DAY), instant(css.getStateSince()));
    assertEquals(Access.ACCESS_NEW_BLOCKED, css.getAccess());
    assertEquals(List.of(SuspensionReason.SUSPENSION_REASON_ARREARS), css.getReasonsList());
    assertEquals("grace-expired", client.transitions(account).get(2).getRule());
  }

  @Test
  void a_part_payment_changes_nothing_and_the_rest_restores_in_the_same_call() {
    String account = client.overdueAccount("3");
    client.confirmReceipt(account, null);
    client.advance(DAY.plusHours(2));
    AccountStatus part = client.pay(account, "2.99").getStatus();
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, service(part, "css").getState());

    RecordPaymentResponse rest = client.pay(account, "0.01");

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(rest.getStatus(), "css").getState());
    assertEquals(Access.ACCESS_ALLOWED, service(rest.getStatus(), "css").getAccess());
    assertEquals(BigDecimal.ZERO, amount(rest.getEntry().getBalanceAfter()));
  }

  @Test
  void a_second_episode_has_its_own_notification_and_its_own_24_hours() {
    String account = client.overdueAccount("3");
    client.confirmReceipt(account, null);
    client.advance(Duration.ofHours(20));
    client.pay(account, "3");
    client.ingest(item(account, "4", client.now()));
    Instant secondMorning = client.nextMorning();
    client.advanceTo(secondMorning);
    assertEquals(2, client.status(account).getArrears().getEpisode());
    assertFalse(client.status(account).getArrears().hasReceivedAt());
    Instant receipt = client.advance(Duration.ofHours(1));

    client.confirmReceipt(account, null);

    assertEquals(receipt.plus(DAY), instant(client.service(account, "css").getNext().getAt()));
    assertEquals(
        2,
        sql("select from notification where rung = 'OVERDUE' and account_id = '" + account + "'")
            .size());
  }

  @Test
  void a_receipt_that_nobody_confirms_is_assumed_after_24_hours() {
    String account = client.overdueAccount("3");
    Instant overdue = client.now();

    client.advanceTo(overdue.plus(DAY).plus(DAY));

    List<Transition> transitions = client.transitions(account);
    assertEquals(List.of("OVERDUE", "GRACE", "SUSPENDED"), client.states(account));
    assertEquals("receipt-assumed", transitions.get(1).getRule());
    assertEquals(overdue.plus(DAY), instant(transitions.get(1).getAt()));
    assertEquals(overdue.plus(DAY).plus(DAY), instant(transitions.get(2).getAt()));
  }

  @Test
  void items_of_an_overdue_or_suspended_service_are_billed() {
    String account = client.overdueAccount("3");
    client.advance(Duration.ofHours(50));
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, client.service(account, "css").getState());

    client.ingest(item(account, "1.25", client.now()));
    client.advanceTo(client.nextMorning());

    assertEquals(new BigDecimal("-4.25"), amount(client.status(account).getBalance()));
  }

  @Test
  void sixty_days_after_it_became_overdue_it_is_repossessed_and_a_payment_stays_on_the_account() {
    String account = client.overdueAccount("3");
    Instant overdue = client.now();
    Instant end = overdue.plus(Duration.ofDays(60));
    client.advanceTo(end.minusNanos(1000));
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, client.service(account, "css").getState());

    client.advanceTo(end);
    AccountStatus paid = client.pay(account, "10").getStatus();

    ServiceStatus css = service(paid, "css");
    assertEquals(ServiceState.SERVICE_STATE_REPOSSESSED, css.getState());
    assertEquals(end, instant(css.getStateSince()));
    assertEquals(Access.ACCESS_RELEASED, css.getAccess());
    assertFalse(css.hasNext());
    assertEquals(new BigDecimal("7"), amount(paid.getBalance()));
  }

  @Test
  void a_payment_made_in_time_and_recorded_late_restores_when_it_is_recorded() {
    String account = client.overdueAccount("3");
    Instant receipt = client.now();
    client.confirmReceipt(account, null);
    Instant recorded = client.advance(DAY.plusHours(3));

    AccountStatus paid = client.pay(account, "3", receipt.plus(DAY).minusSeconds(1)).getStatus();

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(paid, "css").getState());
    assertEquals(recorded, instant(service(paid, "css").getStateSince()));
  }

  @Test
  void each_product_goes_its_own_way_by_its_own_policy() {
    String account = client.account();
    client.ingest(
        item(account, "1", client.now()),
        item(account, "1", client.now()).setProduct("vod"),
        item(account, "1", client.now()).setProduct("cos"));
    Instant morning = client.nextMorning();
    client.advanceTo(morning);
    assertEquals(ServiceState.SERVICE_STATE_OVERDUE, client.service(account, "css").getState());
    assertEquals(ServiceState.SERVICE_STATE_GRACE, client.service(account, "vod").getState());

    client.advanceTo(morning.plus(DAY));

    assertEquals(ServiceState.SERVICE_STATE_GRACE, client.service(account, "css").getState());
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, client.service(account, "vod").getState());
    assertEquals(Access.ACCESS_BLOCKED, client.service(account, "cos").getAccess());
  }

  @Test
  void a_service_opened_while_the_account_is_overdue_shares_its_fate() {
    String account = client.overdueAccount("3");
    client.advance(Duration.ofHours(1));

    client.ingest(item(account, "1", client.now()).setProduct("cos"));
    client.advance(Duration.ofSeconds(1));

    assertEquals(ServiceState.SERVICE_STATE_GRACE, client.service(account, "cos").getState());
  }

  @Test
  void a_transition_changed_by_hand_in_the_database_is_found() {
    String account = client.overdueAccount("3");
    client.advance(Duration.ofDays(3));
    assertTrue(verify(account).getIntact());
    assertEquals(3, verify(account).getVerified());

    sql(
        "update transition set at = at + interval '1 second' where sequence = 2 and account_id = '"
            + account
            + "'");

    VerifyTransitionsResponse broken = verify(account);
    assertFalse(broken.getIntact());
    assertEquals(2, broken.getFirstBrokenSequence());
    assertEquals(1, broken.getVerified());
  }

  @Test
  void a_newest_transition_deleted_by_hand_is_missed() {
    String account = client.overdueAccount("3");
    client.advance(Duration.ofDays(3));

    sql("delete from transition where sequence = 3 and account_id = '" + account + "'");

    assertEquals(3, verify(account).getFirstBrokenSequence());
  }

  private VerifyTransitionsResponse verify(String account) {
    return client.lifecycle.verifyTransitions(
        VerifyTransitionsRequest.newBuilder().setAccountId(account).build());
  }
}
