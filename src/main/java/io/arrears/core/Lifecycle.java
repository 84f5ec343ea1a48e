package io.arrears.core;

import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.BANNED;
import static io.arrears.core.ServiceState.CLEARED;
import static io.arrears.core.ServiceState.DEACTIVATING;
import static io.arrears.core.ServiceState.GRACE;
import static io.arrears.core.ServiceState.OVERDUE;
import static io.arrears.core.ServiceState.REPOSSESSED;
import static io.arrears.core.ServiceState.SUSPENDED;
import static io.arrears.core.SuspensionReason.ARREARS;
import static io.arrears.core.SuspensionReason.AWAITING_START;
import static io.arrears.core.SuspensionReason.LEGAL;
import static io.arrears.core.SuspensionReason.MANUAL;
import static io.arrears.core.SuspensionReason.VIOLATION;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one pure decision. Deadlines are derived from facts each time it is asked, so there is no
 * timer that could be forgotten, fire twice or skip a state.
 */
public final class Lifecycle {

  private static final int LONGEST_SCHEDULE = 1000;

  private Lifecycle() {}

  /**
   * What follows from the facts at an instant. Missed steps are taken one by one, each at the
   * instant it really happened. A deadline T has passed when {@code now >= T}.
   */
  public static Decision decide(Facts facts, Policy policy, Instant now) {
    return run(facts, policy, now, now);
  }

  /** Every step to come if nobody acts and every reminder is given in time, to the end. */
  static List<Step> schedule(Facts facts, Policy policy) {
    return schedule(facts, policy, Instant.MIN);
  }

  /**
   * Every step to come if nobody acts, to the end.
   *
   * @param now a promised reminder that was not given yet is given from here on
   */
  public static List<Step> schedule(Facts facts, Policy policy, Instant now) {
    return run(facts, policy, Instant.MAX, now).steps();
  }

  /**
   * @param until how far
   * @param today a promised reminder that was not given yet can be given from here on
   */
  private static Decision run(Facts facts, Policy policy, Instant until, Instant today) {
    List<Step> steps = new ArrayList<>();
    Facts current = facts;
    Step next = next(current, policy, today);
    while (next != null && !next.at().isAfter(until)) {
      if (steps.size() == LONGEST_SCHEDULE) {
        throw new IllegalStateException("the steps do not end: " + next);
      }
      steps.add(next);
      current = current.after(next);
      next = next(current, policy, today);
    }
    return new Decision(List.copyOf(steps), current.standing(), next);
  }

  /** The first of all that could be next; of those at the same instant, what people decided. */
  private static @Nullable Step next(Facts facts, Policy policy, Instant today) {
    Step first = null;
    for (Step step : candidates(facts, policy, today)) {
      Step possible = step.notBefore(facts.standing().movedAt());
      if (possible.rule().waitsForHolds()) {
        possible = possible.notBefore(facts.holds().free(possible.at()));
      }
      if (first == null || possible.at().isBefore(first.at())) {
        first = possible;
      }
    }
    return first;
  }

  private static List<Step> candidates(Facts facts, Policy policy, Instant today) {
    List<Step> steps = new ArrayList<>();
    if (facts.state() == CLEARED) {
      return steps;
    }
    decidedByPeople(facts, steps);
    if (facts.arrears() == null && facts.standing().inArrearsCourse()) {
      steps.add(cleared(facts, policy));
    }
    Step timed = timed(facts, policy, today);
    if (timed != null) {
      steps.add(timed.notBefore(facts.notBefore()));
    }
    return steps;
  }

  private static void decidedByPeople(Facts facts, List<Step> steps) {
    ServiceState state = facts.state();
    Standing standing = facts.standing();
    for (Map.Entry<SuspensionReason, Instant> placed : facts.restrictions().entrySet()) {
      SuspensionReason reason = placed.getKey();
      if (reason == VIOLATION && state != BANNED) {
        steps.add(0, new Step(Rule.VIOLATION, BANNED, placed.getValue()));
      } else if (reason != VIOLATION && !standing.has(reason)) {
        boolean stays = !Rule.RESTRICTED.leads(state, SUSPENDED);
        steps.add(new Step(Rule.RESTRICTED, stays ? state : SUSPENDED, placed.getValue(), reason));
      }
    }
    for (SuspensionReason reason : List.of(LEGAL, MANUAL)) {
      if (standing.has(reason) && !facts.restrictions().containsKey(reason)) {
        boolean last = state == SUSPENDED && standing.reasons().size() == 1;
        Instant at = facts.notBefore() == null ? standing.movedAt() : facts.notBefore();
        steps.add(new Step(Rule.RESTRICTION_LIFTED, last ? ACTIVE : state, at, reason));
      }
    }
    if (facts.deactivationApprovedAt() != null
        && Rule.DEACTIVATION_APPROVED.leads(state, DEACTIVATING)) {
      steps.add(new Step(Rule.DEACTIVATION_APPROVED, DEACTIVATING, facts.deactivationApprovedAt()));
    }
  }

  /** A service comes back at once, or waits for a hand, or stays for another reason. */
  private static Step cleared(Facts facts, Policy policy) {
    Standing standing = facts.standing();
    Instant at =
        facts.clearedAt() != null
            ? facts.clearedAt()
            : facts.notBefore() != null ? facts.notBefore() : standing.movedAt();
    if (standing.state() != SUSPENDED) {
      return new Step(Rule.ARREARS_CLEARED, ACTIVE, at);
    }
    SuspensionReason awaiting = awaitsStart(standing, policy, at) ? AWAITING_START : null;
    boolean resumes = awaiting == null && standing.reasons().size() == 1;
    return new Step(Rule.ARREARS_CLEARED, resumes ? ACTIVE : SUSPENDED, at, awaiting);
  }

