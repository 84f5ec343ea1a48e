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
import io.arrears.v1.Access;
import io.arrears.v1.AccountStatus;
import io.arrears.v1.Job;
import io.arrears.v1.RestrictAccountRequest;
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
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class RestrictionsOverGrpcTest extends OverGrpc {

  private static final Duration DAY = Duration.ofHours(24);

  private Person risk;

  @BeforeEach
  void somebody() {
    risk = client.person("risk");
  }

  /** An account with money and a running service of css. */
  private String customer() {
    String account = client.account();
    client.pay(account, "100");
    client.ingest(item(account, "1", client.now()));
    return account;
  }

  private static List<String> reasons(ServiceStatus service) {
    return service.getReasonsList().stream()
        .map(SuspensionReason::name)
        .map(name -> name.substring("SUSPENSION_REASON_".length()))
        .toList();
  }

  private void assertStands(String account, ServiceState state, String... reasons) {
    ServiceStatus css = client.service(account, "css");
    assertEquals(state, css.getState());
    assertEquals(Set.of(reasons), Set.copyOf(reasons(css)));
  }

  @Test
  void a_restriction_suspends_at_once_and_names_who_placed_it_and_why() {
    String account = customer();
    Instant now = client.now();

    Restriction placed = risk.restrict(account, "css", "MANUAL");

    assertEquals(account, placed.getAccountId());
    assertEquals("css", placed.getProduct());
    assertEquals("case 4711", placed.getComment());
    assertEquals("risk", placed.getPlacedBy());
    assertEquals(now, instant(placed.getPlaceTime()));
    assertFalse(placed.hasLiftTime());
    assertStands(account, ServiceState.SERVICE_STATE_SUSPENDED, "MANUAL");
    ServiceStatus css = client.service(account, "css");
    assertEquals(now, instant(css.getStateSince()));
    assertEquals(Access.ACCESS_NEW_BLOCKED, css.getAccess());
    assertFalse(css.getEnforced());
    assertFalse(css.hasNext());
    Transition newest = client.transitions(account).get(0);
    assertEquals("restricted", newest.getRule());
    assertEquals("risk", newest.getActor());
  }

  @Test
  void each_reason_is_lifted_by_its_owner_only_and_the_last_one_to_go_restores() {
    String account = client.overdueAccount("3");
    client.advance(DAY.plus(DAY));
    Restriction manual = risk.restrict(account, "", "MANUAL");
    Restriction legal = risk.restrict(account, "css", "LEGAL");
    assertStands(account, ServiceState.SERVICE_STATE_SUSPENDED, "ARREARS", "LEGAL", "MANUAL");

    client.pay(account, "3");
    assertStands(account, ServiceState.SERVICE_STATE_SUSPENDED, "LEGAL", "MANUAL");
    risk.lift(manual);
    assertStands(account, ServiceState.SERVICE_STATE_SUSPENDED, "LEGAL");
    risk.lift(legal);

    assertStands(account, ServiceState.SERVICE_STATE_ACTIVE);
    assertEquals(Access.ACCESS_ALLOWED, client.service(account, "css").getAccess());
    assertEquals(
        List.of(
            "restricted",
            "restricted",
            "arrears-cleared",
            "restriction-lifted",
            "restriction-lifted"),
        client.transitions(account).stream().map(Transition::getRule).skip(3).toList());
  }

  @Test
  void lifting_what_people_placed_does_not_lift_the_arrears() {
    String account = client.overdueAccount("3");
    client.advance(DAY.plus(DAY));
    Restriction manual = risk.restrict(account, "", "MANUAL");

    risk.lift(manual);

    assertStands(account, ServiceState.SERVICE_STATE_SUSPENDED, "ARREARS");
  }

  @Test
  void two_restrictions_for_one_reason_are_lifted_one_by_one() {
    String account = customer();
    Restriction first = risk.restrict(account, "", "MANUAL");
    Restriction second = client.person("finance").restrict(account, "css", "MANUAL");

    risk.lift(first);

    assertStands(account, ServiceState.SERVICE_STATE_SUSPENDED, "MANUAL");
    risk.lift(second);
    assertStands(account, ServiceState.SERVICE_STATE_ACTIVE);
  }

  @Test
  void the_grace_runs_on_while_an_operator_s_reason_stands() {
    String account = client.overdueAccount("3");
    client.confirmReceipt(account, null);
    Instant deadline = client.now().plus(DAY);
    Restriction manual = risk.restrict(account, "", "MANUAL");
    client.advanceTo(deadline.minusSeconds(1));
    assertStands(account, ServiceState.SERVICE_STATE_SUSPENDED, "MANUAL");

    client.advanceTo(deadline);

    assertStands(account, ServiceState.SERVICE_STATE_SUSPENDED, "ARREARS", "MANUAL");
    risk.lift(manual);
    assertStands(account, ServiceState.SERVICE_STATE_SUSPENDED, "ARREARS");
  }

  @Test
  void an_overdue_service_that_is_released_by_its_operator_is_overdue_again_with_its_time_left() {
    String account = client.overdueAccount("3");
    client.confirmReceipt(account, null);
    Instant deadline = client.now().plus(DAY);
    Restriction manual = risk.restrict(account, "", "MANUAL");
    client.advance(Duration.ofHours(3));

    risk.lift(manual);

    assertStands(account, ServiceState.SERVICE_STATE_GRACE);
    assertEquals(deadline, instant(client.service(account, "css").getNext().getAt()));
  }

  @Test
  void a_restriction_of_one_product_leaves_the_others_alone() {
    String account = customer();
    client.ingest(item(account, "1", client.now()).setProduct("vod"));

    risk.restrict(account, "vod", "LEGAL");

    assertStands(account, ServiceState.SERVICE_STATE_ACTIVE);
    ServiceStatus vod = client.service(account, "vod");
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, vod.getState());
    assertEquals(List.of("LEGAL"), reasons(vod));
  }

  @Test
  void a_restriction_of_the_account_reaches_a_product_opened_later_and_lifting_frees_it() {
    String account = customer();
    Restriction legal = risk.restrict(account, "", "LEGAL");
    client.advance(Duration.ofHours(1));
    client.ingest(item(account, "1", client.now()).setProduct("cos"));
    client.run(Job.JOB_DUE_TRANSITIONS);
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, client.service(account, "cos").getState());

    risk.lift(legal);

    AccountStatus status = client.status(account);
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(status, "css").getState());
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(status, "cos").getState());
  }

  @Test
  void a_product_may_be_restricted_before_the_account_uses_it() {
    String account = customer();
    risk.restrict(account, "cos", "MANUAL");

    client.ingest(item(account, "1", client.now()).setProduct("cos"));
    client.run(Job.JOB_DUE_TRANSITIONS);

    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, client.service(account, "cos").getState());
    assertStands(account, ServiceState.SERVICE_STATE_ACTIVE);
  }

  @Test
  void nothing_leads_back_from_a_ban() {
    String account = client.overdueAccount("3");

    Restriction ban = risk.restrict(account, "", "VIOLATION");

    assertStands(account, ServiceState.SERVICE_STATE_BANNED, "VIOLATION");
    client.pay(account, "1000");
    Refusal lifting = refused(() -> risk.lift(ban));
    assertEquals(Code.FAILED_PRECONDITION, lifting.code());
    assertEquals("BANNED", lifting.reason());
    assertEquals("CANNOT_START", refused(() -> risk.start(account, "css")).reason());
    assertEquals("CANNOT_REOPEN", refused(() -> risk.reopen(account, "css")).reason());
    assertEquals("BANNED", refused(() -> risk.request(account, "css")).reason());
    risk.release(risk.hold(account, client.now().plus(DAY)));
    client.advance(Duration.ofDays(3));
    assertStands(account, ServiceState.SERVICE_STATE_BANNED, "VIOLATION");
    assertEquals(Access.ACCESS_BLOCKED, client.service(account, "css").getAccess());
    assertEquals(List.of("OVERDUE", "BANNED"), client.states(account));
  }

  @Test
  void a_product_opened_after_the_ban_is_banned_with_its_first_item() {
    String account = customer();
    risk.restrict(account, "", "VIOLATION");
    client.advance(Duration.ofDays(1));

    client.ingest(item(account, "1", client.now()).setProduct("vod"));
    client.run(Job.JOB_DUE_TRANSITIONS);

    ServiceStatus vod = client.service(account, "vod");
    assertEquals(ServiceState.SERVICE_STATE_BANNED, vod.getState());
    assertEquals(client.now(), instant(vod.getStateSince()));
    assertEquals(Access.ACCESS_BLOCKED, vod.getAccess());
  }

  @Test
  void a_ban_of_one_product_bans_no_other() {
    String account = customer();
    client.ingest(item(account, "1", client.now()).setProduct("vod"));

    risk.restrict(account, "vod", "VIOLATION");

    assertStands(account, ServiceState.SERVICE_STATE_ACTIVE);
    assertEquals(ServiceState.SERVICE_STATE_BANNED, client.service(account, "vod").getState());
  }

  @Test
  void under_legal_nothing_is_repossessed_and_what_it_stopped_is_due_when_it_is_lifted() {
    String account = client.overdueAccount("3");
    Restriction legal = risk.restrict(account, "", "LEGAL");
    client.advance(Duration.ofDays(70));
    assertStands(account, ServiceState.SERVICE_STATE_SUSPENDED, "ARREARS", "LEGAL");
    assertFalse(client.service(account, "css").hasNext());

    risk.lift(legal);

    ServiceStatus css = client.service(account, "css");
    assertEquals(ServiceState.SERVICE_STATE_REPOSSESSED, css.getState());
    assertEquals(client.now(), instant(css.getStateSince()));
  }

  @Test
  void under_legal_nothing_is_erased_and_the_product_is_told_so() {
    String account = client.overdueAccount("3");
    client.advance(Duration.ofDays(60));
    assertEquals(3, toldToErase(account).size());
    long told = client.service(account, "css").getGeneration();

    Restriction legal = risk.restrict(account, "", "LEGAL");

    assertEquals(List.of(), toldToErase(account));
    assertTrue(client.service(account, "css").getGeneration() > told);
    assertEquals(List.of("LEGAL"), reasons(client.service(account, "css")));
    risk.lift(legal);
    assertEquals(3, toldToErase(account).size());
    assertStands(account, ServiceState.SERVICE_STATE_REPOSSESSED);
  }

  /** The categories that css is to erase. */
  private List<String> toldToErase(String account) {
    String categories =
        sql("select clear_categories from service where account_id = '" + account + "'")
            .iterator()
            .next()
            .getString(0);
    return categories.isEmpty() ? List.of() : List.of(categories.split(", ", -1));
  }

  @Test
  void the_same_request_again_returns_the_first_answer_and_with_other_content_is_refused() {
    String account = customer();
    RestrictAccountRequest.Builder request = Person.restriction(account, "css", "MANUAL");
    Restriction first = risk.lifecycle.restrictAccount(request.build());
    client.advance(Duration.ofHours(1));

    assertEquals(first, client.person("another").lifecycle.restrictAccount(request.build()));

    Refusal refusal =
        refused(
            () ->
                risk.lifecycle.restrictAccount(
                    request
                        .clone()
                        .setReason(SuspensionReason.SUSPENSION_REASON_VIOLATION)
                        .build()));
    assertEquals(Code.ALREADY_EXISTS, refusal.code());
    assertEquals("ID_REUSED", refusal.reason());
    assertStands(account, ServiceState.SERVICE_STATE_SUSPENDED, "MANUAL");
    assertEquals(1, client.transitions(account).size());
  }

  @Test
  void requests_at_once_with_one_id_restrict_once() throws Exception {
    String account = customer();
    RestrictAccountRequest request = Person.restriction(account, "", "LEGAL").build();

    List<Restriction> answers =
        Concurrently.all(
            IntStream.range(0, 8)
                .<Callable<Restriction>>mapToObj(i -> () -> risk.lifecycle.restrictAccount(request))
                .toList());

    assertEquals(1, answers.stream().collect(Collectors.toSet()).size());
    risk.lift(answers.get(0));
    assertStands(account, ServiceState.SERVICE_STATE_ACTIVE);
  }

  @Test
  void lifting_twice_changes_nothing_more() {
    String account = customer();
    Restriction placed = risk.restrict(account, "", "MANUAL");
    Restriction lifted = risk.lift(placed);
    assertEquals(client.now(), instant(lifted.getLiftTime()));
    client.advance(Duration.ofHours(1));

    assertEquals(lifted, client.person("another").lift(placed));

    assertEquals(2, client.transitions(account).size());
  }

  @Test
  void what_does_not_exist_cannot_be_restricted_or_lifted() {
    String account = customer();

    Refusal unknown = refused(() -> risk.restrict("nobody", "", "MANUAL"));
    assertEquals(Code.NOT_FOUND, unknown.code());
    assertEquals("ACCOUNT_NOT_FOUND", unknown.reason());
    assertEquals("there is no account nobody", unknown.message());
    assertEquals(
        "PRODUCT_NOT_FOUND", refused(() -> risk.restrict(account, "teleport", "MANUAL")).reason());
    assertEquals("RESTRICTION_NOT_FOUND", refused(() -> risk.lift("anything")).reason());
    assertEquals("RESTRICTION_NOT_FOUND", refused(() -> risk.lift(account + "~no-such")).reason());
    assertEquals("ACCOUNT_NOT_FOUND", refused(() -> risk.lift("nobody~no-such")).reason());
    assertStands(account, ServiceState.SERVICE_STATE_ACTIVE);
  }
}
