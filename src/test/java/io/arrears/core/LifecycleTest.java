package io.arrears.core;

import static io.arrears.core.Policies.CSS;
import static io.arrears.core.Policies.DAY;
import static io.arrears.core.Policies.SIXTY_DAYS;
import static io.arrears.core.Rule.ARREARS_CLEARED;
import static io.arrears.core.Rule.BALANCE_BELOW_LIMIT;
import static io.arrears.core.Rule.BILLS_PAST_DUE;
import static io.arrears.core.Rule.CLEARING_STARTED;
import static io.arrears.core.Rule.GRACE_EXPIRED;
import static io.arrears.core.Rule.GRACE_STARTED;
import static io.arrears.core.Rule.OVERDUE_RETENTION_EXPIRED;
import static io.arrears.core.Rule.RECEIPT_ASSUMED;
import static io.arrears.core.Rule.RECEIPT_BY_DELIVERY;
import static io.arrears.core.Rule.RECEIPT_CONFIRMED;
import static io.arrears.core.Scenario.step;
import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.GRACE;
import static io.arrears.core.ServiceState.OVERDUE;
import static io.arrears.core.ServiceState.SUSPENDED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.arrears.core.Grace.Anchor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The one decision as long as money and time alone decide. */
class LifecycleTest {

  /** The morning bill that made the account overdue. */
  private static final Instant BILLED = Instant.parse("2024-09-02T00:00:00Z");

  /** When the customer received the notification of it. */
  private static final Instant RECEIVED = BILLED.plus(Duration.ofHours(5));

  private static final Arrears UNCONFIRMED = Arrears.belowLimit(1, BILLED, BILLED, null);
  private static final Arrears BY_BILLS =
      new Arrears(1, BILLS_PAST_DUE, BILLED, BILLED, opened(), BILLED, null, null);
  private static final Arrears CONFIRMED = UNCONFIRMED.received(RECEIVED);
  private static final Policy BY_DELIVERY =
      PolicyBuilder.css()
          .grace(
              new Grace(
                  CSS.grace().length(),
                  Grace.Anchor.NOTIFICATION_RECEIVED,
                  false,
                  CSS.grace().assumeReceivedAfter(),
                  true))
          .build();
  private static final Duration LAST_SECOND = DAY.minusSeconds(1);

  static Stream<Scenario> scenarios() {
    return Stream.of(
            standing(), receipt(), paymentsAroundTheDeadline(), otherAnchors(), missedSteps())
        .flatMap(List::stream);
  }

  private static Facts owing(ServiceState state, Instant since, Arrears arrears) {
    return Facts.of(Standings.in(state, since), arrears, null);
  }

  private static Facts cleared(ServiceState state, Instant since, Instant clearedAt) {
    return Facts.of(Standings.in(state, since), null, clearedAt);
  }

  private static Instant opened() {
    return BILLED.minus(Duration.ofDays(30));
  }

  private static List<Scenario> standing() {
    return List.of(
        new Scenario(
            "A service in good standing has nothing due",
            Facts.of(Standing.active(opened()), null, null),
            CSS,
            BILLED,
            List.of(),
            null),
        new Scenario(
            "A service restored long ago has nothing due",
            cleared(ACTIVE, RECEIVED, RECEIVED),
            CSS,
            RECEIVED.plus(SIXTY_DAYS),
            List.of(),
            null),
        new Scenario(
            "S3: it is overdue from the instant of the entry that caused it",
            owing(ACTIVE, opened(), UNCONFIRMED),
            CSS,
            BILLED,
            List.of(step(BALANCE_BELOW_LIMIT, BILLED)),
            step(RECEIPT_ASSUMED, BILLED.plus(DAY))),
        new Scenario(
            "It is overdue from the instant at which bills were past due for long enough",
            owing(ACTIVE, opened(), BY_BILLS),
            CSS,
            BILLED,
            List.of(step(BILLS_PAST_DUE, BILLED)),
            step(RECEIPT_ASSUMED, BILLED.plus(DAY))),
        new Scenario(
            "A service opened while the account is overdue is overdue from its opening",
            owing(ACTIVE, RECEIVED, CONFIRMED),
            CSS,
            RECEIVED,
            List.of(step(BALANCE_BELOW_LIMIT, RECEIVED), step(RECEIPT_CONFIRMED, RECEIVED)),
            step(GRACE_EXPIRED, RECEIVED.plus(DAY))));
  }

