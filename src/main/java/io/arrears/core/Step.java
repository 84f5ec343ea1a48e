package io.arrears.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A move that follows from the facts.
 *
 * @param at the instant it happens, whenever somebody looks
 * @param reason that is added or lifted; null where the rule itself says it
 */
public record Step(Rule rule, ServiceState to, Instant at, @Nullable SuspensionReason reason) {

  public Step(Rule rule, ServiceState to, Instant at) {
    this(rule, to, at, null);
  }

  Step notBefore(@Nullable Instant earliest) {
    return earliest == null || !at.isBefore(earliest) ? this : new Step(rule, to, earliest, reason);
  }
}
