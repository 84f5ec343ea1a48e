package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.amount;
import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.CSS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A promise to pay: a hold that is kept or broken by the payments since. */
class PromiseTest {

  /** Owes 5.00, knows it since that morning, and has promised 3.00 until the fifth day. */
  private static Customer promised() {
    return Customer.owing(CSS).received(MORNING).promised("promise", "3.00", hour(10), day(5));
  }

  @Test
  void isKeptByPaymentsThatReachItTogetherAndTheTimersGoOnFromThen() {
    Customer customer = promised().pays("1.00", hour(20));
    assertFalse(customer.hold("promise").kept());
    assertEquals("grace-expired 134h", customer.next("css"));

    customer.pays("2.00", hour(30));

    assertTrue(customer.hold("promise").kept());
    assertEquals(hour(30), customer.hold("promise").endsAt());
    assertEquals("grace-expired 44h", customer.next("css"), "2.00 are owed still");
    assertEquals(List.of("OVERDUE 0s"), customer.settled(day(30)).told().subList(0, 1));
    assertEquals(List.of(), customer.told(Notice.Rung.PROMISE_BROKEN));
  }

  @Test
  void isBrokenWhenItsTimeIsOverAndTheCustomerIsToldOnce() {
    Customer customer = promised().pays("2.99", hour(20));
    assertEquals("120h", customer.due(hour(20)), "when the promise is over");

    customer.settled(day(5)).settled(day(5).plusSeconds(60));

    assertFalse(customer.hold("promise").kept());
    assertEquals(day(5), customer.hold("promise").brokenAt());
    Notice broken =
        new Notice(
            "acme",
            1,
            Notice.Rung.PROMISE_BROKEN,
            "",
            "promise",
            day(5),
            amount("2.01"),
            day(5),
            Policies.SHANGHAI,
            new Notice.Next(ServiceState.SUSPENDED, hour(134)));
    assertEquals(List.of(broken), customer.told(Notice.Rung.PROMISE_BROKEN));
    assertEquals("134h", customer.due(day(5)), "the grace goes on with what was left of it");
  }

  @Test
  void isNotBrokenASecondBeforeItsTimeIsOver() {
    Customer customer = promised().settled(day(5).minusSeconds(1));

    assertEquals(List.of(), customer.told(Notice.Rung.PROMISE_BROKEN));
    assertNull(customer.hold("promise").brokenAt());
  }

  @Test
  void isKeptByAPaymentMadeInTimeAndRecordedLate() {
    Customer customer = promised().pays("3.00", day(5).minusSeconds(1), day(6));

    assertTrue(customer.hold("promise").kept());
    assertEquals(List.of(), customer.told(Notice.Rung.PROMISE_BROKEN));
  }

  @Test
  void isNotKeptByAPaymentThatCameTooLate() {
    Customer customer = promised().settled(day(5)).pays("3.00", day(5));

    assertFalse(customer.hold("promise").kept());
    assertEquals(1, customer.told(Notice.Rung.PROMISE_BROKEN).size());
  }

  @Test
  void isNotKeptByACorrection() {
    Customer customer = promised().adjusted("3.00", hour(20)).settled(day(5));

    assertEquals(1, customer.told(Notice.Rung.PROMISE_BROKEN).size());
  }

  @Test
  void isNeitherKeptNorBrokenOnceItIsReleased() {
    Customer customer = promised().released("promise", hour(20)).pays("1.00", hour(21));

    customer.settled(day(6));

    assertEquals(amount("0"), customer.hold("promise").paid());
    assertEquals(List.of(), customer.told(Notice.Rung.PROMISE_BROKEN));
  }

  @Test
  void ofMoreThanIsOwedIsKeptOnlyByAllOfIt() {
    Customer customer =
        Customer.owing(CSS).promised("promise", "9.00", hour(1), day(5)).pays("5.00", hour(2));

    assertEquals(ServiceState.ACTIVE, customer.stateOf("css"));
    assertFalse(customer.hold("promise").kept());
    assertTrue(customer.pays("4.00", hour(3)).hold("promise").kept());
  }

  @Test
  void aHoldWithoutAPromiseIsNeitherKeptNorBroken() {
    Customer customer = Customer.owing(CSS).held("dispute", hour(1), day(5)).pays("1.00", hour(2));

    customer.settled(day(6));

    assertFalse(customer.hold("dispute").kept());
    assertEquals(amount("0"), customer.hold("dispute").paid());
    assertEquals(List.of(), customer.told(Notice.Rung.PROMISE_BROKEN));
  }

  @Test
  void whatCountsForItInTimeDoesNotKeepItFromBeingBrokenInTheSameBreath() {
    Customer customer = promised();
    Account account = customer.read();

    account.post(Accounts.payment("1.00", hour(20)), List.of(), day(6));

    assertEquals(1, account.changedHolds().size());
    assertEquals(amount("1.00"), account.changedHolds().get(0).paid());
    assertEquals(day(6), account.changedHolds().get(0).brokenAt());
  }
}
