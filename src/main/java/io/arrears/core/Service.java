package io.arrears.core;

import java.time.Instant;

/**
 * One product of one account.
 *
 * @param stateSince since when it stands in its state
 * @param openedAt when its first item came
 * @param access what the product must allow
 * @param generation grows with every change of what the product must do
 * @param observedGeneration the newest one that the product has reported
 */
public record Service(
    String product,
    ServiceState state,
    Instant stateSince,
    Instant openedAt,
    Access access,
    long generation,
    long observedGeneration) {

  /** Opens with its first item, in good standing; there is nothing to tell the product yet. */
  public static Service opened(String product, Instant at) {
    return new Service(product, ServiceState.ACTIVE, at, at, Access.ALLOWED, 1, 1);
  }

  Service moved(ServiceState to, Instant at, Access newAccess) {
    long newGeneration = newAccess == access ? generation : generation + 1;
    return new Service(product, to, at, openedAt, newAccess, newGeneration, observedGeneration);
  }

  /** Whether the product has reported that it does what it should. */
  public boolean enforced() {
    return observedGeneration >= generation;
  }
}
