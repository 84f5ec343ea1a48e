package io.arrears.policy;

import java.time.Instant;

/**
 * A version of a product's rules as it was given.
 *
 * @param effectiveFrom it governs from here on
 * @param retroactive whether it governs timers that ran already, too
 */
public record AppliedPolicy(
    String product,
    long version,
    String document,
    Instant effectiveFrom,
    boolean retroactive,
    String appliedBy,
    Instant appliedAt) {}
