package io.arrears.core;

import static io.arrears.core.Policies.CSS;
import static io.arrears.core.Policies.DAY;
import static io.arrears.core.Policies.SIXTY_DAYS;
import static io.arrears.core.Rule.CLEARING_STARTED;
import static io.arrears.core.Rule.OVERDUE_RETENTION_EXPIRED;
import static io.arrears.core.Rule.SUSPENSION_RETENTION_EXPIRED;
import static io.arrears.core.Scenario.step;

import io.arrears.core.Repossession.Winner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The clocks of the arrears and of the suspension, after which all is taken back (S7, S10). */
class RepossessionTest {

  /** The morning bill that made the account overdue. */
  private static final Instant BILLED = Instant.parse("2024-09-02T00:00:00Z");

  static List<Scenario> scenarios() {
    Instant received = BILLED.plus(Duration.ofHours(5));
    Arrears arrears = Arrears.belowLimit(1, BILLED, BILLED, received);
    Instant suspended = received.plus(DAY);
    Facts facts = Facts.of(Standings.in(ServiceState.SUSPENDED, suspended), arrears, null);
    Instant byOverdue = BILLED.plus(SIXTY_DAYS);
    Instant bySuspension = suspended.plus(SIXTY_DAYS);
    return List.of(
        new Scenario(
            "S10: a second before overdue + 60 days nothing is taken back",
            facts,
            CSS,
            byOverdue.minusSeconds(1),
            List.of(),
            step(OVERDUE_RETENTION_EXPIRED, byOverdue)),
        new Scenario(
            "S10: the earlier clock wins, at that instant",
            facts,
            CSS,
            byOverdue,
            List.of(step(OVERDUE_RETENTION_EXPIRED, byOverdue), step(CLEARING_STARTED, byOverdue)),
            null),
        new Scenario(
            "S7: the later clock wins where the policy says so",
            facts,
            Policies.repossessed(SIXTY_DAYS, SIXTY_DAYS, Winner.LATER),
            bySuspension,
            List.of(
                step(SUSPENSION_RETENTION_EXPIRED, bySuspension),
                step(CLEARING_STARTED, bySuspension)),
            null),
        new Scenario(
            "S7: a shorter clock of the suspension wins over a longer one of the arrears",
            facts,
            Policies.repossessed(SIXTY_DAYS, DAY, Winner.EARLIER),
            suspended.plus(DAY),
            List.of(
                step(SUSPENSION_RETENTION_EXPIRED, suspended.plus(DAY)),
                step(CLEARING_STARTED, suspended.plus(DAY))),
            null),
        new Scenario(
            "S10: a longer clock of the arrears wins under LATER",
            facts,
            Policies.repossessed(SIXTY_DAYS, DAY, Winner.LATER),
            suspended.plus(DAY),
            List.of(),
            step(OVERDUE_RETENTION_EXPIRED, byOverdue)),
        new Scenario(
            "A policy with one clock goes by that one",
            facts,
            Policies.repossessed(null, SIXTY_DAYS, Winner.EARLIER),
            byOverdue,
            List.of(),
            step(SUSPENSION_RETENTION_EXPIRED, bySuspension)),
        new Scenario(
            "A policy without a clock never takes anything back",
            facts,
            Policies.repossessed(null, null, Winner.EARLIER),
            suspended.plus(SIXTY_DAYS).plus(SIXTY_DAYS),
            List.of(),
            null),
        new Scenario(
            "A clock that ran out before the suspension takes effect with it, not before",
            facts,
            Policies.repossessed(Duration.ofHours(1), null, Winner.EARLIER),
            suspended,
            List.of(step(OVERDUE_RETENTION_EXPIRED, suspended), step(CLEARING_STARTED, suspended)),
            null));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void decidesWhatFollowsFromTheFacts(Scenario given) {
    given.check();
  }
}
