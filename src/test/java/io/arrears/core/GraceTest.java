package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.BERLIN;
import static io.arrears.core.Policies.SHANGHAI;
import static io.arrears.core.Policies.days;
import static io.arrears.core.Policies.hours;
import static io.arrears.core.Policies.months;
import static io.arrears.core.PolicyBuilder.css;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.arrears.core.Grace.Anchor;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** S4: how long a customer has, and from when on. */
class GraceTest {

  /** The bill came at 0 h, was due at 100 h; below the limit at 90 h; told at 102 h. */
  private static final Arrears BY_BILLS =
      new Arrears(1, Rule.BILLS_PAST_DUE, hour(100), hour(90), hour(0), hour(102), hour(107), null);

  private static Grace grace(Anchor from) {
    return new Grace(hours(24), from, false, hours(48));
  }

  @ParameterizedTest(name = "{0}: {1} h")
  @CsvSource({
    "NOTIFICATION_RECEIVED, 107",
    "NOTIFICATION_SENT, 102",
    "OVERDUE, 100",
    "BALANCE_BELOW_LIMIT, 90",
    "DEDUCTION, 100",
    "BILL_ISSUED, 0",
  })
  void startsAtItsAnchor(Anchor from, long start) {
    assertEquals(hour(start), grace(from).startsAt(BY_BILLS, Holds.NONE));
    assertEquals(
        from == Anchor.NOTIFICATION_RECEIVED ? Rule.RECEIPT_CONFIRMED : Rule.GRACE_STARTED,
        grace(from).startedBy(BY_BILLS));
  }

  @Test
  void countsAnUnconfirmedNotificationAsReceivedAfterAWhile() {
    Arrears unconfirmed = Arrears.belowLimit(1, hour(0), hour(2), null);
    Grace grace = grace(Anchor.NOTIFICATION_RECEIVED);

    assertEquals(hour(50), grace.startsAt(unconfirmed, Holds.NONE));
    assertEquals(Rule.RECEIPT_ASSUMED, grace.startedBy(unconfirmed));
  }

  @Test
  void waitsForAConfirmationWithoutEndWhereThePolicyAssumesNothing() {
    Policy patient =
        css().grace(new Grace(hours(24), Anchor.NOTIFICATION_RECEIVED, false, null)).build();
    Customer customer = Customer.owing(patient).settled(day(700));

    assertEquals(ServiceState.OVERDUE, customer.stateOf("css"));
    assertEquals("nothing", customer.next("css"));
    assertEquals("never", customer.due(day(700)));

    customer.received(day(701));

    assertEquals("grace-expired 16848h", customer.next("css"));
  }

  @Test
  void doesNotStartWhileNobodyWasNotified() {
    Arrears untold = Arrears.belowLimit(1, hour(0), null, null);

    assertNull(grace(Anchor.NOTIFICATION_RECEIVED).startsAt(untold, Holds.NONE));
    assertNull(grace(Anchor.NOTIFICATION_SENT).startsAt(untold, Holds.NONE));
  }

  @Test
  void itsLastInstantIsTheCustomersWhereItIsInclusive() {
    Policy inclusive = css().grace(new Grace(hours(24), Anchor.OVERDUE, true, null)).build();
    Customer customer = Customer.owing(inclusive).settled(hour(24));
    assertEquals(ServiceState.GRACE, customer.stateOf("css"));

    customer.pays("5.00", hour(24));

    assertEquals(ServiceState.ACTIVE, customer.stateOf("css"));
    assertEquals(List.of("OVERDUE 0s"), customer.told());
  }

  @Test
  void anInclusiveOneIsOverAMicrosecondLater() {
    Policy inclusive = css().grace(new Grace(hours(24), Anchor.OVERDUE, true, null)).build();

    Customer customer = Customer.owing(inclusive).settled(hour(24).plusNanos(1000));

    assertEquals(ServiceState.SUSPENDED, customer.stateOf("css"));
  }

  @Test
  void ofNoLengthSuspendsAtOnce() {
    Customer customer = Customer.owing(css().grace(Span.NONE, Anchor.OVERDUE).build());

    assertEquals(
        List.of("balance-below-limit 0s", "grace-started 0s", "grace-expired 0s"),
        customer.moves());
    assertEquals(List.of("OVERDUE 0s", "SUSPENDED 0s"), customer.told());
  }

  @Test
  void byTheCalendarEndsAtTheSameTimeOfTheDayWhenTheClocksHaveChanged() {
    Instant saturday = Instant.parse("2024-10-26T06:00:00Z");
    Customer customer =
        Customer.of(css().grace(days(1, BERLIN), Anchor.OVERDUE).build()).charged("5.00", saturday);

    assertEquals(
        Instant.parse("2024-10-27T07:00:00Z"),
        customer.read().next("css", MORNING).at(),
        "25 hours");
  }

  @Test
  void ofACalendarMonthEndsOnTheLastDayOfAShortOne() {
    Instant end = Instant.parse("2025-01-31T00:00:00Z");
    Customer customer =
        Customer.of(css().grace(months(1, SHANGHAI), Anchor.OVERDUE).build()).charged("5.00", end);

    assertEquals(Instant.parse("2025-02-28T00:00:00Z"), customer.read().next("css", MORNING).at());
  }

  @Test
  void isNotNeededByAServiceThatIsNeverSuspended() {
    Customer customer = Customer.owing(css().suspension(null).build()).settled(day(700));

    assertEquals(ServiceState.GRACE, customer.stateOf("css"));
    assertEquals("nothing", customer.next("css"));
    assertEquals(Access.ALLOWED, customer.desired("css").access());
    assertEquals(List.of(), customer.schedule("css", day(700)));
  }

  @Test
  void fromTheBillIsOverAtOnceWhereTheBillIsOlderThanThatAndTheCustomerWasTold() {
    Policy policy =
        css()
            .overdue(Policies.byBills(Span.NONE, 1, "0"))
            .grace(days(20, SHANGHAI), Anchor.BILL_ISSUED)
            .build();
    Customer customer = Customer.onCredit(policy).billed("august", "5.00", MORNING, day(15));

    customer.settled(day(15));

    assertEquals(List.of("bills-past-due 360h", "grace-started 360h"), customer.moves());
    assertEquals("grace-expired 480h", customer.next("css"));
  }

  @Test
  void isAsLongAsPromisedAlsoWhenTheNewsCameLate() {
    Policy policy =
        css().overdue(Policies.byBills(Span.NONE, 1, "0")).grace(hours(24), Anchor.OVERDUE).build();
    Customer customer = Customer.onCredit(policy).billed("august", "5.00", MORNING, day(15));

    customer.settled(day(18));

    assertEquals(List.of("OVERDUE 360h"), customer.told());
    assertEquals("grace-expired 456h", customer.next("css"), "24 h after day 18");
  }
}
