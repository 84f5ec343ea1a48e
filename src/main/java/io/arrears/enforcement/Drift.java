package io.arrears.enforcement;

import java.time.Instant;

/**
 * A product that has not done what it was told for longer than its policy allows.
 *
 * @param observedGeneration the newest that the product has reported
 * @param since when it fell behind
 * @param lastError of its newest report; empty if it has reported none
 * @param attempts how often it was told
 */
public record Drift(
    DesiredState desired, long observedGeneration, Instant since, String lastError, int attempts) {}
