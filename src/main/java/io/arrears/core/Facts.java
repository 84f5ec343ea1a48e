package io.arrears.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision about one service looks at.
 *
 * @param state where the service stands
 * @param stateSince since when
 * @param arrears the open episode of its account; null when the account is not overdue
 * @param clearedAt when the last episode was cleared; null when there was none
 */
public record Facts(
    ServiceState state,
    Instant stateSince,
    @Nullable Arrears arrears,
    @Nullable Instant clearedAt) {

  /** The facts once a step is taken; only moves of the transition table can be. */
  Facts after(Step step) {
    if (!step.rule().leavesFrom(state)) {
      throw new IllegalStateException(step.rule().id() + " does not leave from " + state);
    }
    return new Facts(step.rule().to(), step.at(), arrears, clearedAt);
  }
}
