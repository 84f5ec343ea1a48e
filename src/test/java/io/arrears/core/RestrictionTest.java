package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.CATEGORIES;
import static io.arrears.core.Policies.CSS;
import static io.arrears.core.PolicyBuilder.css;
import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.BANNED;
import static io.arrears.core.ServiceState.REPOSSESSED;
import static io.arrears.core.ServiceState.SUSPENDED;
import static io.arrears.core.SuspensionReason.ARREARS;
import static io.arrears.core.SuspensionReason.LEGAL;
import static io.arrears.core.SuspensionReason.MANUAL;
import static io.arrears.core.SuspensionReason.VIOLATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reasons that money does not lift: each is lifted by its owner only. */
class RestrictionTest {

  private static final Policy VOD = css().product("vod").build();

  private static Set<SuspensionReason> reasons(Customer customer) {
    return customer.service("css").standing().reasons();
  }

  @Test
  void aServiceResumesWhenTheLastOfItsReasonsGoes() {
    Customer customer =
        Customer.owing(CSS)
            .settled(hour(48))
            .restricted(LEGAL, hour(50))
            .restricted(MANUAL, hour(51));
    assertEquals(Set.of(ARREARS, LEGAL, MANUAL), reasons(customer));

    customer.pays("5.00", hour(60));
    assertEquals(Set.of(LEGAL, MANUAL), reasons(customer));

    customer.lifted(LEGAL, hour(61));
    assertEquals(Set.of(MANUAL), reasons(customer));
    assertEquals(SUSPENDED, customer.stateOf("css"));

    customer.lifted(MANUAL, hour(62));
    assertEquals(Set.of(), reasons(customer));
    assertEquals(ACTIVE, customer.stateOf("css"));
    assertEquals(Access.ALLOWED, customer.desired("css").access());
    assertEquals(List.of("OVERDUE 0s", "SUSPENDED 48h", "RESTORED 62h"), customer.told());
  }

  @Test
  void twoRestrictionsForTheSameReasonAreLiftedOneByOne() {
    Customer customer =
        Customer.of(CSS)
            .restricted("risk", "", MANUAL, hour(1))
            .restricted("fraud", "css", MANUAL, hour(2));

    customer.lifted("risk", hour(3));
    assertEquals(SUSPENDED, customer.stateOf("css"));

    customer.lifted("fraud", hour(4));
    assertEquals(ACTIVE, customer.stateOf("css"));
    assertEquals(
        List.of("restricted 1h", "restriction-lifted 4h"), customer.moves(), "and once each");
  }

  @Test
  void aRestrictionOfOneProductLeavesTheOthersAlone() {
    Customer customer =
        Customer.of(CSS, VOD).restricted("fraud", "vod", MANUAL, hour(1)).settled(hour(2));

    assertEquals(ACTIVE, customer.stateOf("css"));
    assertEquals(SUSPENDED, customer.stateOf("vod"));
  }

  @Test
  void aRestrictionOfTheAccountHoldsForProductsOpenedLater() {
    Customer customer = Customer.of(CSS).restricted(MANUAL, hour(1));

    customer.opens(PolicyHistory.of(VOD), hour(5)).settled(hour(5));

    assertEquals(SUSPENDED, customer.stateOf("vod"));
    assertEquals(List.of("restricted 5h"), customer.moves("vod"));
  }

  @Test
  void aViolationBansForGoodAlsoProductsOpenedLater() {
    Customer customer = Customer.of(CSS).restricted(VIOLATION, hour(1));
    assertEquals(BANNED, customer.stateOf("css"));
    assertEquals(Access.BLOCKED, customer.desired("css").access());

    customer.opens(PolicyHistory.of(VOD), hour(5)).settled(hour(5));

    assertEquals(BANNED, customer.stateOf("vod"));
    assertEquals(Set.of(VIOLATION), customer.service("vod").standing().reasons());
  }

  @Test
  void nothingLeadsBackFromABan() {
    Customer customer =
        Customer.owing(CSS)
            .restricted(VIOLATION, hour(1))
            .restricted(MANUAL, hour(2))
            .pays("500.00", hour(3))
            .lifted(MANUAL, hour(4))
            .deactivated("", hour(5))
            .settled(day(59));

    assertEquals(BANNED, customer.stateOf("css"));
    assertEquals(
        List.of("balance-below-limit 0s", "violation 1h", "restricted 2h", "restriction-lifted 4h"),
        customer.moves());
  }

  @Test
  void aBannedCustomersResourcesGoAndThenTheDataAndItStaysBanned() {
    Customer customer = Customer.of(CSS).restricted(VIOLATION, MORNING).settled(day(60));
    assertEquals(
        new Desired(Access.RELEASED, java.util.Map.of(), CATEGORIES), customer.desired("css"));

    customer.reported("css", day(61), CATEGORIES.toArray(String[]::new));

    assertEquals(BANNED, customer.stateOf("css"));
    assertEquals(
        new Desired(Access.ERASED, java.util.Map.of(), List.of()), customer.desired("css"));
    assertTrue(customer.service("css").standing().erased());
    assertEquals(List.of("CLEARED 1464h"), customer.told());
    assertEquals("never", customer.due(day(61)));
  }

