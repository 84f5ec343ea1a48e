package io.arrears.api;

import static io.arrears.testkit.Client.instant;
import static io.arrears.testkit.Client.timestamp;
import static io.arrears.testkit.Client.usd;
import static io.arrears.testkit.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.Concurrently;
import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Person;
import io.arrears.testkit.Refusal;
import io.arrears.v1.Hold;
import io.arrears.v1.ListHoldsRequest;
import io.arrears.v1.ListHoldsResponse;
import io.arrears.v1.PlaceHoldRequest;
import io.arrears.v1.ServiceState;
import io.arrears.v1.ServiceStatus;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Holds of single accounts, and promises to pay. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class HoldsOverGrpcTest extends OverGrpc {

  private static final Duration DAY = Duration.ofHours(24);

  private Person desk;

  @BeforeEach
  void somebody() {
    desk = client.person("desk");
  }

  /** An account that is overdue and has received the notification just now. */
  private String graced() {
    String account = client.overdueAccount("3");
    client.confirmReceipt(account, null);
    return account;
  }

  private Hold.State state(String account, Hold hold) {
    return client
        .person("anybody")
        .lifecycle
        .listHolds(ListHoldsRequest.newBuilder().setAccountId(account).setPageSize(1000).build())
        .getHoldsList()
        .stream()
        .filter(each -> each.getHoldId().equals(hold.getHoldId()))
        .map(Hold::getState)
        .findFirst()
        .orElseThrow();
  }

  private ServiceState css(String account) {
    return client.service(account, "css").getState();
  }

  @Test
  void timers_stand_still_while_a_hold_runs_and_go_on_with_the_time_that_was_left() {
    String account = graced();
    Instant deadline = client.now().plus(DAY);
    client.advance(Duration.ofHours(5).plusSeconds(17));
    Instant until = client.now().plus(Duration.ofDays(3).plusSeconds(29));
    Instant later = deadline.plus(Duration.ofDays(3).plusSeconds(29));

    Hold hold = desk.hold(account, until);

    assertEquals(Hold.State.STATE_ACTIVE, hold.getState());
    assertEquals("desk", hold.getPlacedBy());
    ServiceStatus css = client.service(account, "css");
    assertEquals(until, instant(css.getHeldUntil()));
    assertEquals(later, instant(css.getNext().getAt()));
    client.advanceTo(later.minusSeconds(1));
    assertEquals(ServiceState.SERVICE_STATE_GRACE, css(account));
    assertFalse(client.service(account, "css").hasHeldUntil());
    assertEquals(Hold.State.STATE_EXPIRED, state(account, hold));
    client.advanceTo(later);
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, css(account));
    assertEquals(later, instant(client.service(account, "css").getStateSince()));
  }

  @Test
  void a_hold_that_is_released_early_holds_no_longer() {
    String account = graced();
    Instant deadline = client.now().plus(DAY);
    Hold hold = desk.hold(account, client.now().plus(Duration.ofDays(10)));
    client.advance(Duration.ofDays(2));

    Hold released = client.person("another").release(hold);

    assertEquals(Hold.State.STATE_RELEASED, released.getState());
    assertEquals(hold.getUntil(), released.getUntil());
    ServiceStatus css = client.service(account, "css");
    assertFalse(css.hasHeldUntil());
    assertEquals(deadline.plus(Duration.ofDays(2)), instant(css.getNext().getAt()));
    client.advanceTo(deadline.plus(Duration.ofDays(2)));
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, css(account));
  }

  @Test
  void time_that_two_holds_share_counts_once() {
    String account = graced();
    Instant start = client.now();
    desk.hold(account, start.plus(Duration.ofDays(4)));
    client.advance(Duration.ofDays(2));

    desk.hold(account, start.plus(Duration.ofDays(5)));

    ServiceStatus css = client.service(account, "css");
    assertEquals(start.plus(Duration.ofDays(5)), instant(css.getHeldUntil()));
    assertEquals(start.plus(Duration.ofDays(6)), instant(css.getNext().getAt()));
  }

  @Test
  void under_a_hold_a_suspended_service_is_not_repossessed_and_a_payment_restores_it() {
    String account = graced();
    Instant overdue = client.now();
    client.advance(Duration.ofDays(10));
    desk.hold(account, client.now().plus(Duration.ofDays(100)));
    assertEquals(
        overdue.plus(Duration.ofDays(160)),
        instant(client.service(account, "css").getNext().getAt()));
    client.advance(Duration.ofDays(60));
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, css(account));

    client.pay(account, "3");

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, css(account));
  }

  @Test
  void an_account_that_becomes_overdue_under_a_hold_has_its_whole_grace_after_it() {
    String account = client.account();
    client.ingest(io.arrears.testkit.Client.item(account, "3", client.now()));
    Instant until = client.nextMorning().plus(Duration.ofDays(2));
    desk.hold(account, until);
    client.advanceTo(client.nextMorning());
    assertEquals(ServiceState.SERVICE_STATE_OVERDUE, css(account));

    client.confirmReceipt(account, null);

    assertEquals(until.plus(DAY), instant(client.service(account, "css").getNext().getAt()));
  }

  @Test
  void a_promise_that_payments_reach_is_kept_and_ends_the_hold() {
    String account = graced();
    Instant deadline = client.now().plus(DAY);
    client.pay(account, "0.50");
    Hold promise = desk.promise(account, "2", client.now().plus(Duration.ofDays(7)));
    assertEquals(usd("2"), promise.getPromisedAmount());
    client.advance(Duration.ofDays(3));
    client.pay(account, "1.99");
    assertEquals(Hold.State.STATE_ACTIVE, state(account, promise));

    client.pay(account, "0.01");

    assertEquals(Hold.State.STATE_PROMISE_KEPT, state(account, promise));
    ServiceStatus css = client.service(account, "css");
    assertFalse(css.hasHeldUntil());
    assertEquals(deadline.plus(Duration.ofDays(3)), instant(css.getNext().getAt()));
    client.advance(Duration.ofDays(30));
    assertEquals(Hold.State.STATE_PROMISE_KEPT, state(account, promise));
    assertEquals(0, brokenPromises(account));
  }

  @Test
  void a_promise_that_runs_out_is_broken_and_the_customer_is_told_once() {
    String account = graced();
    Instant deadline = client.now().plus(DAY);
    Instant until = client.now().plus(Duration.ofDays(7));
    Hold promise = desk.promise(account, "2", until);
    client.advance(Duration.ofDays(1));
    client.pay(account, "1.99");
    client.advanceTo(until.minusSeconds(1));
    assertEquals(0, brokenPromises(account));

    client.advanceTo(until);

    assertEquals(Hold.State.STATE_PROMISE_BROKEN, state(account, promise));
    assertEquals(1, brokenPromises(account));
    assertEquals(
        deadline.plus(Duration.ofDays(7)),
        instant(client.service(account, "css").getNext().getAt()));
    client.advance(Duration.ofDays(70));
    client.pay(account, "0.01");
    assertEquals(1, brokenPromises(account));
    assertEquals(Hold.State.STATE_PROMISE_BROKEN, state(account, promise));
  }

  private int brokenPromises(String account) {
    return sql("select from notification where rung = 'PROMISE_BROKEN' and account_id = '"
            + account
            + "'")
        .size();
  }

  @Test
  void a_promise_that_was_released_is_neither_kept_nor_broken() {
    String account = graced();
    Hold promise = desk.promise(account, "2", client.now().plus(Duration.ofDays(7)));
    client.advance(Duration.ofDays(1));
    desk.release(promise);

    client.advance(Duration.ofDays(10));

    assertEquals(Hold.State.STATE_RELEASED, state(account, promise));
    assertEquals(0, brokenPromises(account));
  }

  @Test
  void a_promise_in_another_currency_is_refused() {
    String account = graced();

    Refusal refusal =
        refused(
            () ->
                desk.lifecycle.placeHold(
                    Person.holding(account, client.now().plus(DAY))
                        .setPromisedAmount(usd("2").toBuilder().setCurrencyCode("EUR"))
                        .build()));

    assertEquals(Code.INVALID_ARGUMENT, refusal.code());
    assertEquals(List.of("promised_amount.currency_code"), refusal.fields());
    assertFalse(client.service(account, "css").hasHeldUntil());
  }

  @Test
  void a_hold_has_an_end_in_the_future_and_within_a_year() {
    String account = graced();
    Instant now = client.now();
    PlaceHoldRequest.Builder request = Person.holding(account, now);

    for (PlaceHoldRequest.Builder bad :
        List.of(
            request.clone(),
            request.clone().setUntil(timestamp(now.minusSeconds(1))),
            request.clone().setUntil(timestamp(now.plus(Duration.ofDays(367)))),
            request.clone().setUntil(timestamp(Instant.parse("9999-12-31T23:59:59Z"))),
            request.clone().clearUntil())) {
      Refusal refusal = refused(() -> desk.lifecycle.placeHold(bad.build()));
      assertEquals(Code.INVALID_ARGUMENT, refusal.code());
      assertEquals(List.of("until"), refusal.fields());
    }
    assertFalse(client.service(account, "css").hasHeldUntil());
    desk.hold(account, now.plus(Duration.ofDays(366)));
  }

  @Test
  void the_same_request_again_returns_the_hold_and_with_other_content_is_refused() {
    String account = graced();
    PlaceHoldRequest.Builder request = Person.holding(account, client.now().plus(DAY));
    Hold first = desk.lifecycle.placeHold(request.build());
    client.advance(Duration.ofHours(1));

    assertEquals(first, desk.lifecycle.placeHold(request.build()));

    Refusal refusal =
        refused(() -> desk.lifecycle.placeHold(request.clone().setReason("another").build()));
    assertEquals(Code.ALREADY_EXISTS, refusal.code());
    assertEquals("ID_REUSED", refusal.reason());
    assertEquals(1, holds(account, 10, "").getHoldsCount());
  }

  @Test
  void a_hold_that_has_ended_cannot_be_released() {
    String account = graced();
    Hold expired = desk.hold(account, client.now().plus(Duration.ofHours(1)));
    Hold released = desk.release(desk.hold(account, client.now().plus(DAY)));
    client.advance(Duration.ofHours(1));

    for (Hold ended : List.of(expired, released)) {
      Refusal refusal = refused(() -> desk.release(ended));
      assertEquals(Code.FAILED_PRECONDITION, refusal.code());
      assertEquals("HOLD_ENDED", refusal.reason());
    }
    assertEquals("HOLD_NOT_FOUND", refused(() -> desk.release(account + "~no-such")).reason());
    assertEquals("HOLD_NOT_FOUND", refused(() -> desk.release("~no-such")).reason());
    assertEquals("HOLD_NOT_FOUND", refused(() -> desk.release("anything")).reason());
    assertEquals("ACCOUNT_NOT_FOUND", refused(() -> desk.hold("nobody", client.now())).reason());
  }

  @Test
  void of_two_operators_who_release_at_once_one_does_and_the_other_learns_who() throws Exception {
    String account = graced();
    Hold hold = desk.hold(account, client.now().plus(DAY));
    List<Person> operators = Stream.of("ann", "ben").map(client::person).toList();

    List<String> answers =
        Concurrently.all(
            operators.stream().<Callable<String>>map(each -> () -> released(each, hold)).toList());

    String winner = answers.get(0).equals("done") ? "ann" : "ben";
    assertTrue(answers.contains("done"), answers.toString());
    assertTrue(
        answers.stream().anyMatch(answer -> answer.endsWith("was released by " + winner)),
        answers.toString());
  }

  private static String released(Person person, Hold hold) {
    try {
      person.release(hold);
      return "done";
    } catch (StatusRuntimeException e) {
      assertEquals(Code.FAILED_PRECONDITION, e.getStatus().getCode());
      return String.valueOf(e.getStatus().getDescription());
    }
  }

  private ListHoldsResponse holds(String account, int size, String token) {
    return desk.lifecycle.listHolds(
        ListHoldsRequest.newBuilder()
            .setAccountId(account)
            .setPageSize(size)
            .setPageToken(token)
            .build());
  }

  @Test
  void holds_are_listed_newest_first_page_by_page() {
    String account = graced();
    List<Hold> placed = new ArrayList<>();
    IntStream.range(0, 5)
        .forEach(
            i -> {
              placed.add(0, desk.hold(account, client.now().plus(Duration.ofDays(30))));
              client.advance(Duration.ofMinutes(i % 2));
            });
    List<Hold> listed = new ArrayList<>();
    String token = "";
    int pages = 0;

    do {
      ListHoldsResponse page = holds(account, 2, token);
      listed.addAll(page.getHoldsList());
      token = page.getNextPageToken();
      pages++;
    } while (!token.isEmpty());

    assertEquals(3, pages);
    assertEquals(5, listed.stream().distinct().count());
    assertEquals(
        placed.stream().map(Hold::getPlaceTime).toList(),
        listed.stream().map(Hold::getPlaceTime).toList());
    assertTrue(listed.containsAll(placed));
    assertEquals("ACCOUNT_NOT_FOUND", refused(() -> holds("nobody", 2, "")).reason());
  }
}
