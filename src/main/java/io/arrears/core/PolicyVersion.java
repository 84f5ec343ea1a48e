package io.arrears.core;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One version of a product's rules, for every service of the product.
 *
 * @param effectiveFrom it governs from here on
 * @param retroactive whether it governs timers that run already, too
 * @param variants of them, one is for no tier and no date
 */
public record PolicyVersion(
    String product,
    long version,
    Instant effectiveFrom,
    boolean retroactive,
    List<Variant> variants) {

  /**
   * @param tier whose accounts it is for; null for every tier that has none of its own
   * @param openedBefore services opened earlier than this; null for all others
   */
  public record Variant(@Nullable String tier, @Nullable Instant openedBefore, Policy policy) {

    private boolean isFor(String ofTier, Instant openedAt) {
      return (tier == null || tier.equals(ofTier))
          && (openedBefore == null || openedAt.isBefore(openedBefore));
    }
  }

  /** The rules for a service: of those that are for it, the earliest date's, the tier's own. */
  public Policy policyFor(String tier, Instant openedAt) {
    if (variants.size() == 1) {
      return variants.get(0).policy();
    }
    Comparator<Variant> closest =
        Comparator.comparing(Variant::openedBefore, Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(Variant::tier, Comparator.nullsLast(Comparator.naturalOrder()));
    return variants.stream()
        .filter(variant -> variant.isFor(tier, openedAt))
        .min(closest)
        .map(Variant::policy)
        .orElseThrow(() -> new IllegalStateException(product + " has no rules of its own"));
  }

  /** The rules of services of no particular tier or date. */
  public Policy standard() {
    return policyFor("", Instant.MAX);
  }

  /** A version that is the same for every service, from ever. */
  public static PolicyVersion always(Policy policy) {
    return new PolicyVersion(
        policy.product(),
        policy.version(),
        Instant.EPOCH,
        false,
        List.of(new Variant(null, null, policy)));
  }

  boolean effective(Instant at) {
    return !effectiveFrom.isAfter(at);
  }
}
