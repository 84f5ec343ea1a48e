package io.arrears.core;

import static io.arrears.core.Policies.CSS;
import static io.arrears.core.Policies.DAY;
import static io.arrears.core.Policies.SIXTY_DAYS;
import static io.arrears.core.Rule.ARREARS_CLEARED;
import static io.arrears.core.Rule.DEACTIVATION_APPROVED;
import static io.arrears.core.Rule.GRACE_EXPIRED;
import static io.arrears.core.Rule.OVERDUE_RETENTION_EXPIRED;
import static io.arrears.core.Rule.RESTRICTED;
import static io.arrears.core.Rule.RESTRICTION_LIFTED;
import static io.arrears.core.Rule.VIOLATION_RETENTION_EXPIRED;
import static io.arrears.core.Scenario.step;
import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.BANNED;
import static io.arrears.core.ServiceState.CLEARED;
import static io.arrears.core.ServiceState.DEACTIVATING;
import static io.arrears.core.ServiceState.GRACE;
import static io.arrears.core.ServiceState.OVERDUE;
import static io.arrears.core.ServiceState.REPOSSESSED;
import static io.arrears.core.ServiceState.SUSPENDED;
import static io.arrears.core.SuspensionReason.ARREARS;
import static io.arrears.core.SuspensionReason.LEGAL;
import static io.arrears.core.SuspensionReason.MANUAL;
import static io.arrears.core.SuspensionReason.VIOLATION;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The one decision where people have decided something, from every state. */
class InterventionTest {

  private static final Instant BILLED = Instant.parse("2024-09-02T00:00:00Z");

  /** Since when the service is in its state. */
  private static final Instant SINCE = BILLED.plus(Duration.ofHours(30));

  /** When people have decided. */
  private static final Instant DECIDED = SINCE.plus(Duration.ofHours(1));

  private static final Instant RECEIVED = BILLED.plus(Duration.ofHours(29));
  private static final Arrears OWED = Arrears.belowLimit(1, BILLED, BILLED, RECEIVED);

  static Stream<Scenario> scenarios() {
    return Stream.of(
            restricted(),
            restrictedWhereNothingIsLeftToSuspend(),
            lifted(),
            clearedUnderARestriction(),
            banned(),
            leaving())
        .flatMap(List::stream);
  }

  private static Step because(SuspensionReason reason, Rule rule, ServiceState to, Instant at) {
    return new Step(rule, to, at, reason);
  }

  private static List<Scenario> restricted() {
    Step byHand = because(MANUAL, RESTRICTED, SUSPENDED, DECIDED);
    Step repossession = step(OVERDUE_RETENTION_EXPIRED, BILLED.plus(SIXTY_DAYS));
    return List.of(
        new Scenario(
            "A restriction suspends a service in good standing",
            Given.a(ACTIVE, SINCE).restricted(MANUAL, DECIDED).facts(),
            CSS,
            DECIDED,
            List.of(byHand),
            null),
        new Scenario(
            "It suspends an overdue one whose notification has not arrived",
            Given.a(OVERDUE, SINCE)
                .owing(Arrears.belowLimit(1, BILLED, SINCE, null))
                .restricted(LEGAL, DECIDED)
                .facts(),
            CSS,
            DECIDED,
            List.of(because(LEGAL, RESTRICTED, SUSPENDED, DECIDED)),
            step(GRACE_EXPIRED, SINCE.plus(DAY).plus(DAY))),
        new Scenario(
            "It suspends one in its grace, which runs out all the same",
            Given.a(GRACE, SINCE).owing(OWED).restricted(MANUAL, DECIDED).facts(),
            CSS,
            RECEIVED.plus(DAY),
            List.of(byHand, step(GRACE_EXPIRED, RECEIVED.plus(DAY))),
            repossession),
        new Scenario(
            "A suspended one has one reason more",
            Given.a(SUSPENDED, SINCE).owing(OWED).restricted(MANUAL, DECIDED).facts(),
            CSS,
            DECIDED,
            List.of(byHand),
            repossession),
        new Scenario(
            "A reason that is there already does not come again",
            Given.a(Standings.suspended(SINCE, MANUAL)).restricted(MANUAL, DECIDED).facts(),
            CSS,
            DECIDED,
            List.of(),
            null));
  }

