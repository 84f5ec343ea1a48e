package io.arrears.core;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A spell during which timers stand still: for one account, or for all that a cohort names.
 *
 * @param cohort null for a hold of the account alone
 * @param until when it ends by itself
 * @param endedAt when it was released, or its promise was kept; null until then
 * @param promised what was promised to be paid meanwhile; null for no promise
 * @param paid since it began
 * @param brokenAt when the customer was told that the promise was not kept; null until then
 */
public record Hold(
    String holdId,
    @Nullable Cohort cohort,
    Instant placedAt,
    Instant until,
    @Nullable Instant endedAt,
    @Nullable BigDecimal promised,
    BigDecimal paid,
    @Nullable Instant brokenAt) {

  /**
   * Accounts by what they are; every condition given must hold.
   *
   * @param product empty for any, like the others
   */
  public record Cohort(String product, String tier, String region) {

    boolean has(String ofProduct, String ofTier, String ofRegion) {
      return (product.isEmpty() || product.equals(ofProduct))
          && (tier.isEmpty() || tier.equals(ofTier))
          && (region.isEmpty() || region.equals(ofRegion));
    }
  }

  boolean concerns(String product, String tier, String region) {
    return cohort == null || cohort.has(product, tier, region);
  }

  Holds.Window window() {
    return new Holds.Window(placedAt, endsAt());
  }

  /** When it ends or ended. */
  public Instant endsAt() {
    return endedAt != null && endedAt.isBefore(until) ? endedAt : until;
  }

  public boolean runsAt(Instant now) {
    return endsAt().isAfter(now);
  }

  public boolean kept() {
    return promised != null && paid.compareTo(promised) >= 0;
  }

  /** Whether it was a promise that ran out unkept and that nobody was told of yet. */
  boolean breaksAt(Instant now) {
    return promised != null && endedAt == null && brokenAt == null && !until.isAfter(now);
  }

  /** Whether what was paid at an instant counts for its promise. */
  boolean awaits(Instant paidAt) {
    return promised != null && endedAt == null && brokenAt == null && until.isAfter(paidAt);
  }

  Hold paid(BigDecimal amount, Instant now) {
    BigDecimal sum = paid.add(amount);
    boolean nowKept = promised != null && sum.compareTo(promised) >= 0;
    return new Hold(
        holdId, cohort, placedAt, until, nowKept ? now : endedAt, promised, sum, brokenAt);
  }

  /** Released. */
  public Hold ended(Instant at) {
    return new Hold(holdId, cohort, placedAt, until, at, promised, paid, brokenAt);
  }

  Hold broken(Instant at) {
    return new Hold(holdId, cohort, placedAt, until, endedAt, promised, paid, at);
  }
}
