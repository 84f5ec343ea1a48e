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
 * @param told what the product was told, and how far it has come
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
    Told told) {

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
        product, at, Standing.active(at), 0, null, null, null, Map.of(), Map.of(), Told.opened(at));
  }

  /**
   * Afresh, with nothing of the old one but its generation. One generation that nobody was told
   * stands between the two, so that whatever is still reported of the old one is older than the
   * fresh one.
   */
  Service reopened(Instant at) {
    return opened(product, at).told(told.afresh(at));
  }

  public ServiceState state() {
    return standing.state();
  }

  public Access access() {
    return told.desired().access();
  }

  public Desired desired() {
    return told.desired();
  }

  public long generation() {
    return told.generation();
  }

  public long observedGeneration() {
    return told.observed();
  }

  /** Whether the product has reported that it does what it should. */
  public boolean enforced() {
    return told.observed() >= told.generation();
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
        told);
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
        told);
  }

  Service settled(Instant at) {
    return new Service(
        product, openedAt, standing, policyVersion, arrears, clearedAt, at, erased, reminded, told);
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
        told.observed(observed));
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
        told);
  }

  Service told(Told newTold) {
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
        newTold);
  }

  /** With another entry. */
  static <V> Map<String, V> with(Map<String, V> map, String key, V value) {
    Map<String, V> more = new TreeMap<>(map);
    more.put(key, value);
    return Collections.unmodifiableMap(more);
  }
}
