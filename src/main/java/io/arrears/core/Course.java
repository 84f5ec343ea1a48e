package io.arrears.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One service's way through the versions of its rules: each version decides about its own time.
 *
 * @param moves what is due, oldest first
 * @param pinned the version that the running timer keeps; 0 when none runs
 * @param policy that governs in the end
 * @param facts as they are in the end
 * @param next what comes then; null when no timer runs
 */
record Course(List<Move> moves, long pinned, Policy policy, Facts facts, @Nullable Step next) {

  /** A step and the rules that it was taken by. */
  record Move(Step step, Policy policy, long pinned) {}

  /**
   * Up to an instant.
   *
   * @param known the facts that a version's rules look at: what concerns a service depends on what
   *     they mean by overdue
   */
  static Course through(
      Service service,
      PolicyHistory history,
      String tier,
      Function<Policy, Facts> known,
      Instant until) {
    List<Move> moves = new ArrayList<>();
    Standing standing = service.standing();
    Instant governedFrom = null;
    long pinned = service.policyVersion();
    Instant from = service.standing().movedAt();
    while (true) {
      PolicyVersion version = history.governing(pinned, from);
      Policy policy = version.policyFor(tier, service.openedAt());
      Instant change = history.nextChange(pinned, from);
      Facts facts = known.apply(policy).at(standing);
      facts = governedFrom == null ? facts : facts.governedFrom(governedFrom);
      boolean last = change == null || change.isAfter(until);
      Instant to = change == null || last ? until : change.minusNanos(1000);
      Decision decision = Lifecycle.decide(facts, policy, to);
      for (Step step : decision.steps()) {
        pinned = step.to() == ServiceState.ACTIVE ? 0 : pinned == 0 ? version.version() : pinned;
        moves.add(new Move(step, policy, pinned));
        facts = facts.after(step);
      }
      if (change == null || last) {
        return new Course(moves, pinned, policy, facts, decision.next());
      }
      standing = facts.standing();
      from = change;
      governedFrom = change;
    }
  }

  /** The first step that is due, else the one that comes next; null when no timer runs. */
  @Nullable Step first() {
    return moves.isEmpty() ? next : moves.get(0).step();
  }
}