  private static List<Scenario> receipt() {
    Instant assumed = BILLED.plus(DAY);
    Instant late = assumed.plus(Duration.ofHours(7));
    return List.of(
        new Scenario(
            "S4: the grace period starts when the receipt is confirmed",
            owing(OVERDUE, BILLED, CONFIRMED),
            CSS,
            RECEIVED,
            List.of(step(RECEIPT_CONFIRMED, RECEIVED)),
            step(GRACE_EXPIRED, RECEIVED.plus(DAY))),
        new Scenario(
            "S4: unconfirmed, nothing starts before the policy's wait is over",
            owing(OVERDUE, BILLED, UNCONFIRMED),
            CSS,
            BILLED.plus(LAST_SECOND),
            List.of(),
            step(RECEIPT_ASSUMED, assumed)),
        new Scenario(
            "S4: unconfirmed, the receipt is assumed when the wait is over",
            owing(OVERDUE, BILLED, UNCONFIRMED),
            CSS,
            assumed,
            List.of(step(RECEIPT_ASSUMED, assumed)),
            step(GRACE_EXPIRED, assumed.plus(DAY))),
        new Scenario(
            "A delivery starts the grace period where the policy takes it for a receipt",
            owing(OVERDUE, BILLED, UNCONFIRMED.delivered(RECEIVED)),
            BY_DELIVERY,
            RECEIVED,
            List.of(step(RECEIPT_BY_DELIVERY, RECEIVED)),
            step(GRACE_EXPIRED, RECEIVED.plus(DAY))),
        new Scenario(
            "A delivery is nothing where the policy waits for people",
            owing(OVERDUE, BILLED, UNCONFIRMED.delivered(RECEIVED)),
            CSS,
            RECEIVED,
            List.of(),
            step(RECEIPT_ASSUMED, assumed)),
        new Scenario(
            "A receipt confirmed after the delivery moves the deadline",
            owing(GRACE, RECEIVED, UNCONFIRMED.delivered(RECEIVED).received(late)),
            BY_DELIVERY,
            assumed,
            List.of(),
            step(GRACE_EXPIRED, late.plus(DAY))),
        new Scenario(
            "A receipt confirmed after it was assumed moves the deadline",
            owing(GRACE, assumed, UNCONFIRMED.received(late)),
            CSS,
            assumed.plus(DAY),
            List.of(),
            step(GRACE_EXPIRED, late.plus(DAY))),
        new Scenario(
            "While nobody was notified no timer runs",
            owing(OVERDUE, BILLED, Arrears.belowLimit(1, BILLED, null, null)),
            CSS,
            BILLED.plus(SIXTY_DAYS),
            List.of(),
            null));
  }

  private static List<Scenario> paymentsAroundTheDeadline() {
    Instant inTime = RECEIVED.plus(LAST_SECOND);
    Instant deadline = RECEIVED.plus(DAY);
    return List.of(
        new Scenario(
            "S4: at receipt +23:59:59 the service still stands",
            owing(GRACE, RECEIVED, CONFIRMED),
            CSS,
            inTime,
            List.of(),
            step(GRACE_EXPIRED, deadline)),
        new Scenario(
            "S4: a payment at receipt +23:59:59 restores it, and no timer is left",
            cleared(GRACE, RECEIVED, inTime),
            CSS,
            deadline.plus(SIXTY_DAYS),
            List.of(step(ARREARS_CLEARED, inTime)),
            null),
        new Scenario(
            "S4: at receipt +24:00:00 it is suspended",
            owing(GRACE, RECEIVED, CONFIRMED),
            CSS,
            deadline,
            List.of(step(GRACE_EXPIRED, deadline)),
            step(OVERDUE_RETENTION_EXPIRED, BILLED.plus(SIXTY_DAYS))),
        new Scenario(
            "A payment before the customer received the notification restores it",
            cleared(OVERDUE, BILLED, BILLED.plusSeconds(60)),
            CSS,
            BILLED.plusSeconds(60),
            List.of(step(ARREARS_CLEARED, BILLED.plusSeconds(60))),
            null),
        new Scenario(
            "S4: a payment after the suspension restores it at once",
            cleared(SUSPENDED, deadline, deadline.plusSeconds(1)),
            CSS,
            deadline.plusSeconds(1),
            List.of(step(ARREARS_CLEARED, deadline.plusSeconds(1))),
            null),
        new Scenario(
            "It is never restored before it was suspended",
            cleared(SUSPENDED, deadline, deadline.minusSeconds(1)),
            CSS,
            deadline.plusSeconds(1),
            List.of(step(ARREARS_CLEARED, deadline)),
            null));
  }

