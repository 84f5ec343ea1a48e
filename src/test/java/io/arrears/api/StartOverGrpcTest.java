package io.arrears.api;

import static io.arrears.testkit.Client.instant;
import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.service;
import static io.arrears.testkit.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.Concurrently;
import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Person;
import io.arrears.testkit.Refusal;
import io.arrears.testkit.Rules;
import io.arrears.v1.Access;
import io.arrears.v1.AccountStatus;
import io.arrears.v1.ReopenServiceRequest;
import io.arrears.v1.Restriction;
import io.arrears.v1.ServiceState;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.SuspensionReason;
import io.arrears.v1.Transition;
import io.grpc.Status.Code;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Services that the customer starts by his own hand, and services that start afresh. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class StartOverGrpcTest extends OverGrpc {

  private static final Duration DAY = Duration.ofHours(24);

  private Person customer;

  @BeforeEach
  void somebody() {
    customer = client.person("customer");
  }

  private String product(String... sections) {
    String product = Rules.newProduct();
    customer.apply(Rules.document(product, sections));
    return product;
  }

  private String byHand() {
    return product("suspension: {access: blocked, restored: by-hand}");
  }

  /** An account whose service of a product has just been suspended. */
  private String suspended(String product) {
    String account = client.account();
    client.ingest(item(account, "3", client.now()).setProduct(product));
    client.advanceTo(client.nextMorning().plus(DAY));
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, client.service(account, product).getState());
    return account;
  }

  private static void assertAwaitsStart(ServiceStatus service) {
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, service.getState());
    assertEquals(
        List.of(SuspensionReason.SUSPENSION_REASON_AWAITING_START), service.getReasonsList());
    assertEquals(Access.ACCESS_BLOCKED, service.getAccess());
    assertFalse(service.hasNext());
  }

  @Test
  void a_service_that_is_restored_by_hand_waits_for_its_customer_once_it_is_paid() {
    String product = byHand();
    String account = suspended(product);
    AccountStatus paid = client.pay(account, "3").getStatus();
    assertFalse(paid.hasArrears());
    assertAwaitsStart(service(paid, product));
    client.advance(Duration.ofDays(90));
    assertAwaitsStart(client.service(account, product));

    AccountStatus started = customer.start(account, product);

    ServiceStatus running = service(started, product);
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, running.getState());
    assertEquals(Access.ACCESS_ALLOWED, running.getAccess());
    assertEquals(0, running.getReasonsCount());
    assertEquals(client.now(), instant(running.getStateSince()));
    List<Transition> transitions = client.transitions(account);
    Transition newest = transitions.get(transitions.size() - 1);
    assertEquals("started", newest.getRule());
    assertEquals("customer", newest.getActor());
    assertEquals(started, customer.start(account, product));
  }

  @Test
  void a_service_is_not_started_before_it_is_paid() {
    String product = byHand();
    String account = suspended(product);

    Refusal refusal = refused(() -> customer.start(account, product));

    assertEquals(Code.FAILED_PRECONDITION, refusal.code());
    assertEquals("CANNOT_START", refusal.reason());
    assertTrue(refusal.message().contains("ARREARS"), refusal.message());
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, client.service(account, product).getState());
  }

  @Test
  void a_service_is_not_started_while_an_operator_s_reason_stands() {
    String product = byHand();
    String account = suspended(product);
    Restriction manual = client.person("risk").restrict(account, "", "MANUAL");
    client.pay(account, "3");

    Refusal refusal = refused(() -> customer.start(account, product));

    assertEquals("CANNOT_START", refusal.reason());
    assertTrue(refusal.message().contains("MANUAL"), refusal.message());
    client.person("risk").lift(manual);
    assertAwaitsStart(client.service(account, product));
    customer.start(account, product);
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, client.service(account, product).getState());
  }

  @Test
  void a_service_that_awaits_its_start_and_becomes_overdue_again_may_start_within_its_grace() {
    String product = byHand();
    String account = suspended(product);
    client.pay(account, "3");
    client.ingest(item(account, "1", client.now()).setProduct(product));
    Instant morning = client.advanceTo(client.nextMorning());

    AccountStatus started = customer.start(account, product);

    ServiceStatus graced = service(started, product);
    assertEquals(ServiceState.SERVICE_STATE_GRACE, graced.getState());
    assertEquals(Access.ACCESS_ALLOWED, graced.getAccess());
    assertEquals(morning.plus(DAY), instant(graced.getNext().getAt()));
  }

  @Test
  void a_service_that_awaits_its_start_for_longer_than_its_grace_is_not_started_unpaid() {
    String product = byHand();
    String account = suspended(product);
    client.pay(account, "3");
    client.ingest(item(account, "1", client.now()).setProduct(product));
    client.advanceTo(client.nextMorning().plus(DAY));
    assertEquals("CANNOT_START", refused(() -> customer.start(account, product)).reason());
    assertAwaitsStart(service(client.pay(account, "1").getStatus(), product));

    customer.start(account, product);

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, client.service(account, product).getState());
  }

  @Test
  void a_service_that_was_never_suspended_is_restored_by_the_payment_alone() {
    String product = byHand();
    String account = client.account();
    client.ingest(item(account, "3", client.now()).setProduct(product));
    client.advanceTo(client.nextMorning());

    AccountStatus paid = client.pay(account, "3").getStatus();

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(paid, product).getState());
  }

  @Test
  void after_a_long_suspension_starting_takes_a_ticket() {
    String product = product("suspension: {access: blocked, ticket-after: 3h}");
    String account = suspended(product);
    client.advance(Duration.ofHours(3));
    client.pay(account, "3");
    assertAwaitsStart(client.service(account, product));

    Refusal refusal = refused(() -> customer.start(account, product));

    assertEquals(Code.FAILED_PRECONDITION, refusal.code());
    assertEquals("TICKET_NEEDED", refusal.reason());
    AccountStatus started = customer.start(account, product, "T-77");
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(started, product).getState());
    List<Transition> transitions = client.transitions(account);
    assertEquals("customer, ticket T-77", transitions.get(transitions.size() - 1).getActor());
  }

  @Test
  void a_suspension_that_is_a_second_shorter_takes_no_ticket() {
    String product = product("suspension: {access: blocked, ticket-after: 3h}");
    String account = suspended(product);
    client.advance(Duration.ofHours(3).minusSeconds(1));

    AccountStatus paid = client.pay(account, "3").getStatus();

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(paid, product).getState());
  }

  @Test
  void by_hand_a_short_suspension_takes_no_ticket_however_long_the_customer_waits() {
    String product = product("suspension: {access: blocked, restored: by-hand, ticket-after: 3h}");
    String account = suspended(product);
    client.advance(Duration.ofHours(2));
    client.pay(account, "3");
    client.advance(Duration.ofDays(10));

    AccountStatus started = customer.start(account, product);

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(started, product).getState());
  }

  @Test
  void what_does_not_exist_is_not_started() {
    String account = client.account();

    assertEquals("ACCOUNT_NOT_FOUND", refused(() -> customer.start("nobody", "css")).reason());
    assertEquals("SERVICE_NOT_FOUND", refused(() -> customer.start(account, "css")).reason());
    assertEquals("ACCOUNT_NOT_FOUND", refused(() -> customer.reopen("nobody", "css")).reason());
    assertEquals("SERVICE_NOT_FOUND", refused(() -> customer.reopen(account, "css")).reason());
  }

  /** An account whose service was repossessed, and that has paid since. */
  private String paidAfterRepossession(String product) {
    String account = client.account();
    client.ingest(item(account, "3", client.now()).setProduct(product));
    client.advanceTo(client.nextMorning().plus(Duration.ofDays(2)));
    assertEquals(
        ServiceState.SERVICE_STATE_REPOSSESSED, client.service(account, product).getState());
    client.pay(account, "3");
    return account;
  }

  private String shortLived() {
    return product("repossession: {after-overdue: 2d}");
  }

  @Test
  void reopening_with_one_request_id_happens_once() {
    String product = shortLived();
    String account = paidAfterRepossession(product);
    ReopenServiceRequest.Builder request = Person.reopening(account, product);
    AccountStatus first = customer.lifecycle.reopenService(request.build());
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(first, product).getState());
    client.person("risk").restrict(account, "", "MANUAL");
    long transitions = client.transitions(account).size();

    AccountStatus again = customer.lifecycle.reopenService(request.build());

    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, service(again, product).getState());
    assertEquals(transitions, client.transitions(account).size());
    Refusal refusal =
        refused(
            () -> customer.lifecycle.reopenService(request.clone().setReason("another").build()));
    assertEquals(Code.ALREADY_EXISTS, refusal.code());
    assertEquals("ID_REUSED", refusal.reason());
  }

  @Test
  void reopened_many_times_at_once_with_one_id_it_starts_afresh_once() throws Exception {
    String product = shortLived();
    String account = paidAfterRepossession(product);
    ReopenServiceRequest request = Person.reopening(account, product).build();

    List<Long> generations =
        Concurrently.all(
            IntStream.range(0, 8)
                .<Callable<Long>>mapToObj(
                    i ->
                        () ->
                            service(customer.lifecycle.reopenService(request), product)
                                .getGeneration())
                .toList());

    assertEquals(1, generations.stream().distinct().count());
    assertEquals(
        1,
        client.transitions(account).stream().filter(t -> t.getRule().equals("reopened")).count());
  }

  @Test
  void only_a_repossessed_or_cleared_service_of_an_account_that_owes_nothing_is_reopened() {
    String product = shortLived();
    String account = client.account();
    client.ingest(item(account, "3", client.now()).setProduct(product));
    assertCannotReopen(account, product, "ACTIVE");
    client.advanceTo(client.nextMorning());
    assertCannotReopen(account, product, "GRACE");
    client.advance(Duration.ofDays(2));
    assertCannotReopen(account, product, "overdue");
    client.pay(account, "3");
    Restriction legal = client.person("court").restrict(account, "", "LEGAL");
    assertCannotReopen(account, product, "LEGAL");
    client.person("court").lift(legal);

    AccountStatus reopened = customer.reopen(account, product);

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(reopened, product).getState());
  }

  private void assertCannotReopen(String account, String product, String why) {
    Refusal refusal = refused(() -> customer.reopen(account, product));
    assertEquals(Code.FAILED_PRECONDITION, refusal.code());
    assertEquals("CANNOT_REOPEN", refusal.reason());
    assertTrue(refusal.message().contains(why), refusal.message());
  }

  @Test
  void a_refused_request_may_be_made_again_once_nothing_stands_in_the_way() {
    String product = shortLived();
    String account = paidAfterRepossession(product);
    Restriction legal = client.person("court").restrict(account, "", "LEGAL");
    ReopenServiceRequest request = Person.reopening(account, product).build();
    assertEquals(
        "CANNOT_REOPEN", refused(() -> customer.lifecycle.reopenService(request)).reason());
    client.person("court").lift(legal);

    AccountStatus reopened = customer.lifecycle.reopenService(request);

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(reopened, product).getState());
  }

  @Test
  void a_reopened_service_has_an_episode_of_its_own_with_the_whole_time() {
    String product = shortLived();
    String account = paidAfterRepossession(product);
    customer.reopen(account, product);
    client.ingest(item(account, "1", client.now()).setProduct(product));
    Instant morning = client.advanceTo(client.nextMorning());

    ServiceStatus graced = client.service(account, product);

    assertEquals(ServiceState.SERVICE_STATE_GRACE, graced.getState());
    assertEquals(morning.plus(DAY), instant(graced.getNext().getAt()));
    client.advanceTo(morning.plus(Duration.ofDays(2)).minusSeconds(1));
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, client.service(account, product).getState());
    client.advance(Duration.ofSeconds(1));
    assertEquals(
        ServiceState.SERVICE_STATE_REPOSSESSED, client.service(account, product).getState());
  }
}
