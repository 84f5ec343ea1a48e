package io.arrears.enforcement;

import io.arrears.core.Desired;
import java.time.Instant;

/**
 * What a product must do for an account, as it is told.
 *
 * @param generation only grows; what comes with an older one is stale
 * @param at when it was decided
 * @param by the id of the rule that it came from
 */
public record DesiredState(
    String accountId, String product, long generation, Desired desired, Instant at, String by) {}
