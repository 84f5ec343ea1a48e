package io.arrears.core;

import java.time.Instant;

/**
 * An approved request to leave (S11).
 *
 * @param product empty for every product
 */
public record Deactivation(String ticketId, String product, Instant approvedAt) {

  boolean concerns(Service service) {
    return (product.isEmpty() || product.equals(service.product()))
        && !service.openedAt().isAfter(approvedAt);
  }
}
