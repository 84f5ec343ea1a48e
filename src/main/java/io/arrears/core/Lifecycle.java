package io.arrears.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one pure decision. Deadlines are derived from facts each time it is asked, so there is no
 * timer that could be forgotten, fire twice or skip a state.
 */
public final class Lifecycle {

  private Lifecycle() {}

  /**
   * What follows from the facts at an instant. Missed steps are taken one by one, each at the
   * instant it really happened. A deadline T has passed when {@code now >= T}.
   */
  public static Decision decide(Facts facts, Policy policy, Instant now) {
    List<Step> steps = new ArrayList<>();
    Facts current = facts;
    Step next = next(current, policy);
    while (next != null && !next.at().isAfter(now)) {
      steps.add(next);
      current = current.after(next);
      next = next(current, policy);
    }
    return new Decision(List.copyOf(steps), current.state(), current.stateSince(), next);
  }

  private static @Nullable Step next(Facts facts, Policy policy) {
    Step step =
        facts.arrears() == null ? inGoodStanding(facts) : inArrears(facts, facts.arrears(), policy);
    return step == null ? null : step.notBefore(facts.stateSince());
  }

  private static @Nullable Step inGoodStanding(Facts facts) {
    return facts.clearedAt() != null && Rule.ARREARS_CLEARED.leavesFrom(facts.state())
        ? new Step(Rule.ARREARS_CLEARED, facts.clearedAt())
        : null;
  }

  private static @Nullable Step inArrears(Facts facts, Arrears arrears, Policy policy) {
    return switch (facts.state()) {
      case ACTIVE -> new Step(Rule.BALANCE_BELOW_LIMIT, arrears.overdueSince());
      case OVERDUE -> {
        Instant start = policy.grace().startsAt(arrears);
        yield start == null ? null : new Step(policy.grace().startedBy(arrears), start);
      }
      case GRACE -> {
        Instant start = policy.grace().startsAt(arrears);
        yield start == null
            ? null
            : new Step(Rule.GRACE_EXPIRED, start.plus(policy.grace().length()));
      }
      case SUSPENDED -> policy.repossession().step(arrears.overdueSince(), facts.stateSince());
      case BANNED, REPOSSESSED, DEACTIVATING, CLEARED -> null;
    };
  }
}
