package io.arrears.core;

import java.time.Instant;

/** From an instant on, other usage of a service is billed than before. */
public record BilledChange(
    String accountId, String product, Instant at, Suspension.Billed billed) {}
