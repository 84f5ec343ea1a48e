package io.arrears.core;

import java.util.Map;

/**
 * A step further while a service is suspended for arrears: the machine is stopped, say, and its
 * disk goes on.
 *
 * @param after from the anchor on
 * @param features what becomes of single features from then on
 */
public record Stage(
    String name,
    Span after,
    Anchor from,
    Access access,
    Suspension.Billed billed,
    Map<String, Effect> features) {

  /** What a stage counts from. */
  public enum Anchor {
    /** The service became overdue. */
    OVERDUE,
    /** It was suspended. */
    SUSPENSION,
    /** The stage before was reached; the suspension, for the first. */
    PREVIOUS
  }
}
