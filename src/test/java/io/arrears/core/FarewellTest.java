package io.arrears.core;

import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.CATEGORIES;
import static io.arrears.core.Policies.CSS;
import static io.arrears.core.PolicyBuilder.css;
import static io.arrears.core.Rule.CLEARING_STARTED;
import static io.arrears.core.Rule.CLEARING_WITHDRAWN;
import static io.arrears.core.Rule.DATA_CLEARED;
import static io.arrears.core.Rule.VIOLATION_RETENTION_EXPIRED;
import static io.arrears.core.ServiceState.BANNED;
import static io.arrears.core.ServiceState.CLEARED;
import static io.arrears.core.ServiceState.DEACTIVATING;
import static io.arrears.core.ServiceState.REPOSSESSED;
import static io.arrears.core.SuspensionReason.LEGAL;
import static io.arrears.core.SuspensionReason.VIOLATION;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** S7, S10, S11 in the small: when data is erased, and when that is over. */
class FarewellTest {

  private static final Arrears OWED = Arrears.belowLimit(1, hour(0), hour(0), hour(5));

  /** Data is kept for ten days after the resources are gone. */
  private static final Policy KEEPS_DATA =
      css()
          .clearing(new Clearing(CATEGORIES, Policies.hours(240), Policies.hours(24)))
          .violation(new Violation(Policies.hours(720), Policies.hours(240), List.of()))
          .build();

  private static final List<String> ONE = List.of("configurations");

  static Stream<Scenario> scenarios() {
    return Stream.of(repossessed(), leaving(), banned()).flatMap(List::stream);
  }

  private static Step stays(Rule rule, ServiceState state, Instant at) {
    return new Step(rule, state, at);
  }

  private static Given repossession() {
    return Given.a(REPOSSESSED, day(60)).owing(OWED);
  }

  private static Given clearing(ServiceState state, Instant since) {
    return Given.a(Standings.clearing(Standings.in(state, day(60)), since));
  }

  private static List<Scenario> repossessed() {
    return List.of(
        new Scenario(
            "S10: data is erased once it was kept for as long as the policy says",
            repossession().facts(),
            KEEPS_DATA,
            day(70),
            List.of(stays(CLEARING_STARTED, REPOSSESSED, day(70))),
            null),
        new Scenario(
            "S10: a second before, nothing is erased",
            repossession().facts(),
            KEEPS_DATA,
            day(70).minusSeconds(1),
            List.of(),
            stays(CLEARING_STARTED, REPOSSESSED, day(70))),
        new Scenario(
            "Paid in between, nothing is erased at all",
            Given.a(REPOSSESSED, day(60)).clearedAt(day(65)).facts(),
            KEEPS_DATA,
            day(700),
            List.of(),
            null),
        new Scenario(
            "Paid while it is erased, what is left is kept",
            clearing(REPOSSESSED, day(70)).clearedAt(day(71)).erased(day(70), ONE).facts(),
            KEEPS_DATA,
            day(71),
            List.of(stays(CLEARING_WITHDRAWN, REPOSSESSED, day(71))),
            null),
        new Scenario(
            "It goes on for as long as one category is not reported",
            clearing(REPOSSESSED, day(70))
                .owing(OWED)
                .erased(day(71), CATEGORIES.subList(0, 2))
                .facts(),
            KEEPS_DATA,
            day(700),
            List.of(),
            null),
        new Scenario(
            "It is cleared with the report of the last category",
            clearing(REPOSSESSED, day(70))
                .owing(OWED)
                .erased(day(71), CATEGORIES)
                .erased(day(73), ONE)
                .facts(),
            KEEPS_DATA,
            day(73),
            List.of(stays(DATA_CLEARED, CLEARED, day(73))),
            null),
        new Scenario(
            "An episode that began after the repossession has the whole time once more",
            Given.a(REPOSSESSED, day(60))
                .owing(Arrears.belowLimit(2, day(90), day(90), null))
                .facts(),
            KEEPS_DATA,
            day(159),
            List.of(),
            stays(CLEARING_STARTED, REPOSSESSED, day(160))));
  }

