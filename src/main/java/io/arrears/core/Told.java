package io.arrears.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a product was told about one service, and how far it has come with it.
 *
 * @param desired what the product must do
 * @param generation grows with every change of it
 * @param observed the newest generation that the product has reported
 * @param by the id of the rule that the newest change came from; empty before the first
 * @param at when it was decided
 * @param behindSince since when the product has not done what it was told; null while it has
 */
public record Told(
    Desired desired,
    long generation,
    long observed,
    String by,
    Instant at,
    @Nullable Instant behindSince) {

  /** Of a service that has just opened: the product knows, for its item came from there. */
  static Told opened(Instant at) {
    return new Told(Desired.ALLOWED, 1, 1, "", at, null);
  }

  Told desiring(Desired other, @Nullable String rule, Instant now) {
    Instant behind = behindSince == null ? now : behindSince;
    return new Told(other, generation + 1, observed, rule == null ? by : rule, now, behind);
  }

  /** Reports may come late and in any order: the newest that was reached counts. */
  Told observed(long reached) {
    long newest = Math.max(observed, reached);
    return new Told(desired, generation, newest, by, at, newest < generation ? behindSince : null);
  }

  /** One generation that nobody was told stands between what was and a fresh start. */
  Told afresh(Instant now) {
    return new Told(desired, generation + 1, generation + 1, Rule.REOPENED.id(), now, null);
  }
}
