package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.OPENED;
import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.hours;
import static io.arrears.core.PolicyBuilder.css;
import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.GRACE;
import static io.arrears.core.ServiceState.SUSPENDED;
import static io.arrears.core.SuspensionReason.MANUAL;
import static io.arrears.core.SuspensionReason.VIOLATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.arrears.core.PolicyVersion.Variant;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which rules govern a service: by version, by tier, by the date it was opened. */
class PolicyHistoryTest {

  private static Policy grace(long version, long graceHours) {
    return css().version(version).grace(hours(graceHours), Grace.Anchor.OVERDUE).build();
  }

  private static PolicyVersion version(
      long number, Instant from, boolean retroactive, long graceHours) {
    Policy policy = grace(number, graceHours);
    return new PolicyVersion(
        "css", number, from, retroactive, List.of(new Variant(null, null, policy)));
  }

  /** A day of grace from ever, and two hours from an instant on. */
  private static Customer shortened(Instant from, boolean retroactive) {
    return Customer.of(version(1, Instant.EPOCH, false, 24), version(2, from, retroactive, 2));
  }

  @Test
  void theVersionInForceIsTheNewestThatIsEffective() {
    PolicyHistory history =
        new PolicyHistory(
            List.of(
                version(1, day(0), false, 24),
                version(2, day(10), false, 2),
                version(3, day(5), false, 3)));

    assertEquals(1, history.at(day(-1)).version(), "the first where none is yet");
    assertEquals(1, history.at(day(5).minusNanos(1000)).version());
    assertEquals(3, history.at(day(5)).version());
    assertEquals(3, history.at(day(10)).version(), "it was made later");
  }

  @Test
  void aPinnedVersionIsOverruledByRetroactiveOnesOnly() {
    PolicyHistory history =
        new PolicyHistory(
            List.of(
                version(1, Instant.EPOCH, false, 24),
                version(2, day(1), true, 2),
                version(3, day(2), false, 3),
                version(4, day(3), true, 4)));

    assertEquals(1, history.governing(1, day(1).minusNanos(1000)).version());
    assertEquals(2, history.governing(1, day(1)).version());
    assertEquals(2, history.governing(1, day(2)).version());
    assertEquals(4, history.governing(1, day(3)).version());
    assertEquals(3, history.governing(3, day(2)).version());
    assertEquals(4, history.governing(4, day(9)).version());
    assertEquals(3, history.governing(0, day(2)).version());
  }

  @Test
  void theNextChangeIsThatOfAVersionThatWillGovern() {
    PolicyHistory history =
        new PolicyHistory(
            List.of(
                version(1, Instant.EPOCH, false, 24),
                version(2, day(9), true, 2),
                version(3, day(2), false, 3),
                version(4, day(5), true, 4)));

    assertEquals(day(2), history.nextChange(0, day(1)));
    assertEquals(day(5), history.nextChange(0, day(2)));
    assertEquals(day(5), history.nextChange(1, day(1)));
    assertEquals(day(9), history.nextChange(1, day(5)));
    assertNull(history.nextChange(4, day(1)));
    assertNull(history.nextChange(0, day(9)));
  }

  @Test
  void aVersionThatIsNotThereIsAMistake() {
    PolicyHistory history = PolicyHistory.of(Policies.CSS);

    assertEquals(1, history.number(1).version());
    assertThrows(IllegalStateException.class, () -> history.number(2));
  }

  @Test
  void aTimerThatRunsKeepsTheVersionItStartedUnder() {
    Customer customer = shortened(hour(10), false).charged("5.00", MORNING).settled(hour(20));

    assertEquals("grace-expired 24h", customer.next("css"));
    assertEquals(1, customer.settled(hour(24)).transitions().get(2).policyVersion());
  }

  @Test
  void anEpisodeThatBeginsLaterGoesByTheNewVersion() {
    Customer customer =
        shortened(hour(10), false)
            .charged("5.00", MORNING)
            .pays("5.00", hour(5))
            .charged("5.00", hour(10))
            .settled(hour(12));

    assertEquals(SUSPENDED, customer.stateOf("css"));
    assertEquals("grace-expired 12h", customer.moves().get(5));
    assertEquals(2, customer.transitions().get(5).policyVersion());
  }

  @Test
  void anEpisodeThatBeginsAMicrosecondBeforeGoesByTheOldOne() {
    Customer customer = shortened(hour(10), false).charged("5.00", hour(10).minusNanos(1000));

    assertEquals(hour(34).minusNanos(1000), customer.read().next("css", MORNING).at());
  }

