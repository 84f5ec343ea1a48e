package io.arrears.core;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One product of one account.
 *
 * @param openedAt when its first item came, or when it was reopened
 * @param policyVersion that the running timer started under; 0 while none runs
 * @param arrears its own episode, where its policy judges otherwise than by the account's limit
 * @param clearedAt when its last own episode was cleared
 * @param settledAt when all its usage was billed and paid, after the customer left
 * @param erased categories that the product has reported as erased
 * @param reminded reminders given in this episode
 * @param desired what the product must do
 * @param generation grows with every change of what the product must do
 * @param observedGeneration the newest one that the product has reported
 */
public record Service(
    String product,
    Instant openedAt,
    Standing standing,
    long policyVersion,
    @Nullable Arrears arrears,
    @Nullable Instant clearedAt,
    @Nullable Instant settledAt,
    Map<String, Erasure> erased,
    Map<String, Instant> reminded,
    Desired desired,
    long generation,
    long observedGeneration) {

  /**
   * What the product reported about one category.
   *
   * @param at when
   * @param generation that it had reached then
   */
  public record Erasure(Instant at, long generation) {}

  /** Opens with its first item, in good standing; there is nothing to tell the product yet. */
  public static Service opened(String product, Instant at) {
    return new Service(
        product,
        at,
        Standing.active(at),
        0,
        null,
        null,
        null,
        Map.of(),
        Map.of(),
        Desired.ALLOWED,
        1,
        1);
  }

  /**
   * Afresh, with nothing of the old one but its generation. One generation that nobody was told
   * stands between the two, so that whatever is still reported of the old one is older than the
   * fresh one.
   */
  Service reopened(Instant at) {
    Service fresh = opened(product, at);
    return fresh.desiring(desired, generation + 1, generation + 1);
  }

  public ServiceState state() {
    return standing.state();
  }

  public Access access() {
    return desired.access();
  }

  /** Whether the product has reported that it does what it should. */
  public boolean enforced() {
    return observedGeneration >= generation;
  }

  Service standing(Standing newStanding, long newPolicyVersion) {
    return new Service(
        product,
        openedAt,
        newStanding,
        newPolicyVersion,
        arrears,
        clearedAt,
        settledAt,
        erased,
        reminded,
        desired,
        generation,
        observedGeneration);
  }

  Service arrears(@Nullable Arrears newArrears, @Nullable Instant newClearedAt) {
    return new Service(
        product,
        openedAt,
        standing,
        policyVersion,
        newArrears,
        newClearedAt,
        settledAt,
        erased,
        reminded,
        desired,
        generation,
        observedGeneration);
  }

  Service settled(Instant at) {
    return new Service(
        product,
        openedAt,
        standing,
        policyVersion,
        arrears,
        clearedAt,
        at,
        erased,
        reminded,
        desired,
        generation,
        observedGeneration);
  }

  Service reported(Map<String, Erasure> nowErased, long observed) {
    return new Service(
        product,
        openedAt,
        standing,
        policyVersion,
        arrears,
        clearedAt,
        settledAt,
        nowErased,
        reminded,
        desired,
        generation,
        observed);
  }

  Service reminded(Map<String, Instant> given) {
    return new Service(
        product,
        openedAt,
        standing,
        policyVersion,
        arrears,
        clearedAt,
        settledAt,
        erased,
        given,
        desired,
        generation,
        observedGeneration);
  }

  Service desiring(Desired newDesired, long newGeneration, long observed) {
    return new Service(
        product,
        openedAt,
        standing,
        policyVersion,
        arrears,
        clearedAt,
        settledAt,
        erased,
        reminded,
        newDesired,
        newGeneration,
        observed);
  }

  /** With another entry. */
  static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
    Map<String, V> more = new TreeMap<>(map);
    more.put(key, value);
    return Collections.unmodifiableMap(more);
  }
}
