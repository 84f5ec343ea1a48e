package io.arrears.api;

import static io.arrears.testkit.Client.instant;
import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.Concurrently;
import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Person;
import io.arrears.testkit.Refusal;
import io.arrears.v1.Access;
import io.arrears.v1.Deactivation;
import io.arrears.v1.GetDeactivationRequest;
import io.arrears.v1.RequestDeactivationRequest;
import io.arrears.v1.ServiceState;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.Transition;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A request to leave, until it is approved and the data may go (S11). */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class DeactivationOverGrpcTest extends OverGrpc {

  private Person alice;
  private Person bob;

  @BeforeEach
  void people() {
    alice = client.person("alice");
    bob = client.person("bob");
  }

  /** An account with money and a running service of css. */
  private String customer() {
    String account = client.account();
    client.pay(account, "100");
    client.ingest(item(account, "1", client.now()));
    return account;
  }

  private Deactivation get(String ticketId) {
    return alice.lifecycle.getDeactivation(
        GetDeactivationRequest.newBuilder().setTicketId(ticketId).build());
  }

  private List<String> toldToErase(String account, String product) {
    String categories =
        sql("select clear_categories from service where account_id = '"
                + account
                + "' and product = '"
                + product
                + "'")
            .iterator()
            .next()
            .getString(0);
    return categories.isEmpty() ? List.of() : List.of(categories.split(", ", -1));
  }

  @Test
  void what_one_person_requests_another_approves_and_the_service_leaves() {
    String account = customer();
    Instant asked = client.now();
    Deactivation requested = alice.request(account, "css");
    assertEquals(Deactivation.State.STATE_REQUESTED, requested.getState());
    assertEquals("alice", requested.getRequestedBy());
    assertEquals(asked, instant(requested.getRequestTime()));
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, client.service(account, "css").getState());
    Instant agreed = client.advance(Duration.ofHours(1));

    Deactivation approved = bob.approve(requested);

    assertEquals(Deactivation.State.STATE_APPROVED, approved.getState());
    assertEquals("bob", approved.getApprovedBy());
    assertEquals(approved, get(requested.getTicketId()));
    assertTrue(approved.getCertificate().isEmpty());
    ServiceStatus css = client.service(account, "css");
    assertEquals(ServiceState.SERVICE_STATE_DEACTIVATING, css.getState());
    assertEquals(agreed, instant(css.getStateSince()));
    assertEquals(Access.ACCESS_BLOCKED, css.getAccess());
    Transition newest = client.transitions(account).get(0);
    assertEquals("deactivation-approved", newest.getRule());
    assertEquals("bob", newest.getActor());
  }

  @Test
  void who_requested_it_cannot_approve_it() {
    String account = customer();
    Deactivation ticket = alice.request(account, "");

    Refusal refusal = refused(() -> client.person("alice").approve(ticket));

    assertEquals(Code.FAILED_PRECONDITION, refusal.code());
    assertEquals("SAME_PERSON", refusal.reason());
    assertEquals(ticket, get(ticket.getTicketId()));
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, client.service(account, "css").getState());
  }

  @Test
  void it_can_be_cancelled_until_it_is_approved() {
    String account = customer();
    Deactivation ticket = alice.request(account, "");

    Deactivation cancelled = alice.cancel(ticket);

    assertEquals(Deactivation.State.STATE_CANCELLED, cancelled.getState());
    Refusal approving = refused(() -> bob.approve(ticket));
    assertEquals(Code.FAILED_PRECONDITION, approving.code());
    assertEquals("TICKET_CANCELLED", approving.reason());
    assertEquals("TICKET_CANCELLED", refused(() -> alice.cancel(ticket)).reason());
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, client.service(account, "css").getState());
    Deactivation second = alice.request(account, "");
    bob.approve(second);
    assertEquals("TICKET_APPROVED", refused(() -> alice.cancel(second)).reason());
  }

  @Test
  void approving_twice_is_refused_and_says_who_has_approved() {
    String account = customer();
    Deactivation ticket = alice.request(account, "");
    bob.approve(ticket);

    Refusal refusal = refused(() -> client.person("carol").approve(ticket));

    assertEquals(Code.FAILED_PRECONDITION, refusal.code());
    assertEquals("TICKET_APPROVED", refusal.reason());
    assertTrue(refusal.message().contains("bob"), refusal.message());
    assertEquals(1, client.transitions(account).size());
  }

  @Test
  void of_two_who_approve_at_once_one_does() throws Exception {
    String account = customer();
    Deactivation ticket = alice.request(account, "");

    List<Code> answers =
        Concurrently.all(
            Stream.of("bob", "carol", "dave", "erin")
                .<Callable<Code>>map(
                    name ->
                        () -> {
                          try {
                            client.person(name).approve(ticket);
                            return Code.OK;
                          } catch (StatusRuntimeException e) {
                            return e.getStatus().getCode();
                          }
                        })
                .toList());

    assertEquals(1, answers.stream().filter(Code.OK::equals).count());
    assertEquals(3, answers.stream().filter(Code.FAILED_PRECONDITION::equals).count());
    assertEquals(List.of("DEACTIVATING"), client.states(account));
  }

  @Test
  void the_same_ticket_again_is_the_same_request_and_with_other_content_is_refused() {
    String account = customer();
    RequestDeactivationRequest.Builder request = Person.leaving(account, "css");
    Deactivation first = alice.lifecycle.requestDeactivation(request.build());
    client.advance(Duration.ofHours(1));

    assertEquals(first, bob.lifecycle.requestDeactivation(request.build()));

    String other = customer();
    for (RequestDeactivationRequest.Builder different :
        List.of(
            request.clone().setProduct(""),
            request.clone().setReason("another"),
            request.clone().setAccountId(other))) {
      Refusal refusal = refused(() -> alice.lifecycle.requestDeactivation(different.build()));
      assertEquals(Code.ALREADY_EXISTS, refusal.code());
      assertEquals("ID_REUSED", refusal.reason());
    }
    assertEquals(first, get(first.getTicketId()));
  }

  @Test
  void one_ticket_for_two_accounts_at_once_is_of_one_of_them() throws Exception {
    RequestDeactivationRequest.Builder request = Person.leaving(customer(), "");
    RequestDeactivationRequest.Builder other = request.clone().setAccountId(customer());

    List<Code> answers =
        Concurrently.all(
            Stream.of(request, other, request, other)
                .<Callable<Code>>map(
                    each ->
                        () -> {
                          try {
                            alice.lifecycle.requestDeactivation(each.build());
                            return Code.OK;
                          } catch (StatusRuntimeException e) {
                            return e.getStatus().getCode();
                          }
                        })
                .toList());

    assertEquals(2, answers.stream().filter(Code.OK::equals).count(), answers.toString());
    assertEquals(2, answers.stream().filter(Code.ALREADY_EXISTS::equals).count());
  }

  @Test
  void what_does_not_exist_cannot_leave() {
    String account = customer();

    assertEquals("ACCOUNT_NOT_FOUND", refused(() -> alice.request("nobody", "")).reason());
    assertEquals("SERVICE_NOT_FOUND", refused(() -> alice.request(account, "vod")).reason());
    assertEquals("TICKET_NOT_FOUND", refused(() -> get("T-unheard-of")).reason());
    Deactivation unknown = Deactivation.newBuilder().setTicketId("T-unheard-of").build();
    assertEquals("TICKET_NOT_FOUND", refused(() -> bob.approve(unknown)).reason());
    assertEquals("TICKET_NOT_FOUND", refused(() -> bob.cancel(unknown)).reason());
  }

  @Test
  void one_product_may_leave_while_the_others_stay() {
    String account = customer();
    client.ingest(item(account, "1", client.now()).setProduct("vod"));

    bob.approve(alice.request(account, "vod"));
    client.advanceTo(client.nextMorning());

    assertEquals(
        ServiceState.SERVICE_STATE_DEACTIVATING, client.service(account, "vod").getState());
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, client.service(account, "css").getState());
    assertFalse(toldToErase(account, "vod").isEmpty());
    assertEquals(List.of(), toldToErase(account, "css"));
  }

  @Test
  void nothing_is_erased_before_the_usage_of_the_last_day_is_billed_the_next_morning() {
    String account = customer();
    bob.approve(alice.request(account, ""));
    client.ingest(item(account, "2.5", client.now()));
    Instant morning = client.nextMorning();
    client.advanceTo(morning.minusSeconds(1));
    assertEquals(List.of(), toldToErase(account, "css"));

    client.advanceTo(morning);

    assertEquals(1, client.bills(account).size());
    assertEquals(3, client.bills(account).get(0).getAmount().getUnits());
    assertEquals(
        List.of("configurations", "service-logs", "client-authorizations"),
        toldToErase(account, "css"));
    assertEquals(
        List.of("deactivation-approved", "clearing-started"),
        client.transitions(account).stream().map(Transition::getRule).toList());
  }

  @Test
  void a_customer_who_owes_is_cleared_only_once_he_has_paid() {
    String account = client.account();
    client.ingest(item(account, "3", client.now()));
    bob.approve(alice.request(account, ""));
    client.advanceTo(client.nextMorning());
    client.advance(Duration.ofDays(5));
    assertEquals(List.of(), toldToErase(account, "css"));

    client.pay(account, "3");
    client.advance(Duration.ofSeconds(1));

    assertEquals(3, toldToErase(account, "css").size());
    assertEquals(
        ServiceState.SERVICE_STATE_DEACTIVATING, client.service(account, "css").getState());
  }

  @Test
  void who_never_pays_is_cleared_when_his_resources_would_have_been_taken_back() {
    String account = client.account();
    client.ingest(item(account, "3", client.now()));
    bob.approve(alice.request(account, ""));
    Instant overdue = client.advanceTo(client.nextMorning());
    Instant end = overdue.plus(Duration.ofDays(60));
    client.advanceTo(end.minusSeconds(1));
    assertEquals(List.of(), toldToErase(account, "css"));

    client.advanceTo(end);

    assertEquals(3, toldToErase(account, "css").size());
  }

  @Test
  void an_overdue_or_suspended_service_may_leave() {
    String account = client.overdueAccount("3");
    client.advance(Duration.ofDays(3));
    Deactivation ticket = alice.request(account, "");

    bob.approve(ticket);

    ServiceStatus css = client.service(account, "css");
    assertEquals(ServiceState.SERVICE_STATE_DEACTIVATING, css.getState());
    assertEquals(0, css.getReasonsCount());
    client.pay(account, "3");
    client.advanceTo(client.nextMorning());
    assertEquals(3, toldToErase(account, "css").size());
  }

  @Test
  void a_monthly_item_keeps_the_data_until_the_month_is_billed() {
    String account = customer();
    client.ingest(
        item(account, "7", client.now())
            .setCycle(io.arrears.v1.BillingCycle.BILLING_CYCLE_MONTHLY));
    bob.approve(alice.request(account, ""));
    Instant first =
        io.arrears.testkit.Client.at(client.today().plusMonths(1).withDayOfMonth(1), "08:00");
    client.advanceTo(first.minusSeconds(1));
    assertEquals(List.of(), toldToErase(account, "css"));

    client.advanceTo(first);

    assertEquals(2, client.bills(account).size());
    assertEquals(3, toldToErase(account, "css").size());
  }

  @Test
  void an_account_that_never_used_anything_leaves_at_once() {
    String account = client.account();
    Deactivation ticket = bob.approve(alice.request(account, ""));

    client.advance(Duration.ofSeconds(1));

    Deactivation done = get(ticket.getTicketId());
    assertEquals(Deactivation.State.STATE_COMPLETED, done.getState());
    assertFalse(done.getCertificate().isEmpty());
  }
}
