package io.arrears.policy;

import static io.arrears.policy.Documents.GOOD;
import static io.arrears.policy.Documents.lines;
import static io.arrears.policy.Documents.told;
import static io.arrears.policy.Documents.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.arrears.core.Access;
import io.arrears.core.Policy;
import io.arrears.core.PolicyVersion;
import io.arrears.core.PolicyVersion.Variant;
import io.arrears.core.Reminder.Deadline;
import io.arrears.core.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a document says differently for a tier, or for services opened before a date. */
class PolicyOverridesTest {

  private static final Instant CHANGE = Instant.parse("2022-07-10T16:00:00Z");
  private static final Instant OLD = CHANGE.minusNanos(1);

  private static PolicyVersion read(String document) {
    return PolicyReader.read(document).version(7, Instant.EPOCH, false);
  }

  private static Span graceOf(PolicyVersion version, String tier, Instant openedAt) {
    return version.policyFor(tier, openedAt).grace().length();
  }

  private static Span hours(int hours) {
    return Span.exactly(Duration.ofHours(hours));
  }

  @Test
  void aTierIsLikeTheRestButForWhatItSays() {
    PolicyVersion version = read(with("tiers: {reseller: {grace: {length: 7d}}}"));

    Policy reseller = version.policyFor("reseller", CHANGE);

    assertEquals(hours(168), reseller.grace().length());
    assertEquals(version.standard().grace().from(), reseller.grace().from());
    assertEquals(version.standard().repossession(), reseller.repossession());
    assertEquals(hours(48), graceOf(version, "gold", CHANGE));
    assertEquals(2, version.variants().size());
  }

  @Test
  void aKeyCustomerWhoIsNeverSuspendedNeedsNoMoreWords() {
    PolicyVersion version =
        read(
            with(
                "tiers: {key-customer: {suspension: never}}",
                """
                stages: [{name: a, after: 1h, from: suspension}]
                clearing: {categories: [logs], after: 7d}
                reminders:
                  - {of: suspension, before: 4h}
                  - {of: clearing, before: 4h}
                  - {of: overdue, after: 4h}
                """));

    Policy policy = version.policyFor("key-customer", CHANGE);

    assertNull(policy.suspension());
    assertEquals(List.of(), policy.stages());
    assertNull(policy.repossession().afterSuspension());
    assertEquals(List.of("logs"), policy.clearing().categories());
    assertEquals(
        List.of(Deadline.OVERDUE), policy.reminders().stream().map(each -> each.of()).toList());
    assertEquals(1, version.standard().stages().size());
  }

  @Test
  void aTierThatIsNeverRepossessedHasNoRemindersOfIt() {
    Policy policy =
        read(with(
                "tiers: {reseller: {repossession: never}}",
                """
                    clearing: {after: 7d}
                    reminders: [{of: repossession, before: 4h}, {of: suspension, before: 4h}]
                    """))
            .policyFor("reseller", CHANGE);

    assertEquals(
        List.of(Deadline.SUSPENSION), policy.reminders().stream().map(each -> each.of()).toList());
    assertEquals(Span.NONE, policy.clearing().after());
  }

  @Test
  void aTildeTakesAKeyAwayAndAListIsReplaced() {
    Policy policy =
        read(with(
                """
                    tiers:
                      reseller:
                        repossession: {after-overdue: 90d, after-suspension: ~}
                        overdue: {unpaid-bills: ~}
                        clearing: {categories: [keys]}
                    """,
                "clearing: {categories: [logs, metrics]}"))
            .policyFor("reseller", CHANGE);

    assertNull(policy.repossession().afterSuspension());
    assertEquals(List.of("keys"), policy.clearing().categories());
  }

  @Test
  void servicesOpenedBeforeADateKeepWhatTheyHad() {
    PolicyVersion version =
        read(with("opened-before: {\"2022-07-11T00:00:00+08:00\": {grace: {length: 24h}}}"));

    assertEquals(hours(24), graceOf(version, "any", OLD));
    assertEquals(hours(48), graceOf(version, "any", CHANGE));
  }