  private static List<Scenario> leaving() {
    Given unsettled = Given.a(DEACTIVATING, day(3));
    return List.of(
        new Scenario(
            "S11: a customer who leaves is settled first",
            unsettled.facts(),
            CSS,
            day(700),
            List.of(),
            null),
        new Scenario(
            "S11: then everything is erased",
            Given.a(DEACTIVATING, day(3)).settled(day(4)).facts(),
            CSS,
            day(4),
            List.of(stays(CLEARING_STARTED, DEACTIVATING, day(4))),
            null),
        new Scenario(
            "S11: one who owes goes the way of S10 and not before",
            Given.a(DEACTIVATING, day(3)).owing(OWED).facts(),
            CSS,
            day(60).minusSeconds(1),
            List.of(),
            stays(CLEARING_STARTED, DEACTIVATING, day(60))),
        new Scenario(
            "S11: one who owes, where only the suspension's clock runs, has that time",
            Given.a(DEACTIVATING, day(3)).owing(OWED).facts(),
            Policies.repossessed(null, Policies.DAY, Repossession.Winner.EARLIER),
            day(1),
            List.of(),
            stays(CLEARING_STARTED, DEACTIVATING, day(3))),
        new Scenario(
            "S11: one who owes, where nothing is ever taken back, is waited for",
            Given.a(DEACTIVATING, day(3)).owing(OWED).facts(),
            Policies.repossessed(null, null, Repossession.Winner.EARLIER),
            day(700),
            List.of(),
            null),
        new Scenario(
            "S11: it is cleared with the report of the last category",
            clearing(DEACTIVATING, day(61)).settled(day(61)).erased(day(62), CATEGORIES).facts(),
            CSS,
            day(62),
            List.of(stays(DATA_CLEARED, CLEARED, day(62))),
            null));
  }

  private static List<Scenario> banned() {
    Standing released = Standings.in(BANNED, day(0)).after(released(day(30)));
    return List.of(
        new Scenario(
            "S7: what a banned customer used is released when its time is over",
            ban(Standings.in(BANNED, day(0))).facts(),
            KEEPS_DATA,
            day(30),
            List.of(stays(VIOLATION_RETENTION_EXPIRED, BANNED, day(30))),
            stays(CLEARING_STARTED, BANNED, day(40))),
        new Scenario(
            "S7: its data is erased after that",
            ban(released).facts(),
            KEEPS_DATA,
            day(40),
            List.of(stays(CLEARING_STARTED, BANNED, day(40))),
            null),
        new Scenario(
            "S9: money changes none of it",
            ban(Standings.clearing(released, day(40))).clearedAt(day(41)).facts(),
            KEEPS_DATA,
            day(41),
            List.of(),
            null),
        new Scenario(
            "S9: it stays banned when everything is erased",
            ban(Standings.clearing(released, day(40))).erased(day(41), CATEGORIES).facts(),
            KEEPS_DATA,
            day(700),
            List.of(stays(DATA_CLEARED, BANNED, day(41))),
            null),
        new Scenario(
            "S7: a policy may keep the resources of a banned customer",
            ban(Standings.in(BANNED, day(0))).facts(),
            css().violation(new Violation(null, Span.NONE, List.of())).build(),
            day(700),
            List.of(),
            null),
        new Scenario(
            "S7: a policy may release them and keep the data",
            ban(Standings.in(BANNED, day(0))).facts(),
            css().violation(new Violation(Span.NONE, null, List.of())).build(),
            day(700),
            List.of(stays(VIOLATION_RETENTION_EXPIRED, BANNED, day(0))),
            null),
        new Scenario(
            "What the customer may not delete need not be reported",
            ban(Standings.clearing(released, day(40)))
                .erased(day(41), List.of("client-authorizations", "service-logs"))
                .facts(),
            css().violation(new Violation(Span.NONE, Span.NONE, List.of("configurations"))).build(),
            day(41),
            List.of(stays(DATA_CLEARED, BANNED, day(41))),
            null),
        new Scenario(
            "LEGAL keeps resources and data of a banned customer",
            ban(Standings.with(Standings.in(BANNED, day(0)), Set.of(VIOLATION, LEGAL)))
                .restricted(LEGAL, day(0))
                .facts(),
            CSS,
            day(700),
            List.of(),
            null));
  }

  private static Given ban(Standing standing) {
    return Given.a(standing).restricted(VIOLATION, day(0));
  }

  private static Step released(Instant at) {
    return new Step(VIOLATION_RETENTION_EXPIRED, BANNED, at);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void decidesWhatFollowsFromTheFacts(Scenario given) {
    given.check();
  }

  @Test
  void whatIsRetainedIsRetainedForBannedCustomersOnly() {
    Policy policy =
        css().violation(new Violation(Span.NONE, Span.NONE, List.of("service-logs"))).build();

    assertEquals(CATEGORIES, Farewell.categories(REPOSSESSED, policy));
    assertEquals(CATEGORIES, Farewell.categories(DEACTIVATING, policy));
    assertEquals(
        List.of("client-authorizations", "configurations"), Farewell.categories(BANNED, policy));
  }
}
