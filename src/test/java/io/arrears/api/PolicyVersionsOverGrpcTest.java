package io.arrears.api;

import static io.arrears.testkit.Client.at;
import static io.arrears.testkit.Client.instant;
import static io.arrears.testkit.Client.item;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Person;
import io.arrears.testkit.Rules;
import io.arrears.v1.Account;
import io.arrears.v1.CreateAccountRequest;
import io.arrears.v1.ServiceState;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.Transition;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which version of a product's rules governs a service, and from when on. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class PolicyVersionsOverGrpcTest extends OverGrpc {

  private Person owner;
  private String product;

  @BeforeEach
  void aProductWithTwentyFourHoursOfGrace() {
    owner = client.person("owner");
    product = Rules.newProduct();
    owner.apply(graceOf("24h"));
  }

  private String graceOf(String length) {
    return Rules.document(product, "grace: {length: %s, from: overdue}".formatted(length));
  }

  private void use(String account, String cost) {
    client.ingest(item(account, cost, client.now()).setProduct(product));
  }

  /** An account that became overdue on the next morning. */
  private String overdue() {
    String account = client.account();
    use(account, "3");
    client.advanceTo(client.nextMorning());
    return account;
  }

  private ServiceStatus service(String account) {
    return client.service(account, product);
  }

  private Instant deadline(String account) {
    return instant(service(account).getNext().getAt());
  }

  private List<Long> versions(String account) {
    return client.transitions(account).stream().map(Transition::getPolicyVersion).toList();
  }

  @Test
  void a_timer_that_runs_keeps_its_version_and_the_next_episode_goes_by_the_new_one() {
    String account = overdue();
    Instant overdue = client.now();
    client.advance(Duration.ofHours(1));

    owner.apply(graceOf("2h"));

    assertEquals(overdue.plus(Duration.ofHours(24)), deadline(account));
    assertEquals(1, service(account).getPolicyVersion());
    client.pay(account, "3");
    assertEquals(2, service(account).getPolicyVersion());
    use(account, "1");
    Instant again = client.advanceTo(client.nextMorning());
    assertEquals(again.plus(Duration.ofHours(2)), deadline(account));
    assertEquals(List.of(1L, 1L, 1L, 2L, 2L), versions(account));
  }

  @Test
  void a_version_of_the_future_governs_what_begins_from_its_instant_on_and_not_before() {
    Instant morning = client.nextMorning();
    owner.apply(graceOf("2h"), morning.plusSeconds(1), false);
    String before = overdue();
    assertEquals(morning.plus(Duration.ofHours(24)), deadline(before));
    assertEquals(1, service(before).getPolicyVersion());

    String after = overdue();

    assertEquals(client.now().plus(Duration.ofHours(2)), deadline(after));
    assertEquals(2, service(after).getPolicyVersion());
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, service(before).getState());
    assertEquals(morning.plus(Duration.ofHours(24)), instant(service(before).getStateSince()));
  }

  @Test
  void a_retroactive_version_governs_running_timers_but_makes_nothing_due_before_its_instant() {
    String account = overdue();
    Instant overdue = client.now();
    Instant from = overdue.plus(Duration.ofHours(5));
    owner.apply(graceOf("2h"), from, true);
    client.advanceTo(from.minusSeconds(1));
    assertEquals(ServiceState.SERVICE_STATE_GRACE, service(account).getState());

    client.advance(Duration.ofDays(3));

    ServiceStatus suspended = service(account);
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, suspended.getState());
    assertEquals(from, instant(suspended.getStateSince()));
    assertEquals(2, suspended.getPolicyVersion());
    assertEquals(List.of(1L, 1L, 2L), versions(account));
  }

  @Test
  void a_retroactive_version_may_give_more_time() {
    String account = overdue();
    Instant overdue = client.now();
    client.advance(Duration.ofHours(23));

    owner.apply(graceOf("48h"), client.now(), true);

    assertEquals(overdue.plus(Duration.ofDays(2)), deadline(account));
    client.advanceTo(overdue.plus(Duration.ofDays(2)).minusSeconds(1));
    assertEquals(ServiceState.SERVICE_STATE_GRACE, service(account).getState());
    client.advance(Duration.ofSeconds(1));
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, service(account).getState());
  }

  @Test
  void a_version_that_is_not_retroactive_shortens_no_timer_when_its_instant_comes() {
    String account = overdue();
    Instant overdue = client.now();
    owner.apply(graceOf("2h"), overdue.plus(Duration.ofHours(5)), false);

    client.advanceTo(overdue.plus(Duration.ofHours(24)).minusSeconds(1));

    assertEquals(ServiceState.SERVICE_STATE_GRACE, service(account).getState());
    client.advance(Duration.ofSeconds(1));
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, service(account).getState());
  }

  @Test
  void a_product_has_its_own_mornings_in_its_own_time_zone() {
    String other = Rules.newProduct();
    owner.apply(
        Rules.document(
            other,
            "billing: {time-zone: America/New_York, daily-at: \"05:45\", monthly-day: 3,"
                + " monthly-at: \"06:30\"}"));
    ZoneId newYork = ZoneId.of("America/New_York");
    LocalDate today = client.now().atZone(newYork).toLocalDate();
    String account = client.account();
    client.ingest(item(account, "3", client.now()).setProduct(other));
    Instant morning = today.plusDays(1).atTime(5, 45).atZone(newYork).toInstant();
    client.advanceTo(morning.minusSeconds(1));
    assertEquals(0, client.bills(account).size());

    client.advance(Duration.ofHours(30));

    assertEquals(1, client.bills(account).size());
    assertEquals(morning, instant(client.bills(account).get(0).getGeneratedAt()));
    assertEquals(today.getDayOfMonth(), client.bills(account).get(0).getPeriodEnd().getDay());
    assertEquals(morning, instant(client.status(account).getArrears().getOverdueSince()));
  }

  @Test
  void new_mornings_begin_when_their_version_does() {
    String account = client.account();
    LocalDate day = client.today();
    owner.apply(
        Rules.document(
            product,
            "billing: {time-zone: Asia/Shanghai, daily-at: \"06:23\", monthly-day: 1,"
                + " monthly-at: \"08:00\"}"),
        at(day.plusDays(2), "05:00"),
        false);
    use(account, "1");
    client.advanceTo(at(day.plusDays(1), "09:00"));
    use(account, "1");

    client.advanceTo(at(day.plusDays(2), "09:00"));

    assertEquals(
        List.of(at(day.plusDays(2), "06:23"), at(day.plusDays(1), "08:00")),
        client.bills(account).stream().map(bill -> instant(bill.getGeneratedAt())).toList());
  }

  @Test
  void a_version_that_means_something_else_by_overdue_is_applied_to_services_in_good_standing() {
    String byBills = Rules.newProduct();
    owner.apply(
        Rules.document(
            byBills,
            "overdue: {balance: ignored, unpaid-bills: {past-due: 90d}}",
            "grace: {length: 24h, from: overdue}"));
    String account = client.account();
    client.ingest(item(account, "3", client.now()).setProduct(byBills));
    client.advanceTo(client.nextMorning());
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, client.service(account, byBills).getState());
    Instant from = client.now().plus(Duration.ofDays(2));
    owner.apply(Rules.document(byBills), from, false);
    client.advance(Duration.ofHours(1));
    client.pay(account, "1");
    client.advanceTo(from.minusSeconds(1));
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, client.service(account, byBills).getState());

    client.advance(Duration.ofHours(1));

    List<Transition> transitions = client.transitions(account);
    assertEquals(ServiceState.SERVICE_STATE_OVERDUE, transitions.get(0).getToState());
    assertEquals(from, instant(transitions.get(0).getAt()));
    assertEquals(2, transitions.get(0).getPolicyVersion());
  }

  @Test
  void a_tier_has_rules_of_its_own() {
    owner.apply(graceOf("24h") + "tiers: {key-customer: {suspension: never}}\n");
    String key = "acct-" + UUID.randomUUID();
    client.accounts.createAccount(
        CreateAccountRequest.newBuilder()
            .setAccount(
                Account.newBuilder()
                    .setAccountId(key)
                    .setCurrencyCode("USD")
                    .setTier("key-customer"))
            .build());
    use(key, "3");
    String other = overdue();

    client.advance(Duration.ofDays(70));

    assertEquals(ServiceState.SERVICE_STATE_REPOSSESSED, service(other).getState());
    assertFalse(service(key).hasNext());
    assertEquals(List.of("OVERDUE"), client.states(key).subList(0, 1));
    assertFalse(client.states(key).contains("SUSPENDED"));
  }
}
