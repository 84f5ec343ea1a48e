package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.CSS;
import static io.arrears.core.Policies.hours;
import static io.arrears.core.PolicyBuilder.css;
import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.SUSPENDED;
import static io.arrears.core.SuspensionReason.ARREARS;
import static io.arrears.core.SuspensionReason.AWAITING_START;
import static io.arrears.core.SuspensionReason.MANUAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How a suspended service comes back: by itself, by the customer's hand, or with a ticket. */
class RestoreTest {

  private static final Policy BY_HAND = css().restore(new Suspension.Restore(true, null)).build();

  /** Suspended for a day or longer, it takes a ticket. */
  private static final Policy BY_TICKET =
      css().restore(new Suspension.Restore(false, hours(24))).build();

  private static Set<SuspensionReason> reasons(Customer customer) {
    return customer.service("css").standing().reasons();
  }

  private static Customer paidAndWaiting() {
    return Customer.owing(BY_HAND).settled(hour(48)).pays("5.00", hour(60));
  }

  @Test
  void aPaidServiceWaitsForTheCustomersHandWhereThePolicySaysSo() {
    Customer customer = paidAndWaiting();

    assertEquals(SUSPENDED, customer.stateOf("css"));
    assertEquals(Set.of(AWAITING_START), reasons(customer));
    assertEquals(Access.NEW_BLOCKED, customer.desired("css").access());
    assertEquals("nothing", customer.next("css"));
    assertNull(customer.service("css").standing().suspendedAt());
    assertEquals(List.of("OVERDUE 0s", "SUSPENDED 48h"), customer.told());
    assertTrue(
        customer
            .transitions()
            .get(3)
            .explanation()
            .endsWith("The policy leaves it to the customer to start the service again."));
  }

  @Test
  void theCustomerStartsItAndIsToldThatItIsBack() {
    Customer customer = paidAndWaiting();
    assertNull(customer.read().obstacleToStart("css"));
    assertFalse(customer.read().ticketNeeded("css", hour(61)));

    customer.started("css", hour(61));

    assertEquals(ACTIVE, customer.stateOf("css"));
    assertEquals(Set.of(), reasons(customer));
    assertEquals(Access.ALLOWED, customer.desired("css").access());
    assertEquals("RESTORED 61h", customer.told().get(2));
    assertEquals("tester", customer.transitions().get(4).actor());
  }

  @Test
  void aServiceThatWaitsIsNeverTakenBack() {
    Customer customer = paidAndWaiting().settled(day(700));

    assertEquals(Set.of(AWAITING_START), reasons(customer));
    assertEquals("never", customer.due(day(700)));
  }

  @Test
  void aServiceThatWasNotSuspendedYetNeedsNoHand() {
    Customer customer = Customer.owing(BY_HAND).pays("5.00", hour(1));

    assertEquals(ACTIVE, customer.stateOf("css"));
  }

  @Test
  void nobodyStartsWhatIsSuspendedForArrearsOrByPeople() {
    Customer owing = Customer.owing(BY_HAND).settled(hour(48));
    Customer restricted = paidAndWaiting().restricted(MANUAL, hour(61));

    assertEquals("it is suspended for [ARREARS]", owing.read().obstacleToStart("css"));
    assertThrows(IllegalStateException.class, () -> owing.started("css", hour(49)));
    assertThrows(IllegalStateException.class, () -> restricted.started("css", hour(62)));
    assertEquals(Set.of(MANUAL, AWAITING_START), reasons(restricted));
    assertEquals(Set.of(ARREARS), reasons(owing));
  }

  @Test
  void nobodyStartsWhatIsNotSuspended() {
    Customer active = Customer.of(CSS);

    assertEquals("it is ACTIVE", active.read().obstacleToStart("css"));
    assertThrows(IllegalStateException.class, () -> active.started("css", MORNING));
  }