  @Test
  void aRetroactiveVersionGovernsTimersThatRunAndTakesNothingBackInTime() {
    Customer customer = shortened(hour(10), true).charged("5.00", MORNING);
    assertEquals("10h", customer.due(MORNING), "when the rules change");

    customer.settled(hour(10));

    assertEquals(SUSPENDED, customer.stateOf("css"));
    assertEquals("grace-expired 10h", customer.moves().get(2));
    assertEquals(2, customer.transitions().get(2).policyVersion());
  }

  @Test
  void aRetroactiveVersionThatIsNoticedLateTakesEffectWhenItDid() {
    Customer customer = shortened(hour(10), true).charged("5.00", MORNING).settled(day(3));

    assertEquals("grace-expired 10h", customer.moves().get(2));
  }

  @Test
  void whatComesNextGoesByTheRetroactiveVersionOnceItGoverns() {
    Customer shorter = shortened(hour(1), true).charged("5.00", MORNING).settled(hour(1));
    Customer longer =
        Customer.of(version(1, Instant.EPOCH, false, 24), version(2, hour(1), true, 48))
            .charged("5.00", MORNING)
            .settled(hour(1));

    assertEquals("grace-expired 2h", shorter.next("css"));
    assertEquals("2h", shorter.due(hour(1)));
    assertEquals("grace-expired 48h", longer.next("css"));
    assertEquals("48h", longer.due(hour(30)));
    assertEquals(GRACE, longer.settled(hour(30)).stateOf("css"));
  }

  @Test
  void aServiceInGoodStandingGoesByTheVersionOfTheDayItsTimerStarts() {
    PolicyVersion bills =
        new PolicyVersion(
            "css",
            2,
            day(1),
            false,
            List.of(
                new Variant(
                    null,
                    null,
                    css().version(2).overdue(Policies.byBills(Span.NONE, 1, "0")).build())));
    Customer customer = Customer.of(version(1, Instant.EPOCH, false, 24), bills);

    customer.billed("september", "5.00", day(2), day(20));

    assertEquals(ACTIVE, customer.stateOf("css"));
    assertEquals("nothing", customer.next("css"));
    assertEquals("480h", customer.due(day(2)));
  }

  /** An episode that begins while people have suspended the service starts a timer of its own. */
  @Test
  void anEpisodeUnderARestrictionGoesByTheVersionOfItsOwnDay() {
    Customer customer =
        shortened(hour(10), false).restricted(MANUAL, MORNING).charged("5.00", hour(20));

    assertEquals("grace-expired 22h", customer.next("css"));
  }

  @Test
  void aBansTimerKeepsItsVersionAlsoWhenAnEpisodeBegins() {
    PolicyVersion harder =
        new PolicyVersion(
            "css",
            2,
            day(10),
            false,
            List.of(
                new Variant(
                    null,
                    null,
                    css()
                        .version(2)
                        .violation(new Violation(hours(24), Span.NONE, List.of()))
                        .build())));
    Customer customer =
        Customer.of(version(1, Instant.EPOCH, false, 24), harder).restricted(VIOLATION, day(1));

    customer.charged("5.00", day(11));

    assertEquals("violation-retention-expired 1464h", customer.next("css"));
  }

  @Test
  void aKeyCustomersTierHasItsOwnRules() {
    Policy never = css().suspension(null).build();
    PolicyVersion tiered =
        new PolicyVersion(
            "css",
            1,
            Instant.EPOCH,
            false,
            List.of(new Variant(null, null, grace(1, 24)), new Variant("key", null, never)));
    Customer standard = Customer.of(tiered).charged("5.00", MORNING).settled(day(3));
    Customer key = Customer.of(tiered).agreed(tier("key"), MORNING).charged("5.00", MORNING);

    assertEquals(SUSPENDED, standard.stateOf("css"));
    assertEquals(ACTIVE, Customer.of(tiered).agreed(tier("key"), MORNING).stateOf("css"));
    assertEquals("nothing", key.received(hour(1)).settled(day(3)).next("css"));
    assertEquals(GRACE, key.stateOf("css"));
    assertEquals(never, key.read().policy("css", day(3)));
  }

  private static Account.Terms tier(String tier) {
    return new Account.Terms(BigDecimal.ZERO, BigDecimal.ZERO, tier, "ap-guangzhou");
  }

