package io.arrears.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.arrears.core.Access;
import io.arrears.core.BillingCalendar;
import io.arrears.core.Policy;
import io.arrears.core.Policy.Grace;
import io.arrears.core.Policy.Repossession;
import io.arrears.core.Policy.Repossession.Winner;
import io.arrears.core.Policy.Suspension;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Policy documents: what the built-in ones say, and that a bad one is told all its faults. */
class PolicyReaderTest {

  private static final String GOOD =
      """
      product: live
      version: 2
      billing:
        time-zone: Europe/Berlin
        daily-at: "06:30"
        monthly-day: 3
        monthly-at: "07:00"
      grace:
        length: 48h
        from: notification-received
      suspension:
        access: blocked
      repossession:
        after-suspension: 720h
      """;

  private static final BillingCalendar EIGHT_IN_SHANGHAI =
      new BillingCalendar(ZoneId.of("Asia/Shanghai"), LocalTime.of(8, 0), 1, LocalTime.of(8, 0));

  private static List<String> faults(String document) {
    PolicyException refused =
        assertThrows(PolicyException.class, () -> PolicyReader.read(document));
    return refused.getMessage().lines().toList();
  }

  @Test
  void theBuiltInCssIsTheReadingOfTheClauses() {
    Policy css = new PolicyService().get("css");

    assertEquals(
        new Policy(
            "css",
            1,
            EIGHT_IN_SHANGHAI, // S1, S2
            new Grace(
                Duration.ofHours(24),
                Grace.Anchor.NOTIFICATION_RECEIVED,
                Duration.ofHours(24)), // S4
            new Suspension(Access.NEW_BLOCKED), // S5
            new Repossession(Duration.ofDays(60), Duration.ofDays(60), Winner.EARLIER)), // S10, S7
        css);
  }

  @Test
  void theBuiltInVodAndCosHaveTheirOwnAnchorsAndNumbers() {
    PolicyService policies = new PolicyService();

    assertEquals(
        new Policy(
            "vod",
            1,
            EIGHT_IN_SHANGHAI,
            new Grace(Duration.ofHours(24), Grace.Anchor.DEDUCTION, Duration.ofHours(24)),
            new Suspension(Access.BLOCKED),
            new Repossession(null, Duration.ofDays(30), Winner.EARLIER)),
        policies.get("vod"));
    assertEquals(
        new Policy(
            "cos",
            1,
            EIGHT_IN_SHANGHAI,
            new Grace(Duration.ofHours(24), Grace.Anchor.BALANCE_BELOW_LIMIT, Duration.ofHours(24)),
            new Suspension(Access.BLOCKED),
            new Repossession(Duration.ofDays(120), null, Winner.EARLIER)),
        policies.get("cos"));
    assertEquals(
        List.of("cos", "css", "vod"), policies.all().stream().map(Policy::product).toList());
  }

  @Test
  void readsADocumentAndFillsInWhatItLeavesOut() {
    Policy policy = PolicyReader.read(GOOD);

    assertEquals(
        new Policy(
            "live",
            2,
            new BillingCalendar(
                ZoneId.of("Europe/Berlin"), LocalTime.of(6, 30), 3, LocalTime.of(7, 0)),
            new Grace(
                Duration.ofHours(48), Grace.Anchor.NOTIFICATION_RECEIVED, Duration.ofHours(24)),
            new Suspension(Access.BLOCKED),
            new Repossession(null, Duration.ofDays(30), Winner.EARLIER)),
        policy);
  }

  @Test
  void namesEveryFaultAtOnceWithItsLineAndPath() {
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
          after-overdue: 60d
          wins: both
        """;

    List<String> faults = faults(bad);

    assertEquals(
        List.of(
            "line 4: billing.time-zone must be a time zone, e.g. Asia/Shanghai",
            "line 5: billing.daily-at must be a time of day, e.g. \"08:00\"",
            "line 4: billing.monthly-at is missing; it must be a time of day, e.g. \"08:00\"",
            "line 6: billing.monthly-day must be 1 to 28",
            "line 2: version must be a whole number from 1 on",
            "line 1: product must be lower-case letters, digits and dashes",
            "line 8: grace.length must be hours, e.g. 24h",
            "line 9: grace.from must be one of notification-received, notification-sent,"
                + " deduction, balance-below-limit",
            "line 12: suspension.access must be new-blocked or blocked",
            "line 14: repossession.after-overdue must be hours, e.g. 1440h",
            "line 15: repossession.wins must be one of earlier, later",
            "line 10: grace.colour is not a key of a policy"),
        faults);
  }

  @Test
  void aSectionThatIsMissingIsNamedWithAllThatItMustHold() {
    List<String> faults = faults(GOOD.replace("suspension:\n  access: blocked\n", ""));

    assertEquals(
        List.of(
            "line 1: suspension is missing",
            "suspension.access is missing; it must be new-blocked or blocked"),
        faults);
  }

  @Test
  void aSectionThatIsNoMappingIsSaidToBeNone() {
    List<String> faults =
        faults(GOOD.replace("suspension:\n  access: blocked", "suspension: blocked"));

    assertEquals(
        List.of(
            "line 11: suspension must be a mapping",
            "line 11: suspension.access is missing; it must be new-blocked or blocked"),
        faults);
  }

  @Test
  void aKeyGivenTwiceIsAFaultAndNotAChoice() {
    List<String> faults = faults(GOOD.replace("length: 48h", "length: 48h\n  length: 1h"));

    assertEquals(List.of("line 10: grace.length is there twice"), faults);
  }

  @Test
  void aKeyThatIsNoTextIsAFault() {
    List<String> faults = faults(GOOD + "? [a, b]\n: c\n");

    assertEquals(List.of("line 15: a key must be text"), faults);
  }

  @ParameterizedTest(name = "''{0}''")
  @ValueSource(strings = {"", "css", "- css", "# nothing"})
  void whatIsNoMappingIsNoPolicy(String document) {
    List<String> faults = faults(document);

    assertEquals("the document must be a mapping", faults.get(0).replaceFirst("^line \\d+: ", ""));
  }

  @Test
  void whatIsNoYamlIsRefusedWithTheLine() {
    List<String> faults = faults("product: css\n\tversion: 1\n");

    assertEquals(true, String.join(" ", faults).contains("line 2"));
  }
}
