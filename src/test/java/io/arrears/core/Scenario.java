package io.arrears.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Facts, an instant, and what must follow: a row of data, so that a test can say which moves of the
 * transition table no row makes.
 *
 * @param next what is due after the steps; null when no timer runs
 */
record Scenario(
    String name, Facts facts, Policy policy, Instant now, List<Step> steps, @Nullable Step next) {

  /** To where its rule leads first. */
  static Step step(Rule rule, Instant at) {
    return new Step(rule, rule.arcs().get(0).to(), at);
  }

  void check() {
    Decision decision = Lifecycle.decide(facts, policy, now);

    assertEquals(steps, decision.steps());
    assertEquals(next, decision.next());
    Step last = steps.isEmpty() ? null : steps.get(steps.size() - 1);
    assertEquals(last == null ? facts.state() : last.to(), decision.state());
    assertEquals(
        last == null ? facts.standing().movedAt() : last.at(), decision.standing().movedAt());
  }

  /** The moves that it makes. */
  List<Move> moves() {
    List<Move> moves = new ArrayList<>();
    ServiceState from = facts.state();
    for (Step step : Lifecycle.decide(facts, policy, now).steps()) {
      moves.add(new Move(step.rule(), from, step.to()));
      from = step.to();
    }
    return moves;
  }

  /** One row of the transition table. */
  record Move(Rule rule, ServiceState from, ServiceState to) {}

  @Override
  public String toString() {
    return name;
  }
}