  @Test
  void aChangeOfTierTakesEffectFromThenOn() {
    PolicyVersion tiered =
        new PolicyVersion(
            "css",
            1,
            Instant.EPOCH,
            false,
            List.of(
                new Variant(null, null, grace(1, 240)),
                new Variant("reseller", null, grace(1, 2))));
    Customer customer = Customer.of(tiered).charged("5.00", MORNING);
    assertEquals("grace-expired 240h", customer.next("css"));

    customer.agreed(tier("reseller"), hour(50));

    assertEquals("grace-expired 50h", customer.moves().get(2), "and not at 2 h");
  }

  @Test
  void aChangeOfTheCreditLimitAloneIsNoChangeOfTheRules() {
    Customer customer =
        Customer.owing(Policies.CSS)
            .agreed(
                new Account.Terms(
                    Accounts.amount("1"), BigDecimal.ZERO, "standard", "ap-guangzhou"),
                hour(1));

    assertNull(customer.state().termsSince());
    customer.agreed(
        new Account.Terms(Accounts.amount("1"), BigDecimal.ZERO, "standard", "eu"), hour(2));
    assertEquals(hour(2), customer.state().termsSince());
  }

  /** The CDN row: services opened before 2022-07-11 keep 24 hours, later ones have two. */
  @Test
  void servicesOpenedBeforeADateKeepWhatTheyHad() {
    Instant date = Instant.parse("2022-07-10T16:00:00Z");
    PolicyVersion cdn =
        new PolicyVersion(
            "css",
            1,
            Instant.EPOCH,
            false,
            List.of(new Variant(null, null, grace(1, 2)), new Variant(null, date, grace(1, 24))));

    assertEquals(hours(24), cdn.policyFor("standard", date.minusNanos(1000)).grace().length());
    assertEquals(hours(2), cdn.policyFor("standard", date).grace().length());
    assertEquals(hours(2), cdn.standard().grace().length());
  }

  @Test
  void ofSeveralRulesTheEarliestDatesCountAndThenTheTiersOwn() {
    PolicyVersion version =
        new PolicyVersion(
            "css",
            1,
            Instant.EPOCH,
            false,
            List.of(
                new Variant(null, null, grace(1, 1)),
                new Variant("key", null, grace(1, 2)),
                new Variant(null, day(10), grace(1, 3)),
                new Variant("key", day(10), grace(1, 4)),
                new Variant(null, day(5), grace(1, 5))));

    assertEquals(hours(1), version.policyFor("standard", day(10)).grace().length());
    assertEquals(hours(2), version.policyFor("key", day(10)).grace().length());
    assertEquals(hours(3), version.policyFor("standard", day(9)).grace().length());
    assertEquals(hours(4), version.policyFor("key", day(9)).grace().length());
    assertEquals(hours(5), version.policyFor("key", day(4)).grace().length());
  }

  @Test
  void aVersionWithoutRulesForAServiceIsAMistake() {
    PolicyVersion tiersOnly =
        new PolicyVersion(
            "css",
            1,
            OPENED,
            false,
            List.of(
                new Variant("key", null, Policies.CSS), new Variant("trial", null, Policies.CSS)));

    assertThrows(IllegalStateException.class, tiersOnly::standard);
  }

  @Test
  void aRetroactiveVersionByWhichNothingIsOverdueClearsWhatItFinds() {
    PolicyVersion bills =
        new PolicyVersion(
            "css",
            2,
            hour(50),
            true,
            List.of(
                new Variant(
                    null,
                    null,
                    css().version(2).overdue(Policies.byBills(Span.NONE, 1, "0")).build())));
    Customer customer =
        Customer.of(version(1, Instant.EPOCH, false, 24), bills).charged("5.00", MORNING);

    customer.settled(hour(51));

    assertEquals(ACTIVE, customer.stateOf("css"));
    assertEquals("arrears-cleared 50h", customer.moves().get(3));
  }

  @Test
  void aChangeOfTierAfterANewVersionStillTakesNothingBackInTime() {
    PolicyVersion tiered =
        new PolicyVersion(
            "css",
            2,
            hour(10),
            true,
            List.of(
                new Variant(null, null, grace(2, 240)), new Variant("trial", null, grace(2, 2))));
    Customer customer =
        Customer.of(version(1, Instant.EPOCH, false, 24), tiered).charged("5.00", MORNING);
    Account account = customer.agreed(tier("trial"), hour(50)).read();

    account.settle(hour(60), "job");

    assertEquals("grace-expired 50h", customer.moves().get(2));
  }
}