  @Test
  void aTiersOwnWordStandsAboveTheDates() {
    PolicyVersion version =
        read(
            with(
                "tiers: {gold: {grace: {length: 72h}}, silver: {suspension: {access: new-blocked}}}",
                """
                opened-before:
                  "2022-07-11T00:00:00+08:00":
                    grace: {length: 24h}
                    tiers: {bronze: {grace: {length: 12h}}}
                  "2020-01-01T00:00:00Z":
                    grace: {length: 36h}
                    tiers: {gold: ~}
                """));
    Instant oldest = Instant.parse("2019-12-31T23:59:59Z");

    assertEquals(9, version.variants().size());
    assertEquals(hours(72), graceOf(version, "gold", CHANGE));
    assertEquals(hours(72), graceOf(version, "gold", OLD));
    assertEquals(hours(36), graceOf(version, "gold", oldest));
    assertEquals(hours(24), graceOf(version, "silver", OLD));
    assertEquals(Access.NEW_BLOCKED, version.policyFor("silver", OLD).suspension().access());
    assertEquals(hours(48), graceOf(version, "bronze", CHANGE));
    assertEquals(hours(12), graceOf(version, "bronze", OLD));
    assertEquals(hours(36), graceOf(version, "bronze", oldest));
  }

  @Test
  void theNumberOfAVersionIsInEveryPolicyOfIt() {
    PolicyVersion version = read(with("tiers: {gold: {grace: {length: 72h}}}"));

    assertEquals(7, version.version());
    assertEquals(
        List.of(7L, 7L), version.variants().stream().map(v -> v.policy().version()).toList());
  }

  @Test
  void aFaultOfATierIsToldWhereItStands() {
    assertEquals(
        List.of(
            "line 17: tiers.gold.grace.length must be none, or " + Spans.EXPECTED,
            "line 18: tiers.gold.colour is not a key; the keys here are product, version,"
                + " description, billing, overdue, suspension, grace, stages, repossession, clearing,"
                + " violations, features, notices, reminders, quiet-hours, runway-alert, enforcement, tiers, opened-before"),
        lines(with("tiers:\n  gold:\n    grace: {length: 0h}\n    colour: green")));
  }

  @Test
  void aContradictionThatATierBringsAboutNamesTheTier() {
    assertEquals(
        List.of(
            "line 15: reminders[0] must have a before that is no longer than the time there is until"
                + " the suspension (for tier gold)"),
        lines(
            with("reminders: [{of: suspension, before: 4h}]")
                + "tiers: {gold: {grace: {length: 2h}}, bronze: {grace: {length: 1h}}}\n"));
  }

  @Test
  void aFaultThatEveryTierInheritsIsToldOnce() {
    assertEquals(
        List.of("notices must hold overdue: nobody is suspended without notice"),
        told(
            with("notices: []")
                + "tiers: {gold: {grace: {length: 2h}}, bronze: {grace: {length: 1h}}}\n"));
  }

  @Test
  void whatIsTheSameForAllIsRefusedInATier() {
    assertEquals(
        List.of(
            "tiers.gold.product is the same for all services of a product; leave it out here",
            "tiers.gold.opened-before is the same for all services of a product; leave it out here",
            "tiers.gold.billing.daily-at is the same for all services of a product, because one run"
                + " bills them; leave it out"),
        told(
            with(
                """
                tiers:
                  gold:
                    product: live
                    opened-before: {}
                    billing: {daily-at: "09:00", pay-within: 60d}
                """)));
  }

  @Test
  void aDateIsAnInstantAndNamedOnce() {
    assertEquals(
        List.of(
            "opened-before.yesterday must be named by a date and time with its offset, e.g."
                + " \"2022-07-11T00:00:00+08:00\"",
            "opened-before.2022-07-10T16:00:00Z is the same instant once more"),
        told(
            with(
                """
                opened-before:
                  yesterday: {}
                  "2022-07-11T00:00:00+08:00": {grace: {length: 1h}}
                  "2022-07-10T16:00:00Z": {grace: {length: 2h}}
                """)));
  }

  @Test
  void thereAreAtMostSixteenOfEach() {
    String tiers =
        IntStream.rangeClosed(1, 17)
            .mapToObj(i -> "  tier-" + i + ": {notices: [overdue]}\n")
            .collect(Collectors.joining());

    assertEquals(List.of("tiers must have at most 16 entries"), told(GOOD + "tiers:\n" + tiers));
  }

  @Test
  void theFirstVariantIsForNoTierAndNoDate() {
    Variant first = PolicyReader.read(with("tiers: {gold: {}}")).variants().get(0);

    assertNull(first.tier());
    assertNull(first.openedBefore());
  }
}