  @Test
  void whatABannedCustomerMayNotDeleteIsNotToldToBeErased() {
    Policy policy =
        css().violation(new Violation(Span.NONE, Span.NONE, List.of("service-logs"))).build();

    Customer customer = Customer.of(policy).restricted(VIOLATION, MORNING);

    assertEquals(
        List.of("client-authorizations", "configurations"), customer.desired("css").clear());
  }

  @Test
  void aViolationStopsAnErasureThatRunsAndItStartsAgainByTheViolationsRules() {
    Policy policy =
        css().violation(new Violation(Span.NONE, Policies.hours(2400), List.of())).build();
    Customer customer = Customer.owing(policy).settled(day(60));
    assertEquals(CATEGORIES, customer.desired("css").clear());

    customer.restricted(VIOLATION, day(61));

    assertEquals(List.of(), customer.desired("css").clear());
    assertEquals("clearing-started 3840h", customer.next("css"), "100 days after the release");
  }

  @Test
  void legalStopsTheRepossessionAndItIsDueAtTheEarliestWhenThatIsLifted() {
    Customer customer =
        Customer.owing(CSS).settled(hour(48)).restricted(LEGAL, day(50)).settled(day(100));
    assertEquals(SUSPENDED, customer.stateOf("css"));
    assertEquals("nothing", customer.next("css"));

    customer.lifted(LEGAL, day(101));

    assertEquals(REPOSSESSED, customer.stateOf("css"));
    assertEquals(
        List.of(
            "restriction-lifted 2424h",
            "overdue-retention-expired 2424h",
            "clearing-started 2424h"),
        customer.moves().subList(4, 7));
  }

  @Test
  void legalStopsAnErasureThatRunsAndTheProductIsToldSo() {
    Customer customer = Customer.owing(CSS).settled(day(60));
    long told = customer.service("css").generation();
    assertEquals(CATEGORIES, customer.desired("css").clear());

    customer.restricted(LEGAL, day(61));

    assertEquals(List.of(), customer.desired("css").clear());
    assertEquals(told + 1, customer.service("css").generation());
    assertEquals(CATEGORIES, customer.lifted(LEGAL, day(62)).desired("css").clear());
  }

  @Test
  void legalStopsTheErasureOfACustomerWhoLeaves() {
    Customer customer =
        Customer.of(CSS)
            .deactivated("css", day(1))
            .restricted(LEGAL, day(2))
            .paidUp("css", day(3))
            .settled(day(30));
    assertEquals(List.of(), customer.desired("css").clear());

    customer.lifted(LEGAL, day(31));

    assertEquals("clearing-started 744h", customer.moves().get(3));
    assertEquals(CATEGORIES, customer.desired("css").clear());
  }

  @Test
  void peopleMaySuspendWhatThePolicyNeverDoes() {
    Customer customer = Customer.owing(css().suspension(null).build()).restricted(MANUAL, hour(1));

    assertEquals(SUSPENDED, customer.stateOf("css"));
    assertEquals(Access.BLOCKED, customer.desired("css").access());
    assertNull(customer.read().next("css", MORNING));
  }

  @Test
  void anEpisodeThatBeginsUnderARestrictionHasItsWholeGrace() {
    Customer customer =
        Customer.of(CSS).restricted(MANUAL, hour(-10)).charged("5.00", MORNING).settled(day(4));

    assertEquals(List.of("restricted -10h", "grace-expired 48h"), customer.moves());
    assertEquals(Set.of(ARREARS, MANUAL), reasons(customer));
    assertEquals(hour(48), customer.service("css").standing().suspendedAt());
    assertEquals(hour(-10), customer.service("css").standing().since());
  }

  @Test
  void aRestrictionThatIsLiftedInTheGraceLeavesTheGraceAsItWas() {
    Customer customer =
        Customer.of(CSS)
            .restricted(MANUAL, hour(-10))
            .charged("5.00", MORNING)
            .received(hour(5))
            .lifted(MANUAL, hour(6));

    assertEquals(ServiceState.GRACE, customer.stateOf("css"));
    assertEquals("grace-expired 29h", customer.next("css"));
  }

  /** As after a restriction of all products that the first item of a new one has not met yet. */
  @Test
  void ofTwoRestrictionsForTheSameReasonTheOlderOneSuspends() {
    Account account =
        new Account(
            Accounts.state("0.00", "0"),
            List.of(Service.opened("css", Accounts.OPENED)),
            new Circumstances(
                List.of(
                    new Restriction("b", "", MANUAL, hour(2)),
                    new Restriction("a", "", MANUAL, hour(1)),
                    new Restriction("c", "", MANUAL, hour(3))),
                List.of(),
                List.of(),
                List.of(),
                List.of()),
            product -> PolicyHistory.of(CSS));

    account.settle(hour(4), "job");

    assertEquals(hour(1), account.transitions().get(0).at());
    assertEquals(1, account.transitions().size());
  }
}
