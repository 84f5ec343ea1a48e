package io.arrears.api;

import static io.arrears.testkit.Client.instant;
import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.usd;
import static io.arrears.testkit.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.FieldMask;
import io.arrears.testkit.Concurrently;
import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Person;
import io.arrears.testkit.Refusal;
import io.arrears.testkit.Rules;
import io.arrears.v1.Account;
import io.arrears.v1.Cohort;
import io.arrears.v1.CreateAccountRequest;
import io.arrears.v1.Hold;
import io.arrears.v1.ListHoldsRequest;
import io.arrears.v1.PlaceHoldRequest;
import io.arrears.v1.ServiceState;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.UpdateAccountRequest;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Moratoria: holds of all accounts that have something in common. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class CohortHoldsOverGrpcTest extends OverGrpc {

  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration WEEK = Duration.ofDays(7);

  private Person desk;

  @BeforeEach
  void somebody() {
    desk = client.person("desk");
  }

  private static String unique(String what) {
    return what + "-" + UUID.randomUUID();
  }

  private String account(String tier, String region) {
    String id = unique("acct");
    client.accounts.createAccount(
        CreateAccountRequest.newBuilder()
            .setAccount(
                Account.newBuilder()
                    .setAccountId(id)
                    .setCurrencyCode("USD")
                    .setTier(tier)
                    .setRegion(region))
            .build());
    return id;
  }

  /** Overdue tomorrow morning by a product with 24 hours of grace from then on. */
  private void use(String account, String product) {
    client.ingest(item(account, "3", client.now()).setProduct(product));
  }

  private void move(String account, Account.Builder change, String field) {
    client.accounts.updateAccount(
        UpdateAccountRequest.newBuilder()
            .setAccount(change.setAccountId(account))
            .setUpdateMask(FieldMask.newBuilder().addPaths(field))
            .build());
  }

  private Instant next(String account, String product) {
    return instant(client.service(account, product).getNext().getAt());
  }

  @Test
  void a_moratorium_of_a_tier_holds_its_accounts_and_no_others() {
    String tier = unique("tier");
    String inside = account(tier, "");
    String outside = client.account();
    use(inside, "cdn");
    use(outside, "cdn");
    Instant morning = client.advanceTo(client.nextMorning());

    desk.hold(Cohort.newBuilder().setTier(tier), morning.plus(WEEK));

    client.advanceTo(morning.plus(WEEK));
    assertEquals(ServiceState.SERVICE_STATE_GRACE, client.service(inside, "cdn").getState());
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, client.service(outside, "cdn").getState());
    Instant deadline = morning.plus(WEEK).plus(Duration.ofHours(2));
    assertEquals(deadline, next(inside, "cdn"));
    client.advanceTo(deadline);
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, client.service(inside, "cdn").getState());
    assertEquals(deadline, instant(client.service(inside, "cdn").getStateSince()));
  }

  @Test
  void a_moratorium_of_a_product_holds_that_product_alone() {
    String product = Rules.newProduct();
    desk.apply(Rules.document(product));
    String account = client.account();
    use(account, product);
    use(account, "trtc");
    Instant morning = client.advanceTo(client.nextMorning());

    desk.hold(Cohort.newBuilder().setProduct(product), morning.plus(WEEK));

    ServiceStatus held = client.service(account, product);
    assertEquals(morning.plus(WEEK), instant(held.getHeldUntil()));
    assertEquals(morning.plus(WEEK).plus(DAY), instant(held.getNext().getAt()));
    assertFalse(client.service(account, "trtc").hasHeldUntil());
    client.advance(DAY);
    assertEquals(ServiceState.SERVICE_STATE_GRACE, client.service(account, product).getState());
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, client.service(account, "trtc").getState());
  }

  @Test
  void every_condition_of_a_cohort_must_hold() {
    String tier = unique("tier");
    String region = unique("region");
    String both = account(tier, region);
    String tierOnly = account(tier, "elsewhere");
    String regionOnly = account("standard", region);
    List.of(both, tierOnly, regionOnly).forEach(each -> use(each, "trtc"));
    Instant morning = client.advanceTo(client.nextMorning());

    desk.hold(Cohort.newBuilder().setTier(tier).setRegion(region), morning.plus(WEEK));

    assertTrue(client.service(both, "trtc").hasHeldUntil());
    assertFalse(client.service(tierOnly, "trtc").hasHeldUntil());
    assertFalse(client.service(regionOnly, "trtc").hasHeldUntil());
  }

  @Test
  void an_account_that_joins_a_cohort_is_held_from_then_on() {
    String region = unique("region");
    String account = client.account();
    use(account, "trtc");
    Instant morning = client.advanceTo(client.nextMorning());
    desk.hold(Cohort.newBuilder().setRegion(region), morning.plus(WEEK));
    assertFalse(client.service(account, "trtc").hasHeldUntil());

    move(account, Account.newBuilder().setRegion(region), "region");

    assertEquals(morning.plus(WEEK), instant(client.service(account, "trtc").getHeldUntil()));
    client.advanceTo(morning.plus(WEEK).plus(DAY).minusSeconds(1));
    assertEquals(ServiceState.SERVICE_STATE_GRACE, client.service(account, "trtc").getState());
    client.advance(Duration.ofSeconds(1));
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, client.service(account, "trtc").getState());
  }

  @Test
  void a_service_that_is_opened_during_a_moratorium_of_its_product_is_held_as_well() {
    String product = Rules.newProduct();
    desk.apply(Rules.document(product));
    Instant until = client.nextMorning().plus(WEEK);
    desk.hold(Cohort.newBuilder().setProduct(product), until);
    String account = client.account();
    use(account, product);

    client.advanceTo(client.nextMorning());

    assertEquals(until.plus(DAY), next(account, product));
  }

  @Test
  void a_moratorium_that_is_released_early_ends_for_all_of_its_accounts() {
    String tier = unique("tier");
    List<String> accounts = IntStream.range(0, 3).mapToObj(i -> account(tier, "")).toList();
    accounts.forEach(each -> use(each, "trtc"));
    Instant morning = client.advanceTo(client.nextMorning());
    Hold hold = desk.hold(Cohort.newBuilder().setTier(tier), morning.plus(WEEK));
    client.advance(Duration.ofDays(2));

    Hold released = desk.release(hold);

    assertEquals(Hold.State.STATE_RELEASED, released.getState());
    assertEquals(tier, released.getCohort().getTier());
    Instant deadline = morning.plus(DAY).plus(Duration.ofDays(2));
    client.advanceTo(deadline);
    for (String account : accounts) {
      ServiceStatus trtc = client.service(account, "trtc");
      assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, trtc.getState());
      assertEquals(deadline, instant(trtc.getStateSince()));
    }
  }

  @Test
  void of_two_operators_who_end_a_moratorium_at_once_one_does() throws Exception {
    Hold hold = desk.hold(Cohort.newBuilder().setTier(unique("tier")), client.now().plus(WEEK));

    List<Code> answers =
        Concurrently.all(
            IntStream.range(0, 4)
                .<Callable<Code>>mapToObj(
                    i ->
                        () -> {
                          try {
                            client.person("operator-" + i).release(hold);
                            return Code.OK;
                          } catch (StatusRuntimeException e) {
                            return e.getStatus().getCode();
                          }
                        })
                .toList());

    assertEquals(1, answers.stream().filter(Code.OK::equals).count());
    assertEquals(3, answers.stream().filter(Code.FAILED_PRECONDITION::equals).count());
  }

  @Test
  void the_same_request_at_once_makes_one_moratorium() throws Exception {
    PlaceHoldRequest request =
        Person.holding(Cohort.newBuilder().setTier(unique("tier")), client.now().plus(WEEK))
            .build();

    List<Hold> answers =
        Concurrently.all(
            IntStream.range(0, 6)
                .<Callable<Hold>>mapToObj(i -> () -> desk.lifecycle.placeHold(request))
                .toList());

    assertEquals(1, answers.stream().distinct().count());
    Refusal refusal =
        refused(() -> desk.lifecycle.placeHold(request.toBuilder().setReason("another").build()));
    assertEquals(Code.ALREADY_EXISTS, refusal.code());
  }

  @Test
  void a_cohort_without_a_condition_is_refused_because_it_never_means_all() {
    Refusal refusal = refused(() -> desk.hold(Cohort.newBuilder(), client.now().plus(WEEK)));

    assertEquals(Code.INVALID_ARGUMENT, refusal.code());
    assertEquals(List.of("cohort"), refusal.fields());
  }

  @Test
  void a_cohort_promises_nothing() {
    Refusal refusal =
        refused(
            () ->
                desk.lifecycle.placeHold(
                    Person.holding(Cohort.newBuilder().setTier("standard"), client.now().plus(WEEK))
                        .setPromisedAmount(usd("1"))
                        .build()));

    assertEquals(List.of("promised_amount"), refusal.fields());
  }

  @Test
  void an_account_s_list_has_its_own_holds_and_those_of_its_cohorts() {
    String tier = unique("tier");
    String account = account(tier, "");
    use(account, "cdn");
    Instant until = client.now().plus(WEEK);
    Hold own = desk.hold(account, until);
    Hold ofTier = desk.hold(Cohort.newBuilder().setTier(tier), until);
    desk.hold(Cohort.newBuilder().setTier(unique("tier")), until);
    desk.hold(Cohort.newBuilder().setTier(tier).setProduct("vod"), until);
    desk.hold(client.account(), until);

    List<Hold> listed =
        desk.lifecycle
            .listHolds(ListHoldsRequest.newBuilder().setAccountId(account).build())
            .getHoldsList();

    assertEquals(2, listed.size(), listed.toString());
    assertTrue(listed.containsAll(List.of(own, ofTier)));
    assertTrue(
        desk.lifecycle
            .listHolds(ListHoldsRequest.newBuilder().setPageSize(1000).build())
            .getHoldsList()
            .containsAll(List.of(own, ofTier)));
  }
}