  private static List<Scenario> restrictedWhereNothingIsLeftToSuspend() {
    List<Scenario> all = new ArrayList<>();
    for (ServiceState state : List.of(REPOSSESSED, DEACTIVATING, BANNED)) {
      all.add(
          new Scenario(
              "LEGAL is noted on one that is " + state + ", and stops what would come",
              Given.a(state, SINCE).owing(OWED).restricted(LEGAL, SINCE).facts(),
              CSS,
              BILLED.plus(SIXTY_DAYS).plus(SIXTY_DAYS),
              List.of(because(LEGAL, RESTRICTED, state, SINCE)),
              null));
    }
    all.add(
        new Scenario(
            "A cleared service has nothing left to restrict",
            Given.a(CLEARED, SINCE)
                .restricted(LEGAL, DECIDED)
                .restricted(VIOLATION, DECIDED)
                .deactivated(DECIDED)
                .facts(),
            CSS,
            BILLED.plus(SIXTY_DAYS),
            List.of(),
            null));
    return all;
  }

  private static List<Scenario> lifted() {
    List<Scenario> all = new ArrayList<>();
    all.add(
        new Scenario(
            "A service resumes when its last reason is lifted",
            Given.a(Standings.suspended(SINCE, LEGAL)).changed(DECIDED).facts(),
            CSS,
            DECIDED,
            List.of(because(LEGAL, RESTRICTION_LIFTED, ACTIVE, DECIDED)),
            null));
    all.add(
        new Scenario(
            "It stays suspended while another reason stands",
            Given.a(Standings.suspended(SINCE, LEGAL, MANUAL))
                .restricted(MANUAL, SINCE)
                .changed(DECIDED)
                .facts(),
            CSS,
            DECIDED,
            List.of(because(LEGAL, RESTRICTION_LIFTED, SUSPENDED, DECIDED)),
            null));
    all.add(
        new Scenario(
            "It stays suspended while the arrears are not paid",
            Given.a(Standings.suspended(SINCE, ARREARS, MANUAL))
                .owing(OWED)
                .changed(DECIDED)
                .facts(),
            CSS,
            DECIDED,
            List.of(because(MANUAL, RESTRICTION_LIFTED, SUSPENDED, DECIDED)),
            step(OVERDUE_RETENTION_EXPIRED, BILLED.plus(SIXTY_DAYS))));
    for (ServiceState state : List.of(REPOSSESSED, DEACTIVATING, BANNED)) {
      Standing before = Standings.in(state, SINCE);
      Set<SuspensionReason> reasons = state == BANNED ? Set.of(VIOLATION, MANUAL) : Set.of(MANUAL);
      Given given = Given.a(Standings.with(before, reasons)).changed(DECIDED);
      Step next =
          state == BANNED ? step(VIOLATION_RETENTION_EXPIRED, SINCE.plus(SIXTY_DAYS)) : null;
      all.add(
          new Scenario(
              "Lifting it brings back nothing that is " + state,
              (state == BANNED ? given.restricted(VIOLATION, SINCE) : given).facts(),
              CSS,
              DECIDED,
              List.of(because(MANUAL, RESTRICTION_LIFTED, state, DECIDED)),
              next));
    }
    return all;
  }

  private static List<Scenario> clearedUnderARestriction() {
    return List.of(
        new Scenario(
            "A payment lifts its own reason, and none that people gave",
            Given.a(Standings.suspended(SINCE, ARREARS, LEGAL))
                .restricted(LEGAL, SINCE)
                .clearedAt(DECIDED)
                .facts(),
            CSS,
            DECIDED.plus(SIXTY_DAYS).plus(SIXTY_DAYS),
            List.of(new Step(ARREARS_CLEARED, SUSPENDED, DECIDED)),
            null));
  }

