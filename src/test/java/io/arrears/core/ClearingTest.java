package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.CATEGORIES;
import static io.arrears.core.Policies.CSS;
import static io.arrears.core.Policies.hours;
import static io.arrears.core.PolicyBuilder.css;
import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.CLEARED;
import static io.arrears.core.ServiceState.DEACTIVATING;
import static io.arrears.core.ServiceState.REPOSSESSED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** S10 and S11: what a product is told to erase, and what it reports. */
class ClearingTest {

  private static final String[] ALL = CATEGORIES.toArray(String[]::new);

  private static Customer beingCleared() {
    return Customer.owing(CSS).settled(day(60));
  }

  private static Service.Erasure erasure(Customer customer, String category) {
    return customer.service("css").erased().get(category);
  }

  @Test
  void theProductIsToldWhatIsLeftToEraseUntilAllIsReported() {
    Customer customer = beingCleared();
    assertEquals(new Desired(Access.RELEASED, Map.of(), CATEGORIES), customer.desired("css"));
    assertFalse(customer.service("css").enforced());

    customer.reported("css", day(61), "configurations");
    assertEquals(List.of("client-authorizations", "service-logs"), customer.desired("css").clear());
    assertEquals(REPOSSESSED, customer.stateOf("css"));

    customer.reported("css", day(62), "client-authorizations", "service-logs");
    assertEquals(CLEARED, customer.stateOf("css"));
    assertEquals(new Desired(Access.ERASED, Map.of(), List.of()), customer.desired("css"));
    assertEquals("data-cleared 1488h", customer.moves().get(5));
    assertEquals("never", customer.due(day(62)));
  }

  @Test
  void eachCategoryKeepsTheTimeAndTheGenerationOfItsFirstReport() {
    Customer customer = beingCleared();
    long first = customer.service("css").generation();

    customer.reported("css", day(61), "configurations").reported("css", day(62), ALL);

    assertEquals(new Service.Erasure(day(61), first), erasure(customer, "configurations"));
    assertEquals(new Service.Erasure(day(62), first + 1), erasure(customer, "service-logs"));
  }

  @Test
  void aReportOfWhatIsDoneAlreadyChangesNothingOfIt() {
    Customer customer = beingCleared().reported("css", day(61), ALL);
    Service cleared = customer.service("css");

    customer.reported("css", cleared.observedGeneration(), day(62), ALL);

    assertEquals(cleared, customer.service("css"));
  }

  @Test
  void aReportOfAnOlderGenerationThanTheLastOneIsIgnored() {
    Customer customer = beingCleared();
    long told = customer.service("css").generation();
    customer.reported("css", told, day(61));
    long version = customer.state().version();

    customer.reported("css", told - 1, day(62), ALL);

    assertEquals(told, customer.service("css").observedGeneration());
    assertEquals(Map.of(), customer.service("css").erased());
    assertEquals(version, customer.state().version());
  }

  @Test
  void aReportOfTheNewestGenerationShowsThatItIsEnforced() {
    Customer customer = beingCleared();

    customer.reported("css", day(61));

    assertTrue(customer.service("css").enforced());
    assertEquals(CATEGORIES, customer.desired("css").clear(), "nothing is erased by that");
  }

  /** A product that is wrong about it must not make a later farewell look finished. */
  @Test
  void aReportOfErasedDataOfAServiceThatStandsErasesNothing() {
    Customer customer = Customer.of(CSS).reported("css", hour(-5), ALL);
    assertEquals(Map.of(), customer.service("css").erased());

    customer.charged("5.00", MORNING).settled(day(60));

    assertEquals(REPOSSESSED, customer.stateOf("css"));
    assertEquals(CATEGORIES, customer.desired("css").clear());
  }

  @Test
  void theErasureStartsWhenThePolicysTimeIsOver() {
    Policy keeps = css().clearing(new Clearing(CATEGORIES, hours(240), hours(24))).build();
    Customer customer = Customer.owing(keeps).settled(day(60));
    assertEquals(List.of(), customer.desired("css").clear());
    assertEquals(Access.RELEASED, customer.desired("css").access());
    assertEquals("1680h", customer.due(day(60)));

    customer.settled(day(70));

    assertEquals(CATEGORIES, customer.desired("css").clear());
    assertEquals(day(70), customer.service("css").standing().clearingSince());
  }

  @Test
  void aPaymentKeepsWhatIsNotErasedYetAndGivesNothingBack() {
    Customer customer =
        beingCleared().reported("css", day(61), "configurations").pays("5.00", day(62));

    assertEquals(REPOSSESSED, customer.stateOf("css"));
    assertEquals(new Desired(Access.RELEASED, Map.of(), List.of()), customer.desired("css"));
    assertNull(customer.service("css").standing().clearingSince());
    assertNotNull(erasure(customer, "configurations"));
    assertEquals("never", customer.due(day(700)));
  }