  private static List<Scenario> otherAnchors() {
    Instant notified = BILLED.plus(Duration.ofHours(2));
    Arrears arrears = Arrears.belowLimit(1, BILLED, notified, null);
    return List.of(
        new Scenario(
            "A grace from the sending of the notification waits for no receipt",
            owing(OVERDUE, BILLED, arrears),
            Policies.graceFrom(Anchor.NOTIFICATION_SENT),
            notified,
            List.of(step(GRACE_STARTED, notified)),
            step(GRACE_EXPIRED, notified.plus(DAY))),
        new Scenario(
            "A grace from the deduction starts with the entry",
            owing(ACTIVE, opened(), UNCONFIRMED),
            Policies.graceFrom(Anchor.DEDUCTION),
            BILLED,
            List.of(step(BALANCE_BELOW_LIMIT, BILLED), step(GRACE_STARTED, BILLED)),
            step(GRACE_EXPIRED, BILLED.plus(DAY))),
        new Scenario(
            "A grace from the balance going below the limit does not care for the receipt",
            owing(ACTIVE, opened(), CONFIRMED),
            Policies.graceFrom(Anchor.BALANCE_BELOW_LIMIT),
            BILLED.plus(DAY),
            List.of(
                step(BALANCE_BELOW_LIMIT, BILLED),
                step(GRACE_STARTED, BILLED),
                step(GRACE_EXPIRED, BILLED.plus(DAY))),
            step(OVERDUE_RETENTION_EXPIRED, BILLED.plus(SIXTY_DAYS))),
        new Scenario(
            "News that came two hours late give two hours more, whatever the anchor",
            owing(ACTIVE, opened(), arrears),
            Policies.graceFrom(Anchor.DEDUCTION),
            BILLED.plus(DAY),
            List.of(step(BALANCE_BELOW_LIMIT, BILLED), step(GRACE_STARTED, BILLED)),
            step(GRACE_EXPIRED, notified.plus(DAY))));
  }

  private static List<Scenario> missedSteps() {
    Instant assumed = BILLED.plus(DAY);
    return List.of(
        new Scenario(
            "After an outage every missed step is taken in order, each at its own instant",
            owing(ACTIVE, opened(), UNCONFIRMED),
            CSS,
            BILLED.plus(SIXTY_DAYS).plus(SIXTY_DAYS),
            List.of(
                step(BALANCE_BELOW_LIMIT, BILLED),
                step(RECEIPT_ASSUMED, assumed),
                step(GRACE_EXPIRED, assumed.plus(DAY)),
                step(OVERDUE_RETENTION_EXPIRED, BILLED.plus(SIXTY_DAYS)),
                step(CLEARING_STARTED, BILLED.plus(SIXTY_DAYS))),
            null),
        new Scenario(
            "An outage that ends before the next deadline takes only what was missed",
            owing(OVERDUE, BILLED, UNCONFIRMED),
            CSS,
            assumed.plus(LAST_SECOND),
            List.of(step(RECEIPT_ASSUMED, assumed)),
            step(GRACE_EXPIRED, assumed.plus(DAY))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void decidesWhatFollowsFromTheFacts(Scenario given) {
    given.check();
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = ServiceState.class,
      names = {"BANNED", "REPOSSESSED", "DEACTIVATING", "CLEARED"})
  void noMoneyAndNoTimeLeadsOutOfAStateThatAbsorbs(ServiceState state) {
    Instant later = BILLED.plus(SIXTY_DAYS).plus(SIXTY_DAYS);

    assertEquals(state, Lifecycle.decide(owing(state, BILLED, CONFIRMED), CSS, later).state());
    assertEquals(state, Lifecycle.decide(cleared(state, BILLED, RECEIVED), CSS, later).state());
  }

  /** Whether somebody looked in between, and how often, leaves no trace. */
  @Test
  void lookingOftenLeadsToTheSameAsLookingOnce() {
    Random random = new Random(20240902);
    Instant end = BILLED.plus(SIXTY_DAYS).plus(DAY);
    for (Anchor anchor : Anchor.values()) {
      Policy policy = Policies.graceFrom(anchor);
      Facts facts = owing(ACTIVE, opened(), random.nextBoolean() ? UNCONFIRMED : CONFIRMED);
      List<Step> seen = new ArrayList<>();
      Facts current = facts;
      for (Instant now = BILLED;
          now.isBefore(end);
          now = now.plusSeconds(1 + random.nextInt(200_000))) {
        Decision decision = Lifecycle.decide(current, policy, now);
        seen.addAll(decision.steps());
        current = Facts.of(decision.standing(), facts.arrears(), null);
      }
      seen.addAll(Lifecycle.decide(current, policy, end).steps());

      assertEquals(Lifecycle.decide(facts, policy, end).steps(), seen);
    }
  }
}
