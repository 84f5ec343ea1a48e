package io.arrears.core;

import java.time.Instant;

/**
 * A reason that stands and that money does not lift.
 *
 * @param product empty for every product of the account, present and future
 * @param reason VIOLATION, LEGAL or MANUAL
 */
public record Restriction(
    String restrictionId, String product, SuspensionReason reason, Instant placedAt) {

  boolean concerns(String ofProduct) {
    return product.isEmpty() || product.equals(ofProduct);
  }
}
