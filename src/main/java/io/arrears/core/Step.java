package io.arrears.core;

import java.time.Instant;

/**
 * A move that follows from the facts.
 *
 * @param at the instant it happens, whenever somebody looks
 */
public record Step(Rule rule, Instant at) {

  /** Never before {@code earliest}: a service cannot leave a state before it entered it. */
  Step notBefore(Instant earliest) {
    return at.isBefore(earliest) ? new Step(rule, earliest) : this;
  }
}
