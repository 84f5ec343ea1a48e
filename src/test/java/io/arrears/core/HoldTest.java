package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.amount;
import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.CATEGORIES;
import static io.arrears.core.Policies.CSS;
import static io.arrears.core.Policies.hours;
import static io.arrears.core.PolicyBuilder.css;
import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.GRACE;
import static io.arrears.core.ServiceState.REPOSSESSED;
import static io.arrears.core.ServiceState.SUSPENDED;
import static io.arrears.core.SuspensionReason.LEGAL;
import static io.arrears.core.SuspensionReason.VIOLATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** While a hold runs, timers stand still; afterwards they go on with the time that was left. */
class HoldTest {

  private static Customer inGrace() {
    return Customer.owing(CSS).received(hour(0));
  }

  private static Hold cohort(String product, String tier, String region) {
    return new Hold(
        "moratorium",
        new Hold.Cohort(product, tier, region),
        hour(10),
        hour(110),
        null,
        null,
        amount("0"),
        null);
  }

  @Test
  void theGraceGoesOnWithTheTimeThatWasLeft() {
    Customer customer = inGrace().held("dispute", hour(10), hour(110));
    assertEquals("grace-expired 124h", customer.next("css"));
    assertEquals(hour(110), customer.read().heldUntil("css", hour(50)));
    assertNull(customer.read().heldUntil("css", hour(110)));

    customer.settled(hour(124).minusSeconds(1));
    assertEquals(GRACE, customer.stateOf("css"));

    assertEquals(SUSPENDED, customer.settled(hour(124)).stateOf("css"));
  }

  @Test
  void aHoldThatIsReleasedEarlyHasCostOnlyTheTimeItRan() {
    Customer customer =
        inGrace().held("dispute", hour(10), hour(110)).released("dispute", hour(20));

    assertEquals("grace-expired 34h", customer.next("css"));
    assertEquals(hour(20), customer.hold("dispute").endsAt());
    assertNull(customer.read().heldUntil("css", hour(20)));
  }

  @Test
  void aHoldThatComesAtTheDeadlineComesTooLate() {
    Customer customer = inGrace().held("dispute", hour(24), hour(110));

    assertEquals(SUSPENDED, customer.stateOf("css"));
  }

  @Test
  void aHoldThatComesASecondBeforeTheDeadlineLeavesASecond() {
    Customer customer = inGrace().held("dispute", hour(24).minusSeconds(1), hour(110));

    assertEquals(GRACE, customer.stateOf("css"));
    assertEquals("grace-expired 110h1s", customer.next("css"));
  }

  @Test
  void twoHoldsThatOverlapHoldOnce() {
    Customer customer =
        inGrace().held("dispute", hour(10), hour(50)).held("incident", hour(30), hour(60));

    assertEquals("grace-expired 74h", customer.next("css"));
  }

  @Test
  void theWaitForAReceiptStandsStillToo() {
    Customer customer = Customer.owing(CSS).held("dispute", hour(10), hour(110));

    assertEquals("receipt-assumed 124h", customer.next("css"));
    customer.settled(hour(124));
    assertEquals("grace-expired 148h", customer.next("css"));
  }

  @Test
  void aReceiptThatIsConfirmedMeanwhileStartsTheGraceAndItRunsAfterwards() {
    Customer customer = Customer.owing(CSS).held("dispute", hour(10), hour(110)).received(hour(20));

    assertEquals(GRACE, customer.stateOf("css"));
    assertEquals("grace-expired 134h", customer.next("css"));
  }

  @Test
  void paymentsAreTakenAndClearUnderAHold() {
    Customer customer =
        Customer.owing(CSS)
            .settled(hour(48))
            .held("dispute", hour(50), hour(110))
            .pays("5.00", hour(60));

    assertEquals(ACTIVE, customer.stateOf("css"));
  }

  @Test
  void stagesAndRepossessionStandStill() {
    Policy staged =
        css()
            .stages(
                new Stage(
                    "stopped",
                    hours(72),
                    Stage.Anchor.OVERDUE,
                    Access.BLOCKED,
                    Suspension.Billed.NONE,
                    Map.of()))
            .build();
    Customer customer =
        Customer.owing(staged).settled(hour(48)).held("dispute", hour(50), hour(150));

    assertEquals(
        List.of("stage-reached 172h", "overdue-retention-expired 1540h", "clearing-started 1540h"),
        customer.schedule("css", hour(50)));
  }

