package io.arrears.policy;

import static io.arrears.policy.Documents.GOOD;
import static io.arrears.policy.Documents.lines;
import static io.arrears.policy.Documents.told;
import static io.arrears.policy.Documents.with;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A document that cannot be read is told all its faults at once, each where it stands. */
class PolicyFaultsTest {

  private static final String A_SPAN =
      "a length of time above zero and of at most 10 years, e.g. 24h, 90m, 60d, 2 calendar days or"
          + " 1 calendar month";

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "0h",
        "-1h",
        "0 calendar days",
        "3654d",
        "8760000h",
        "999999999999d",
        "121 calendar months",
        "1000 calendar years",
        "9999 calendar days",
        "24",
        "24 h",
        "24 hours",
        "1.5h",
        "1h30m",
        "PT24H",
        "24H",
        "at-once",
        "~",
        "\"\"",
        "[24h]",
        "{hours: 24}",
        "never",
        "٣h"
      })
  void aSpanThatIsNoneIsRefusedWithWhatWouldBeRight(String written) {
    assertEquals(
        List.of("line 14: grace.length must be none, or " + A_SPAN),
        lines(with("grace:\n  from: overdue\n  length: " + written)));
  }

  @Test
  void everyFaultIsToldAtOnceWithItsLineAndPath() {
    String bad =
        """
        product: Live Streaming
        version: 0
        billing:
          time-zone: Asia/Shangri-La
          daily-at: "25:00"
          monthly-day: 29
        grace:
          length: 24 hours
          from: yesterday
          colour: green
        suspension:
          access: allowed
        repossession:
          after-overdue: 60 days
          wins: both
        """;

    assertEquals(
        List.of(
            "line 1: product must be a name of lower-case letters, digits and dashes, at most 64 of"
                + " them",
            "line 2: version must be a whole number from 1 on",
            "line 4: billing.time-zone must be a time zone, e.g. Asia/Shanghai",
            "line 4: billing.monthly-at is missing; it must be a time of day, e.g. \"08:00\"",
            "line 5: billing.daily-at must be a time of day, e.g. \"08:00\"",
            "line 6: billing.monthly-day must be 1 to 28, which every month has",
            "line 8: grace.length must be none, or " + A_SPAN,
            "line 9: grace.from must be one of notification-received, notification-sent, overdue,"
                + " balance-below-limit, deduction, bill-issued",
            "line 10: grace.colour is not a key; the keys here are from, length, inclusive,"
                + " assume-received-after, delivery-is-receipt",
            "line 12: suspension.access must be new-blocked or blocked",
            "line 14: repossession.after-overdue must be at-once, or " + A_SPAN,
            "line 15: repossession.wins must be one of earlier, later"),
        lines(bad));
  }

  @Test
  void faultsOfContradictionAreToldBesideFaultsOfForm() {
    assertEquals(
        List.of(
            "clearing.categories must name what is erased: nobody would ever leave the clearing",
            "reminders[0] must have either before or after"),
        told(with("reminders: [{of: suspension}]", "clearing: {categories: []}")));
  }

  @Test
  void aFaultIsKnownByLinePathAndMessage() {
    assertEquals(
        List.of(new Fault(15, "notices[1]", "is there twice")),
        Documents.faults(with("notices: [overdue, overdue]")));
  }

  @Test
  void aSectionThatIsMissingIsNamedWithWhatItMustHold() {
    assertEquals(
        List.of("line 1: suspension is missing; it must be never, or a mapping with access"),
        lines(GOOD.replace("suspension:\n  access: blocked\n", "")));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "billing: 8|billing must be a mapping with time-zone, daily-at, monthly-day and monthly-at",
        "grace: 24h|grace must be a mapping with length and from",
        "suspension: blocked|suspension must be never, or a mapping with access",
        "suspension: ~|suspension must be never, or a mapping with access",
        "repossession: 60d|repossession must be never, or a mapping with after-overdue,"
            + " after-suspension or both",
        "clearing: {categories: logs}|clearing.categories must be a list of names",
        "suspension: {access: blocked, billed: some}|suspension.billed must be all, none, or a list"
            + " of SKU patterns, e.g. [\"storage*\"]",
        "suspension: {access: blocked, billed: [~]}|suspension.billed[0] must be text, e.g."
            + " \"storage*\", in which * stands for any text",
        "clearing: [a]|clearing must be a mapping of categories, after and repeat-every",
        "violations: x|violations must be a mapping of repossess-after, clear-after and retained",
        "stages: {a: b}|stages must be a list of mappings, each with name, after and from",
        "stages: [a]|stages[0] must be a mapping with name, after and from",
        "features: [a]|features must be a mapping from features to what becomes of them",
        "features: {a: b}|features.a must be a list of mappings, each with effect and while",
        "notices: overdue|notices must be a list of overdue, suspended, restored,"
            + " repossessed, cleared",
        "reminders: [x]|reminders[0] must be a mapping with of, and either before or after",
        "runway-alert: 5|runway-alert must be a mapping with days",
        "quiet-hours: night|quiet-hours must be a mapping with from and until",
        "tiers: [gold]|tiers must be a mapping, each entry a mapping of what is different for them",
        "description: [a]|description must be text of at most 2000 characters",
      })
  void aValueOfTheWrongTypeIsRefused(String section, String fault) {
    assertEquals(List.of(fault), told(with(section)));
  }

  @Test
  void aKeyGivenTwiceIsAFaultAndNotAChoice() {
    assertEquals(
        List.of("line 10: grace.length is there twice"),
        lines(GOOD.replace("length: 48h", "length: 48h\n  length: 1h")));
  }

  @Test
  void aKeyThatIsNoTextIsAFault() {
    assertEquals(
        List.of("line 15: the document has a key that is not text"),
        lines(GOOD + "? [a, b]\n: c\n"));
  }

  @Test
  void aRepossessionThatIsNoneMustSaySo() {
    assertEquals(
        List.of(
            "repossession must have after-overdue, after-suspension or both; for no repossession"
                + " write never"),
        told(with("repossession: {wins: later}")));
  }
}