  @Test
  void itStillWaitsForTheHandWhenPeoplesReasonGoes() {
    Customer customer = paidAndWaiting().restricted(MANUAL, hour(61)).lifted(MANUAL, hour(62));

    assertEquals(Set.of(AWAITING_START), reasons(customer));
    assertEquals(ACTIVE, customer.started("css", hour(63)).stateOf("css"));
  }

  @Test
  void aNewEpisodeWhileItWaitsHasItsGraceAndItsPaymentLeadsBackToWaiting() {
    Customer customer = paidAndWaiting().charged("1.00", day(5)).settled(day(7));
    assertEquals(Set.of(ARREARS, AWAITING_START), reasons(customer));
    assertEquals("grace-expired 168h", customer.moves().get(4));

    customer.pays("1.00", day(8));

    assertEquals(Set.of(AWAITING_START), reasons(customer));
  }

  @Test
  void aServiceStartedInsideANewEpisodeGoesOnInItsGrace() {
    Customer customer =
        paidAndWaiting().charged("1.00", day(5)).received(day(5)).started("css", day(5));

    assertEquals(ServiceState.GRACE, customer.stateOf("css"));
    assertEquals("grace-expired 144h", customer.next("css"));
  }

  @Test
  void suspendedForLessThanSoLongItComesBackByItself() {
    Customer customer =
        Customer.owing(BY_TICKET).settled(hour(48)).pays("5.00", hour(72).minusSeconds(1));

    assertEquals(ACTIVE, customer.stateOf("css"));
  }

  @Test
  void suspendedForSoLongItTakesATicket() {
    Customer customer = Customer.owing(BY_TICKET).settled(hour(48)).pays("5.00", hour(72));

    assertEquals(Set.of(AWAITING_START), reasons(customer));
    assertTrue(customer.read().ticketNeeded("css", hour(80)));
    assertEquals(ACTIVE, customer.started("css", hour(80)).stateOf("css"));
  }

  @Test
  void byHandAtFirstAndByTicketLater() {
    Policy both = css().restore(new Suspension.Restore(true, hours(24))).build();
    Customer soon = Customer.owing(both).settled(hour(48)).pays("5.00", hour(49));
    Customer late = Customer.owing(both).settled(hour(48)).pays("5.00", hour(72));

    assertFalse(soon.read().ticketNeeded("css", day(30)), "however long it waits");
    assertTrue(late.read().ticketNeeded("css", day(30)));
    assertEquals(Set.of(AWAITING_START), reasons(soon));
    assertEquals(Set.of(AWAITING_START), reasons(late));
  }

  @Test
  void noTicketIsNeededWhereThePolicyKnowsNone() {
    assertFalse(Customer.owing(CSS).settled(hour(48)).read().ticketNeeded("css", day(30)));
    Policy never = css().suspension(null).build();
    assertFalse(Customer.of(never).restricted(MANUAL, MORNING).read().ticketNeeded("css", day(30)));
  }

  @Test
  void whatAStageTookAwayStaysAwayUntilTheStart() {
    Stage stopped =
        new Stage(
            "stopped",
            hours(24),
            Stage.Anchor.SUSPENSION,
            Access.BLOCKED,
            Suspension.Billed.NONE,
            Map.of());
    Policy policy = css().restore(new Suspension.Restore(true, null)).stages(stopped).build();
    Customer customer = Customer.owing(policy).settled(hour(72)).pays("5.00", hour(80));
    assertEquals(Access.BLOCKED, customer.desired("css").access());
    assertEquals(1, customer.service("css").standing().stage());

    customer.started("css", hour(90));

    assertEquals(Access.ALLOWED, customer.desired("css").access());
    assertEquals(0, customer.service("css").standing().stage());
    assertNull(customer.service("css").standing().stageAt());
    assertEquals(
        new BilledChange("acme", "css", hour(90), Suspension.Billed.ALL),
        customer.billedChanges().get(1));
  }
}