  private static List<Scenario> banned() {
    List<Scenario> all = new ArrayList<>();
    for (ServiceState state : List.of(ACTIVE, OVERDUE, GRACE, SUSPENDED, DEACTIVATING)) {
      Given given = Given.a(state, SINCE).restricted(VIOLATION, DECIDED);
      all.add(
          new Scenario(
              "S9: a violation bans a service that is " + state,
              (state == ACTIVE ? given : given.owing(OWED.received(DECIDED))).facts(),
              CSS,
              DECIDED,
              List.of(step(Rule.VIOLATION, DECIDED)),
              step(VIOLATION_RETENTION_EXPIRED, DECIDED.plus(SIXTY_DAYS))));
    }
    all.add(
        new Scenario(
            "S9: a violation bans a repossessed one, whose data is still erased",
            Given.a(REPOSSESSED, SINCE).restricted(VIOLATION, DECIDED).facts(),
            CSS,
            DECIDED,
            List.of(
                step(Rule.VIOLATION, DECIDED), new Step(Rule.CLEARING_STARTED, BANNED, DECIDED)),
            null));
    all.add(
        new Scenario(
            "S9: a violation comes before a restriction of the same instant",
            Given.a(ACTIVE, SINCE)
                .restricted(LEGAL, DECIDED)
                .restricted(VIOLATION, DECIDED)
                .facts(),
            CSS,
            DECIDED,
            List.of(step(Rule.VIOLATION, DECIDED), because(LEGAL, RESTRICTED, BANNED, DECIDED)),
            null));
    return all;
  }

  private static List<Scenario> leaving() {
    List<Scenario> all = new ArrayList<>();
    for (ServiceState state : List.of(ACTIVE, OVERDUE, GRACE, SUSPENDED)) {
      Given given = Given.a(state, SINCE).deactivated(DECIDED);
      all.add(
          new Scenario(
              "S11: a customer may leave a service that is " + state,
              (state == ACTIVE ? given : given.owing(OWED.received(DECIDED))).facts(),
              CSS,
              DECIDED,
              List.of(step(DEACTIVATION_APPROVED, DECIDED)),
              state == ACTIVE
                  ? null
                  : new Step(Rule.CLEARING_STARTED, DEACTIVATING, BILLED.plus(SIXTY_DAYS))));
    }
    all.add(
        new Scenario(
            "S11: a customer may leave one whose resources are gone",
            Given.a(REPOSSESSED, SINCE).deactivated(DECIDED).facts(),
            CSS,
            DECIDED,
            List.of(step(DEACTIVATION_APPROVED, DECIDED)),
            null));
    all.add(
        new Scenario(
            "S9: nobody leaves a banned one",
            Given.a(BANNED, SINCE).restricted(VIOLATION, SINCE).deactivated(DECIDED).facts(),
            CSS,
            DECIDED,
            List.of(),
            step(VIOLATION_RETENTION_EXPIRED, SINCE.plus(SIXTY_DAYS))));
    return all;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void decidesWhatFollowsFromTheFacts(Scenario given) {
    given.check();
  }

  @Test
  void whatPeopleDecidedComesFirstOfWhatHappensAtTheSameInstant() {
    Instant deadline = RECEIVED.plus(DAY);
    Facts facts = Given.a(GRACE, SINCE).owing(OWED).restricted(MANUAL, deadline).facts();

    List<Step> steps = Lifecycle.decide(facts, CSS, deadline).steps();

    assertEquals(
        List.of(because(MANUAL, RESTRICTED, SUSPENDED, deadline), step(GRACE_EXPIRED, deadline)),
        steps);
  }
}
