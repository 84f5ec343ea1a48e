package io.arrears.policy;

import static io.arrears.policy.Documents.GOOD;
import static io.arrears.policy.Documents.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.arrears.core.Access;
import io.arrears.core.BillingCalendar;
import io.arrears.core.Clearing;
import io.arrears.core.Effect;
import io.arrears.core.Feature;
import io.arrears.core.Grace;
import io.arrears.core.Notice.Rung;
import io.arrears.core.Overdue;
import io.arrears.core.Policy;
import io.arrears.core.QuietHours;
import io.arrears.core.Reminder;
import io.arrears.core.Repossession;
import io.arrears.core.Repossession.Winner;
import io.arrears.core.ServiceState;
import io.arrears.core.Span;
import io.arrears.core.Stage;
import io.arrears.core.Suspension;
import io.arrears.core.Suspension.Billed;
import io.arrears.core.Suspension.Restore;
import io.arrears.core.Violation;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policy documents: what their keys mean, and what it means to leave one out. */
class PolicyReaderTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Span A_DAY = hours(24);
  private static final Set<Rung> ALL_NOTICES =
      Set.of(
          Rung.OVERDUE,
          Rung.SUSPENDED,
          Rung.RESTORED,
          Rung.REPOSSESSED,
          Rung.CLEARED,
          Rung.PROMISE_BROKEN);

  private static Span hours(int hours) {
    return Span.exactly(Duration.ofHours(hours));
  }

  private static Policy read(String document) {
    return PolicyReader.read(document).standard();
  }

  @Test
  void whatADocumentLeavesOutHasAMeaning() {
    PolicyDocument document = PolicyReader.read(GOOD);

    assertEquals("live", document.product());
    assertEquals(2, document.version());
    assertEquals("", document.description());
    assertEquals(
        new Policy(
            "live",
            2,
            new BillingCalendar(BERLIN, LocalTime.of(6, 30), 3, LocalTime.of(7, 0)),
            new Policy.Bills(null, null),
            Overdue.BELOW_LIMIT,
            new Grace(hours(48), Grace.Anchor.NOTIFICATION_RECEIVED, false, A_DAY),
            new Suspension(Access.BLOCKED, Billed.ALL, Restore.AUTOMATIC),
            List.of(),
            new Repossession(null, hours(720), Winner.EARLIER),
            new Clearing(List.of("data"), Span.NONE, A_DAY),
            new Violation(null, null, List.of()),
            List.of(),
            ALL_NOTICES,
            List.of(),
            null,
            null,
            Span.exactly(Duration.ofMinutes(10))),
        document.standard());
    assertEquals(1, document.variants().size());
  }

  @Test
  void billsAreRoundedAndDueAsTheDocumentSays() {
    String billing = "billing: {time-zone: Asia/Shanghai, daily-at: \"08:00\", monthly-day: 28, ";

    Policy policy =
        read(with(billing + "monthly-at: \"00:00\", round-to: \"0.05\", pay-within: 30d}"));

    assertEquals(
        new Policy.Bills(new BigDecimal("0.05"), Span.exactly(Duration.ofDays(30))),
        policy.bills());
    assertEquals(28, policy.billing().monthlyDay());
    assertNull(
        read(with(billing + "monthly-at: \"00:00\", round-to: minor-unit}")).bills().roundTo());
  }

  @Test
  void overdueGoesByBalanceAndByBills() {
    Policy policy =
        read(
            with(
                """
                overdue:
                  balance: {frozen: not-counted, cleared: above}
                  unpaid-bills: {past-due: 1 calendar month, count: 2, amount: "100.00"}
                  when: together
                  prepaid-packages: cover
                """));

    assertEquals(
        new Overdue(
            new Overdue.ByBalance(true, true),
            new Overdue.UnpaidBills(
                Span.calendar(Period.ofMonths(1), BERLIN), 2, new BigDecimal("100.00")),
            true,
            true),
        policy.overdue());
  }

  @Test
  void billsAreDueAtIssueWhereTheyMakeOverdueAndNothingIsSaid() {
    Policy policy = read(with("overdue: {balance: ignored, unpaid-bills: {past-due: at-once}}"));

    assertEquals(Span.NONE, policy.bills().payWithin());
    assertEquals(
        new Overdue(null, new Overdue.UnpaidBills(Span.NONE, 1, BigDecimal.ZERO), false, false),
        policy.overdue());
  }

  @Test
  void aGraceCanWaitForAReceiptWithoutEnd() {
    Policy policy =
        read(
            with(
                "grace: {length: 90m, from: notification-received, inclusive: true,"
                    + " assume-received-after: never}"));

    assertEquals(
        new Grace(
            Span.exactly(Duration.ofMinutes(90)), Grace.Anchor.NOTIFICATION_RECEIVED, true, null),
        policy.grace());
  }

  @ParameterizedTest
  @CsvSource({
    "notification-sent, NOTIFICATION_SENT",
    "overdue, OVERDUE",
    "balance-below-limit, BALANCE_BELOW_LIMIT",
    "deduction, DEDUCTION",
    "bill-issued, BILL_ISSUED"
  })
  void aGraceFromAnyOtherAnchorAssumesNoReceipt(String written, Grace.Anchor anchor) {
    Policy policy = read(with("grace: {length: none, from: " + written + "}"));

    assertEquals(new Grace(Span.NONE, anchor, false, null), policy.grace());
  }

  @Test
  void aSuspensionSaysWhatIsBilledAndHowItEnds() {
    Policy policy =
        read(
            with(
                """
                suspension:
                  access: new-blocked
                  billed: ["storage*", traffic]
                  restored: by-hand
                  ticket-after: 1h
                """));

    assertEquals(
        new Suspension(
            Access.NEW_BLOCKED,
            new Billed(false, List.of("storage*", "traffic")),
            new Restore(true, hours(1))),
        policy.suspension());
    assertEquals(
        Billed.NONE,
        read(with("suspension: {access: blocked, billed: none}")).suspension().billed());
  }

  @Test
  void aServiceThatIsNeverSuspendedNeedsNeitherGraceNorRepossession() {
    Policy policy = read(GOOD.replaceAll("(?s)grace:.*", "suspension: never\n"));

    assertNull(policy.suspension());
    assertEquals(new Repossession(null, null, Winner.EARLIER), policy.repossession());
    assertEquals(
        new Grace(Span.NONE, Grace.Anchor.NOTIFICATION_RECEIVED, false, null), policy.grace());
  }

  @Test
  void aStageIsAsTheOneBeforeItInWhatItLeavesOut() {
    Policy policy =
        read(
            with(
                """
                stages:
                  - {name: instances-stopped, after: 24h, from: suspension, billed: ["disk*"]}
                  - name: disks-detached
                    after: 2 calendar days
                    from: previous
                    features: {snapshots: inaccessible}
                  - {name: disks-gone, after: 28d, from: overdue, billed: none}
                """));

    assertEquals(
        List.of(
            new Stage(
                "instances-stopped",
                A_DAY,
                Stage.Anchor.SUSPENSION,
                Access.BLOCKED,
                new Billed(false, List.of("disk*")),
                Map.of()),
            new Stage(
                "disks-detached",
                Span.calendar(Period.ofDays(2), BERLIN),
                Stage.Anchor.PREVIOUS,
                Access.BLOCKED,
                new Billed(false, List.of("disk*")),
                Map.of("snapshots", Effect.INACCESSIBLE)),
            new Stage(
                "disks-gone",
                Span.exactly(Duration.ofDays(28)),
                Stage.Anchor.OVERDUE,
                Access.BLOCKED,
                Billed.NONE,
                Map.of())),
        policy.stages());
  }

  @Test
  void twoClocksOfTheRepossessionCanRun() {
    Policy policy =
        read(with("repossession: {after-overdue: 60d, after-suspension: at-once, wins: later}"));

    assertEquals(
        new Repossession(Span.exactly(Duration.ofDays(60)), Span.NONE, Winner.LATER),
        policy.repossession());
    assertEquals(
        new Repossession(null, null, Winner.EARLIER),
        read(with("repossession: never")).repossession());
  }

  @Test
  void clearingAndViolationsSayWhatIsErasedAndWhatIsKept() {
    Policy policy =
        read(
            with(
                "clearing: {categories: [logs, keys], after: 7d, repeat-every: 6h}",
                "violations: {repossess-after: 60d, clear-after: at-once, retained: [keys]}"));

    assertEquals(
        new Clearing(List.of("logs", "keys"), Span.exactly(Duration.ofDays(7)), hours(6)),
        policy.clearing());
    assertEquals(
        new Violation(Span.exactly(Duration.ofDays(60)), Span.NONE, List.of("keys")),
        policy.violation());
  }

  @Test
  void featuresFollowOtherProductsOrHaveConditions() {
    Policy policy =
        read(
            with(
                """
                features:
                  recording:
                    - {effect: degraded, while: {product: vod, states: [suspended, banned]}}
                    - {effect: inaccessible, while: {states: [suspended]}}
                  screenshots: {follows: cos}
                  previews:
                    follows: cos
                    conditions: [{effect: erased, while: {states: [repossessed]}}]
                """));

    assertEquals(
        List.of(
            new Feature(
                "recording",
                null,
                List.of(
                    new Feature.Condition(
                        Effect.DEGRADED,
                        "vod",
                        Set.of(ServiceState.SUSPENDED, ServiceState.BANNED)),
                    new Feature.Condition(
                        Effect.INACCESSIBLE, null, Set.of(ServiceState.SUSPENDED)))),
            new Feature("screenshots", "cos", List.of()),
            new Feature(
                "previews",
                "cos",
                List.of(
                    new Feature.Condition(Effect.ERASED, null, Set.of(ServiceState.REPOSSESSED))))),
        policy.features());
  }

  @Test
  void noticesRemindersAndTheRunwayAlertAreTold() {
    Policy policy =
        read(
            with(
                """
                notices: [overdue, suspended]
                """,
                """
                reminders:
                  - {of: suspension, before: 4h, promised: true}
                  - {of: overdue, after: 12h}
                runway-alert: {days: 5}
                quiet-hours: {from: "22:00", until: "08:00"}
                """));

    assertEquals(Set.of(Rung.OVERDUE, Rung.SUSPENDED, Rung.PROMISE_BROKEN), policy.notices());
    assertEquals(
        List.of(
            new Reminder(Reminder.Deadline.SUSPENSION, true, hours(4), true),
            new Reminder(Reminder.Deadline.OVERDUE, false, hours(12), false)),
        policy.reminders());
    assertEquals(5, policy.runwayDays());
    assertEquals(new QuietHours(LocalTime.of(22, 0), LocalTime.of(8, 0)), policy.quietHours());
  }

  @Test
  void theVersionIsTheCallersToCheckAndMayBeLeftOut() {
    PolicyDocument document = PolicyReader.read(GOOD.replace("version: 2\n", ""));

    assertEquals(0, document.version());
  }

  @ParameterizedTest
  @CsvSource({
    "24h, PT24H",
    "90m, PT1H30M",
    "60d, PT1440H",
    "3653d, PT87672H",
    "007d, PT168H",
    "1m, PT1M"
  })
  void exactSpansAreThatLongWhateverTheCalendar(String written, Duration length) {
    assertEquals(Span.exactly(length), Spans.parse(written, BERLIN));
  }

  @ParameterizedTest
  @CsvSource({
    "1 calendar day, P1D",
    "2 calendar days, P2D",
    "1 calendar month, P1M",
    "120 calendar months, P120M"
  })
  void calendarSpansHangInTheZoneOfTheBilling(String written, Period length) {
    assertEquals(Span.calendar(length, BERLIN), Spans.parse(written, BERLIN));
  }
}