  private static boolean awaitsStart(Standing standing, Policy policy, Instant at) {
    return policy.suspension() != null
        && (policy.suspension().restore().byHand() || needsTicket(standing, policy, at));
  }

  /** Whether the service was suspended for so long that a ticket must be filed. */
  private static boolean needsTicket(Standing standing, Policy policy, Instant at) {
    Span limit = policy.suspension() == null ? null : policy.suspension().restore().ticketAfter();
    return limit != null
        && standing.suspendedAt() != null
        && !limit.after(standing.suspendedAt()).isAfter(at);
  }

  private static @Nullable Step timed(Facts facts, Policy policy, Instant today) {
    Arrears arrears = facts.arrears();
    return switch (facts.state()) {
      case ACTIVE ->
          arrears == null ? null : new Step(arrears.cause(), OVERDUE, arrears.overdueSince());
      case OVERDUE -> arrears == null ? null : graceStarts(facts, arrears, policy);
      case GRACE -> arrears == null ? null : suspends(facts, arrears, policy, today);
      case SUSPENDED ->
          arrears == null
              ? null
              : facts.standing().has(ARREARS)
                  ? goesFurther(facts, arrears, policy, today)
                  : suspends(facts, arrears, policy, today);
      case REPOSSESSED, DEACTIVATING, BANNED ->
          facts.underLegal() ? null : Farewell.next(facts, policy, today);
      case CLEARED -> null;
    };
  }

  private static @Nullable Step graceStarts(Facts facts, Arrears arrears, Policy policy) {
    Instant start = policy.grace().startsAt(arrears, facts.holds());
    return start == null ? null : new Step(policy.grace().startedBy(arrears), GRACE, start);
  }

  /** Late news shifts the deadline: nobody is suspended with less notice than was promised. */
  private static @Nullable Step suspends(
      Facts facts, Arrears arrears, Policy policy, Instant today) {
    Grace grace = policy.grace();
    Instant start = grace.startsAt(arrears, facts.holds());
    if (start == null || policy.suspension() == null) {
      return null;
    }
    Instant undisturbed = grace.length().after(start);
    boolean ownAnchor =
        grace.from() != Grace.Anchor.NOTIFICATION_RECEIVED
            && grace.from() != Grace.Anchor.NOTIFICATION_SENT;
    if (ownAnchor && arrears.notifiedAt() != null) {
      undisturbed =
          undisturbed.plus(Duration.between(arrears.overdueSince(), arrears.notifiedAt()));
    }
    if (grace.inclusive()) {
      undisturbed = undisturbed.plusNanos(1000);
    }
    Instant deadline = facts.holds().delayed(start, undisturbed);
    deadline = Reminders.kept(facts, policy, Reminder.Deadline.SUSPENSION, deadline, today);
    return new Step(Rule.GRACE_EXPIRED, SUSPENDED, deadline);
  }

  /** The next stage or the repossession, whichever comes first. */
  private static @Nullable Step goesFurther(
      Facts facts, Arrears arrears, Policy policy, Instant today) {
    Step stage = stage(facts, arrears, policy);
    Step repossession = facts.underLegal() ? null : repossesses(facts, arrears, policy, today);
    return stage == null || (repossession != null && repossession.at().isBefore(stage.at()))
        ? repossession
        : stage;
  }

  private static @Nullable Step stage(Facts facts, Arrears arrears, Policy policy) {
    Standing standing = facts.standing();
    if (standing.stage() >= policy.stages().size()) {
      return null;
    }
    Stage stage = policy.stages().get(standing.stage());
    Instant from =
        switch (stage.from()) {
          case OVERDUE -> arrears.overdueSince();
          case SUSPENSION -> standing.suspendedAt();
          case PREVIOUS -> previous(standing);
        };
    return from == null
        ? null
        : new Step(Rule.STAGE_REACHED, SUSPENDED, facts.holds().after(from, stage.after()));
  }

  /** A suspension that begins anew has its own time, also if it begins with a stage. */
  private static @Nullable Instant previous(Standing standing) {
    Instant suspendedAt = standing.suspendedAt();
    Instant stageAt = standing.stageAt();
    return stageAt == null || (suspendedAt != null && stageAt.isBefore(suspendedAt))
        ? suspendedAt
        : stageAt;
  }

  private static @Nullable Step repossesses(
      Facts facts, Arrears arrears, Policy policy, Instant today) {
    Instant suspendedAt = facts.standing().suspendedAt();
    if (suspendedAt == null) {
      return null;
    }
    Repossession repossession = policy.repossession();
    boolean later = repossession.wins() == Repossession.Winner.LATER;
    return repossession
        .clocks(arrears.overdueSince(), suspendedAt)
        .map(
            clock ->
                new Step(
                    clock.rule(), REPOSSESSED, facts.holds().after(clock.from(), clock.length())))
        .reduce((a, b) -> a.at().isAfter(b.at()) == later ? a : b)
        .map(
            step ->
                step.notBefore(
                    Reminders.kept(
                        facts, policy, Reminder.Deadline.REPOSSESSION, step.at(), today)))
        .orElse(null);
  }
}
