package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.CATEGORIES;
import static io.arrears.core.Policies.CSS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The transition table as a whole. */
class TransitionTableTest {

  /** The moves that customers make by their own hand: no facts lead to them, only commands. */
  private static Stream<Customer> stories() {
    Policy byHand = PolicyBuilder.css().restore(new Suspension.Restore(true, null)).build();
    Customer starts =
        Customer.owing(byHand).settled(hour(48)).pays("5.00", hour(49)).started("css", hour(50));
    Customer returns =
        Customer.owing(CSS).settled(day(60)).pays("5.00", day(61)).reopened("css", day(62));
    Customer returnsLater =
        Customer.owing(CSS)
            .settled(day(60))
            .reported("css", day(61), CATEGORIES.toArray(String[]::new))
            .pays("5.00", day(62))
            .reopened("css", day(63));
    return Stream.of(starts, returns, returnsLater);
  }

  private static Stream<String> told(Customer customer) {
    return customer.transitions().stream()
        .map(made -> made.rule() + ": " + made.from() + " to " + made.to());
  }

  /** A rule that is added to the table, or a move that it may make, needs a scenario. */
  @Test
  void everyMoveOfTheTransitionTableIsMadeByAScenario() {
    Stream<Scenario> scenarios =
        Stream.of(
                LifecycleTest.scenarios(),
                RepossessionTest.scenarios().stream(),
                InterventionTest.scenarios(),
                FarewellTest.scenarios(),
                StageTest.scenarios())
            .flatMap(each -> each);
    Set<String> unmade = new TreeSet<>();
    for (Rule rule : Rule.values()) {
      for (Rule.Arc arc : rule.arcs()) {
        unmade.add(rule.id() + ": " + arc.from() + " to " + arc.to());
      }
    }

    scenarios
        .flatMap(each -> each.moves().stream())
        .map(move -> move.rule().id() + ": " + move.from() + " to " + move.to())
        .forEach(unmade::remove);
    stories().flatMap(TransitionTableTest::told).forEach(unmade::remove);

    assertEquals(Set.of(), unmade);
  }

  @Test
  void aMoveThatIsNotInTheTableIsRefused() {
    Facts active = Facts.of(Standing.active(MORNING), null, null);
    Step step = Scenario.step(Rule.GRACE_EXPIRED, MORNING);

    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> active.after(step));

    assertEquals("grace-expired does not lead from ACTIVE to SUSPENDED", refused.getMessage());
  }

  @Test
  void aRuleLeadsOnlyWhereItsRowsSay() {
    assertTrue(Rule.GRACE_EXPIRED.leads(ServiceState.GRACE, ServiceState.SUSPENDED));
    assertFalse(Rule.GRACE_EXPIRED.leads(ServiceState.GRACE, ServiceState.BANNED));
    assertFalse(Rule.GRACE_EXPIRED.leads(ServiceState.OVERDUE, ServiceState.SUSPENDED));
    assertTrue(Rule.GRACE_EXPIRED.leavesFrom(ServiceState.SUSPENDED));
    assertFalse(Rule.GRACE_EXPIRED.leavesFrom(ServiceState.ACTIVE));
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Rule.class)
  void everyRuleSaysWhereItComesFromAndWhatItMeans(Rule rule) {
    assertTrue(rule.clause().matches("S\\d+(, S\\d+)*|people|policies"), rule.clause());
    assertTrue(rule.meaning().endsWith("."), rule.meaning());
    assertTrue(rule.id().matches("[a-z]+(-[a-z]+)*"), rule.id());
  }

  @Test
  void onlyAFewRulesTakeAwayWhatNoPaymentBringsBack() {
    Set<Rule> irreversible =
        Arrays.stream(Rule.values()).filter(Rule::irreversible).collect(Collectors.toSet());

    assertEquals(
        Set.of(
            Rule.OVERDUE_RETENTION_EXPIRED,
            Rule.SUSPENSION_RETENTION_EXPIRED,
            Rule.VIOLATION_RETENTION_EXPIRED,
            Rule.CLEARING_STARTED,
            Rule.DATA_CLEARED),
        irreversible);
  }

  /** S9, and the end of the road: what leads out of a state, and where to. */
  @Test
  void nothingLeadsOutOfBannedAndOnlyReopeningOutOfCleared() {
    assertEquals(Set.of(), out(ServiceState.BANNED));
    assertEquals(Set.of("reopened"), out(ServiceState.CLEARED));
    assertEquals(Set.of("violation", "data-cleared"), out(ServiceState.DEACTIVATING));
  }

  private static Set<String> out(ServiceState state) {
    return Stream.of(Rule.values())
        .filter(
            rule -> rule.arcs().stream().anyMatch(arc -> arc.from() == state && arc.to() != state))
        .map(Rule::id)
        .collect(Collectors.toSet());
  }

  @Test
  void whatADecisionSaysIsTheStandingItLeadsTo() {
    Facts facts = Facts.of(Standing.active(MORNING), null, null);

    Decision decision = Lifecycle.decide(facts, CSS, MORNING);

    assertEquals(new Decision(List.of(), facts.standing(), null), decision);
  }
}
