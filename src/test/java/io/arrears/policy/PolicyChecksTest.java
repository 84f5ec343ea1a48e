package io.arrears.policy;

import static io.arrears.policy.Documents.GOOD;
import static io.arrears.policy.Documents.told;
import static io.arrears.policy.Documents.with;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that are well written but cannot be meant. */
class PolicyChecksTest {

  private static final String BILLS = "overdue: {balance: ignored, unpaid-bills: {past-due: 30d}}";

  private static String bills(String payWithin) {
    return GOOD.replace("monthly-day: 3", "monthly-day: 3\n  pay-within: " + payWithin);
  }

  @Test
  void nobodyIsSuspendedWithoutNotice() {
    assertEquals(
        List.of("notices must hold overdue: nobody is suspended without notice"),
        told(with("notices: [suspended, cleared]")));
  }

  @Test
  void somethingMustMakeAServiceOverdue() {
    assertEquals(
        List.of(
            "overdue.balance must not be ignored where there are no unpaid-bills: nothing would make"
                + " a service overdue"),
        told(with("overdue: {balance: ignored}")));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "overdue: {when: together}",
        "overdue: {balance: ignored, unpaid-bills: {past-due: 1d}, when: together}"
      })
  void togetherTakesTwoConditions(String overdue) {
    assertEquals(
        List.of(
            "overdue.when must be any: there is only one condition, and together takes balance and"
                + " unpaid-bills"),
        told(with(overdue)));
  }

  @Test
  void onlyAGraceThatWaitsForAReceiptCanAssumeOne() {
    assertEquals(
        List.of(
            "grace.assume-received-after must be left out, or from must be notification-received: no"
                + " other grace waits for a receipt"),
        told(with("grace: {length: 1h, from: overdue, assume-received-after: 1h}")));
  }

  @Test
  void aDeliveryIsNoReceiptWhereNoneIsWaitedFor() {
    assertEquals(
        List.of(
            "grace.delivery-is-receipt must be left out, or from must be notification-received: no"
                + " other grace waits for a receipt"),
        told(with("grace: {length: 1h, from: overdue, delivery-is-receipt: true}")));
  }

  @Test
  void someHoursAreNotQuiet() {
    assertEquals(
        List.of("quiet-hours.until must be another time than from: some hours must not be quiet"),
        told(with("quiet-hours: {from: \"08:00\", until: \"08:00\"}")));
  }

  @Test
  void aGraceFromTheBalanceNeedsTheBalanceToMatter() {
    assertEquals(
        List.of(
            "grace.from must be another anchor, e.g. overdue: by overdue.balance the balance is"
                + " ignored"),
        told(with(BILLS, "grace: {length: 1h, from: balance-below-limit}")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "overdue: {prepaid-packages: cover}|balance-below-limit|the balance can be below the limit"
            + " long before prepaid packages end",
        "overdue: {unpaid-bills: {past-due: 1d}, when: together}|balance-below-limit|the balance"
            + " can be below the limit long before bills are past due too",
        "overdue: {prepaid-packages: cover}|bill-issued|a bill can be issued long before prepaid"
            + " packages end",
        "overdue: {unpaid-bills: {past-due: 1d}, when: together}|bill-issued|a bill can be issued"
            + " long before the balance is below the limit too",
      })
  void aGraceMustNotBeOverBeforeTheServiceIsOverdue(String overdue, String from, String because) {
    assertEquals(
        List.of(
            "grace.from must be overdue: "
                + because
                + ", and the grace would be over before any notice"),
        told(with(overdue, "grace: {length: 48h, from: " + from + "}")));
  }

  @ParameterizedTest(name = "pay within {0}, grace of {1}")
  @CsvSource({
    "30d, 60d",
    "30d, 24h",
    "1 calendar month, 61d",
    "at-once, 30d",
    "at-once, 1 calendar month"
  })
  void aGraceFromTheBillMustOutlastTheTimeUntilItIsPastDue(String payWithin, String length) {
    assertEquals(
        List.of(
            "grace.length must be longer than billing.pay-within and overdue.unpaid-bills.past-due"
                + " together, which it includes: suspended without notice otherwise"),
        told(
            bills(payWithin).replaceAll("(?s)grace:.*recei[a-z]*\n", "")
                + BILLS
                + "\ngrace: {from: bill-issued, length: "
                + length
                + "}\n"));
  }

  @ParameterizedTest(name = "pay within {0}, grace of {1}")
  @CsvSource({"30d, 61d", "1 calendar month, 62d", "at-once, 2 calendar months"})
  void aGraceFromTheBillThatLastsLongerIsRead(String payWithin, String length) {
    PolicyReader.read(
        bills(payWithin).replaceAll("(?s)grace:.*recei[a-z]*\n", "")
            + BILLS
            + "\ngrace: {from: bill-issued, length: "
            + length
            + "}\n");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"count: 2", "amount: 100"})
  void aGraceFromTheBillTakesOneBill(String more) {
    assertEquals(
        List.of(
            "grace.from must be overdue where unpaid-bills takes a count or an amount: the first"
                + " bill is issued long before it is enough, and the grace would be over before any"
                + " notice"),
        told(
            with(
                "overdue: {balance: ignored, unpaid-bills: {past-due: 1d, " + more + "}}",
                "grace: {length: 100d, from: bill-issued}")));
  }

  @Test
  void whatIsNeverSuspendedHasNothingThatFollowsASuspension() {
    String never =
        GOOD.replace("suspension:\n  access: blocked", "suspension: never")
            + "stages: [{name: a, after: 1h, from: suspension}]\n"
            + "clearing: {after: 1d}\n"
            + "reminders: [{of: suspension, before: 1h}, {of: clearing, after: 1h}]\n";

    assertEquals(
        List.of(
            "grace must be left out where suspension is never: nothing follows its end",
            "repossession must be never, or left out, where suspension is never: only what is"
                + " suspended is repossessed",
            "stages must be left out where suspension is never: none would be reached",
            "reminders[0] must be of something that happens: there is no suspension by this policy",
            "reminders[1] must be of something that happens: there is no clearing by this policy"),
        told(never));
  }

  @Test
  void whatIsNeverRepossessedHasNothingThatFollowsARepossession() {
    assertEquals(
        List.of(
            "clearing.after must be left out where nothing is repossessed: it counts from there",
            "reminders[0] must be of something that happens: there is no repossession by this"
                + " policy"),
        told(
            with(
                "repossession: never",
                "clearing: {after: 1d}\nreminders: [{of: repossession, before: 1h}]")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "repossession: {after-suspension: 1h}|1h",
        "repossession: {after-suspension: 30d, after-overdue: 50h}|2h",
        "repossession: {after-suspension: 1 calendar month}|32d",
      })
  void aTicketIsNeededBeforeTheRepossessionOrNever(String repossession, String ticketAfter) {
    assertEquals(
        List.of(
            "suspension.ticket-after must be shorter than the time until the repossession, which no"
                + " ticket undoes"),
        told(
            with(
                "suspension: {access: blocked, ticket-after: " + ticketAfter + "}", repossession)));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"24h", "48h"})
  void theClockFromOverdueOutlastsTheGrace(String afterOverdue) {
    assertEquals(
        List.of(
            "repossession.after-overdue must be longer than the grace: it is over before the"
                + " suspension; if that is meant, write at-once"),
        told(with("repossession: {after-overdue: " + afterOverdue + "}")));
  }

  @Test
  void theClockFromOverdueMayBeShortWhereTheLaterOneWins() {
    PolicyReader.read(
        with("repossession: {after-overdue: 24h, after-suspension: 24h, wins: later}"));
    PolicyReader.read(with("repossession: {after-overdue: at-once}"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "[{name: a, after: 30d, from: suspension}]|stages[0].after",
        "[{name: a, after: 40d, from: previous}]|stages[0].after",
        "[{name: a, after: 1d, from: suspension}, {name: b, after: 29d, from: previous}]"
            + "|stages[1].after",
      })
  void aStageIsReachedBeforeTheRepossession(String stages, String path) {
    assertEquals(
        List.of(path + " must be earlier than the repossession"), told(with("stages: " + stages)));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "[{name: a, after: 5d, from: suspension}, {name: b, after: 5d, from: suspension}]",
        "[{name: a, after: 5d, from: suspension}, {name: b, after: 7d, from: overdue}]",
        "[{name: a, after: 5d, from: overdue}, {name: b, after: 4d, from: overdue}]",
      })
  void stagesStandInTheirOrder(String stages) {
    assertEquals(
        List.of("stages[1].after must be later than the stage before it"),
        told(with("stages: " + stages)));
  }

  @Test
  void aStageComesNoSoonerThanTheSuspension() {
    assertEquals(
        List.of("stages[0].after must be later than the suspension"),
        told(with("stages: [{name: a, after: 47h, from: overdue}]")));
    PolicyReader.read(with("stages: [{name: a, after: 48h, from: overdue}]"));
  }

  @Test
  void aStageWhoseOrderHangsOnTheReceiptIsRead() {
    PolicyReader.read(
        with(
            "stages: [{name: a, after: 9d, from: overdue}, {name: b, after: 1d, from:"
                + " suspension}]"));
  }

  @Test
  void noStageIsMilderThanTheOneBeforeIt() {
    assertEquals(
        List.of(
            "stages[0].access must not be milder than before, blocked",
            "stages[1].name is the name of two stages",
            "stages[1].billed must not be more than was billed before",
            "stages[1].features.f must not be milder than before, erased"),
        told(
            with(
                """
                stages:
                  - name: a
                    after: 1d
                    from: suspension
                    access: new-blocked
                    billed: none
                    features: {f: erased}
                  - name: a
                    after: 1d
                    from: previous
                    billed: ["disk*"]
                    features: {f: degraded}
                """)));
  }

  @Test
  void aClearingEndsBecauseItHasCategories() {
    assertEquals(
        List.of(
            "clearing.categories must name what is erased: nobody would ever leave the clearing"),
        told(with("clearing: {categories: []}")));
  }

  @Test
  void aViolationThatErasesLeavesSomethingToErase() {
    assertEquals(
        List.of(
            "violations.retained must leave a category to erase, or clear-after be left out: the"
                + " clearing would never end"),
        told(
            with(
                "clearing: {categories: [logs, keys]}",
                "violations: {repossess-after: 1d, clear-after: 1d, retained: [keys, logs]}")));
    PolicyReader.read(with("clearing: {categories: [logs]}", "violations: {retained: [logs]}"));
  }

  @Test
  void aViolationErasesOnlyWhatWasRepossessed() {
    assertEquals(
        List.of("violations.clear-after must come with repossess-after, from which it counts"),
        told(with("violations: {clear-after: 1d}")));
  }

  @Test
  void whatAViolationRetainsIsACategory() {
    assertEquals(
        List.of("violations.retained[1] must be one of clearing.categories: data"),
        told(with("violations: {retained: [data, keys]}")));
  }

  @Test
  void aFeatureDoesNotDependOnItsOwnProductAsOnAnother() {
    assertEquals(
        List.of(
            "features.a.follows must be another product: a feature that follows its own is not told"
                + " from it",
            "features.b[0].while.product must be another product; left out, it is the feature's own",
            "features.c.conditions[0].while.product must be another product; left out, it is the"
                + " feature's own"),
        told(
            with(
                """
                features:
                  a: {follows: live}
                  b: [{effect: erased, while: {product: live, states: [cleared]}}]
                  c:
                    follows: cos
                    conditions: [{effect: erased, while: {product: live, states: [cleared]}}]
                """)));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{of: suspension, before: 49h}|suspension",
        "{of: repossession, before: 33d}|repossession",
        "{of: clearing, before: 40d, promised: true}|clearing",
        "{of: suspension, before: 1 calendar month}|suspension",
      })
  void aReminderIsNotDueBeforeTheBadNews(String reminder, String deadline) {
    assertEquals(
        List.of(
            "reminders[0] must have a before that is no longer than the time there is until the "
                + deadline),
        told(with("reminders: [" + reminder + "]")));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "{of: suspension, before: 48h}",
        "{of: repossession, before: 32d}",
        "{of: repossession, before: 1 calendar month}",
        "{of: overdue, after: 31d}",
        "{of: suspension, after: 29d}",
        "{of: clearing, after: 1d}",
      })
  void aReminderThatCanBeGivenIsRead(String reminder) {
    PolicyReader.read(with("reminders: [" + reminder + "]"));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{of: overdue, before: 1h}|must have after, not before: what makes a service overdue is not"
            + " known before; for the time that the balance lasts there is runway-alert",
        "{of: suspension, after: 30d}|must have an after that is over before the repossession",
        "{of: suspension, after: 1h, promised: true}|must have before where it is promised: what has"
            + " happened does not wait for it",
        "{of: suspension, before: 1h, after: 1h}|must have either before or after",
      })
  void aReminderThatCannotBeGivenIsRefused(String reminder, String fault) {
    assertEquals(List.of("reminders[0] " + fault), told(with("reminders: [" + reminder + "]")));
  }

  @Test
  void theSameReminderTwiceIsOneTooMany() {
    assertEquals(
        List.of("reminders[1] is the same as one before it: 24 hours before suspension"),
        told(with("reminders: [{of: suspension, before: 24h}, {of: suspension, before: 1d}]")));
  }
}