  @Test
  void whatIsErasedIsNotErasedFurther() {
    Customer customer = Customer.owing(CSS).settled(day(60));
    assertEquals(CATEGORIES, customer.desired("css").clear());

    customer.held("dispute", day(61), day(71));
    assertEquals(List.of(), customer.desired("css").clear());
    assertEquals("1704h", customer.due(day(61)), "when the hold ends");

    customer.settled(day(71));
    assertEquals(CATEGORIES, customer.desired("css").clear());
  }

  @Test
  void aServiceIsNotClearedUnderAHoldAlthoughEverythingIsErased() {
    Customer customer =
        Customer.owing(CSS)
            .settled(day(60))
            .held("dispute", day(61), day(71))
            .reported("css", day(62), CATEGORIES.toArray(String[]::new));
    assertEquals(REPOSSESSED, customer.stateOf("css"));

    customer.settled(day(71));

    assertEquals("data-cleared 1704h", customer.moves().get(5));
  }

  @Test
  void aBannedCustomersResourcesAreKeptMeanwhile() {
    Customer customer =
        Customer.of(CSS).restricted(VIOLATION, MORNING).held("dispute", day(10), day(20));

    assertEquals("violation-retention-expired 1680h", customer.next("css"));
  }

  @Test
  void whatLegalKeptFromHappeningDoesNotHappenUnderAHoldWhenThatIsLifted() {
    Customer customer =
        Customer.owing(CSS)
            .settled(hour(48))
            .restricted(LEGAL, day(50))
            .held("dispute", day(70), day(90))
            .lifted(LEGAL, day(80));

    assertEquals(SUSPENDED, customer.stateOf("css"));
    assertEquals("overdue-retention-expired 2160h", customer.next("css"), "when the hold ends");
  }

  @Test
  void newsThatCameLateGiveNoReasonToSuspendUnderAHold() {
    Policy policy =
        css()
            .overdue(Policies.byBills(Span.NONE, 1, "0"))
            .grace(hours(24), Grace.Anchor.OVERDUE)
            .build();
    Customer customer =
        Customer.onCredit(policy)
            .billed("august", "5.00", MORNING, day(1))
            .settled(day(4))
            .held("dispute", day(4).plusSeconds(3600), day(14));

    assertEquals("grace-expired 359h", customer.next("css"), "23 h after day 14");
  }

  @ParameterizedTest(name = "product {0}, tier {1}, region {2}: {3}")
  @CsvSource({
    "'', '', '', grace-expired 124h",
    "css, '', '', grace-expired 124h",
    "vod, '', '', grace-expired 24h",
    "'', standard, '', grace-expired 124h",
    "'', key, '', grace-expired 24h",
    "'', '', ap-guangzhou, grace-expired 124h",
    "'', '', eu-frankfurt, grace-expired 24h",
    "css, standard, ap-guangzhou, grace-expired 124h",
    "css, standard, eu-frankfurt, grace-expired 24h",
  })
  void aMoratoriumIsForThoseWhomItsConditionsAllName(
      String product, String tier, String region, String next) {
    Customer customer = inGrace().cohortHeld(cohort(product, tier, region));

    assertEquals(next, customer.next("css"));
  }

  @Test
  void anAccountsOwnHoldIsForAllItsProducts() {
    Customer customer =
        Customer.of(CSS, css().product("vod").build())
            .charged("5.00", MORNING)
            .held("dispute", hour(10), hour(110));

    assertEquals(customer.next("css"), customer.next("vod"));
    assertEquals(hour(110), customer.read().heldUntil("vod", hour(50)));
  }

  @Test
  void aHoldThatEndedLongAgoStillCountsForTheClocksThatRanThen() {
    Customer customer = inGrace().held("dispute", hour(10), hour(20)).settled(day(59));

    assertEquals("overdue-retention-expired 1450h", customer.next("css"));
  }

  @Test
  void aHoldOfTheLastEpisodeDoesNotCountForTheNext() {
    Instant second = day(10);
    Customer customer =
        inGrace()
            .held("dispute", hour(10), hour(20))
            .pays("5.00", hour(21))
            .charged("5.00", second)
            .received(second);

    assertEquals("grace-expired 264h", customer.next("css"));
  }

  @Test
  void aHoldRunsUntilItsEndOrUntilItWasReleased() {
    Hold hold = cohort("", "", "");

    assertTrue(hold.runsAt(hour(110).minusNanos(1000)));
    assertFalse(hold.runsAt(hour(110)));
    assertFalse(hold.ended(hour(50)).runsAt(hour(50)));
    assertEquals(hour(110), hold.ended(hour(200)).endsAt(), "it was over already");
  }
}