  @Test
  void aReportThatWasUnderWayWhenItWasPaidIsStillTrue() {
    Customer customer = beingCleared();
    long told = customer.service("css").generation();

    customer.pays("5.00", day(61)).reported("css", told, day(62), "service-logs");

    assertNotNull(erasure(customer, "service-logs"));
    assertEquals(REPOSSESSED, customer.stateOf("css"));
  }

  @Test
  void anotherEpisodeErasesWhatIsLeftOfIt() {
    Customer customer =
        beingCleared()
            .reported("css", day(61), "configurations")
            .pays("5.00", day(62))
            .charged("1.00", day(100))
            .settled(day(160));

    assertEquals(List.of("client-authorizations", "service-logs"), customer.desired("css").clear());
    assertEquals("clearing-started 3840h", customer.moves().get(6));
  }

  @Test
  void aCustomerWhoLeavesIsCutOffThenSettledThenErased() {
    Customer customer = Customer.of(CSS).deactivated("css", day(1));
    assertEquals(DEACTIVATING, customer.stateOf("css"));
    assertEquals(new Desired(Access.BLOCKED, Map.of(), List.of()), customer.desired("css"));
    assertEquals("never", customer.due(day(30)));

    customer.paidUp("css", day(31));
    assertEquals(new Desired(Access.BLOCKED, Map.of(), CATEGORIES), customer.desired("css"));

    customer.reported("css", day(32), ALL);
    assertEquals(CLEARED, customer.stateOf("css"));
    assertEquals(
        List.of("deactivation-approved 24h", "clearing-started 744h", "data-cleared 768h"),
        customer.moves());
    assertEquals(List.of("CLEARED 768h"), customer.told());
  }

  @Test
  void whatAProductErasesBeforeTheCustomerIsSettledDoesNotSettleAnybody() {
    Customer customer = Customer.of(CSS).deactivated("css", day(1)).reported("css", day(2), ALL);
    assertEquals(DEACTIVATING, customer.stateOf("css"));

    customer.paidUp("css", day(3));

    assertEquals(CLEARED, customer.stateOf("css"));
    assertEquals(
        List.of("clearing-started 72h", "data-cleared 72h"), customer.moves().subList(1, 3));
  }

  @Test
  void aDeactivationIsForTheProductsOpenThenAndOnlyForThem() {
    Policy vod = css().product("vod").build();
    Policy cos = css().product("cos").build();
    Customer customer = Customer.of(CSS, vod).deactivated("vod", day(1));
    assertEquals(ACTIVE, customer.stateOf("css"));
    assertEquals(DEACTIVATING, customer.stateOf("vod"));

    customer.deactivated("", day(2)).opens(PolicyHistory.of(cos), day(3)).settled(day(3));

    assertEquals(DEACTIVATING, customer.stateOf("css"));
    assertEquals(ACTIVE, customer.stateOf("cos"));
  }

  @Test
  void aCustomerWhoLeavesAndOwesIsErasedWhenTheOthersAreToo() {
    Customer customer = Customer.owing(CSS).deactivated("css", day(1)).settled(day(60));

    assertEquals("clearing-started 1440h", customer.moves().get(3));
  }

  @Test
  void aCustomerWhoLeavesAndPaysIsSettledFirst() {
    Customer customer =
        Customer.owing(CSS).deactivated("css", day(1)).pays("5.00", day(2)).settled(day(700));

    assertEquals(DEACTIVATING, customer.stateOf("css"));
    assertEquals(List.of(), customer.desired("css").clear());
  }

  @Test
  void resourcesThatArePromisedNoTimeAreReleasedWithTheSuspension() {
    Policy atOnce =
        css()
            .grace(hours(2), Grace.Anchor.OVERDUE)
            .repossession(null, Span.NONE, Repossession.Winner.EARLIER)
            .build();

    Customer customer = Customer.owing(atOnce).settled(hour(2));

    assertEquals(
        List.of("grace-expired 2h", "suspension-retention-expired 2h", "clearing-started 2h"),
        customer.moves().subList(2, 5));
    assertEquals(Access.RELEASED, customer.desired("css").access());
  }

  @Test
  void aClearedServiceHearsOfNoMoreEpisodes() {
    Customer customer =
        beingCleared().reported("css", day(61), ALL).pays("5.00", day(62)).charged("5.00", day(63));

    assertEquals(CLEARED, customer.stateOf("css"));
    assertEquals(6, customer.moves().size());
    assertEquals("never", customer.due(day(700)));
  }

  @Test
  void aSecondReportOfTheSameGenerationIsHeard() {
    Customer customer = beingCleared();
    long told = customer.service("css").generation();

    customer.reported("css", told, day(61)).reported("css", told, day(62), "configurations");

    assertEquals(new Service.Erasure(day(62), told), erasure(customer, "configurations"));
  }
}
