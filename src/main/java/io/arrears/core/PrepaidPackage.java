package io.arrears.core;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Usage that was paid for in advance, as last reported.
 *
 * @param remaining what is left, in the package's own unit
 * @param expiresAt null if it does not expire
 */
public record PrepaidPackage(
    String packageId, String product, BigDecimal remaining, @Nullable Instant expiresAt) {}
