package io.arrears.core;

import static io.arrears.core.ServiceState.BANNED;
import static io.arrears.core.ServiceState.CLEARED;
import static io.arrears.core.ServiceState.DEACTIVATING;
import static io.arrears.core.ServiceState.REPOSSESSED;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a service ends whose resources are taken back, or which is banned or leaves: its data is
 * erased, category by category, and never against a hold (S7, S10, S11).
 */
final class Farewell {

  private Farewell() {}

  /** What the product is to erase before the service counts as cleared. */
  static List<String> categories(ServiceState state, Policy policy) {
    List<String> all = policy.clearing().categories();
    return state == BANNED
        ? all.stream().filter(name -> !policy.violation().retained().contains(name)).toList()
        : all;
  }

  static @Nullable Step next(Facts facts, Policy policy, Instant today) {
    Standing standing = facts.standing();
    Step done = cleared(facts, policy);
    if (done != null) {
      return done;
    }
    if (standing.state() == BANNED && standing.releasedAt() == null) {
      Span length = policy.violation().repossessAfter();
      return length == null
          ? null
          : new Step(
              Rule.VIOLATION_RETENTION_EXPIRED,
              BANNED,
              facts.holds().after(standing.since(), length));
    }
    if (standing.clearingSince() != null) {
      return standing.state() == REPOSSESSED && facts.arrears() == null ? withdrawn(facts) : null;
    }
    Instant start = standing.erased() ? null : startsAt(facts, policy);
    if (start == null) {
      return null;
    }
    Instant kept = Reminders.kept(facts, policy, Reminder.Deadline.CLEARING, start, today);
    return new Step(Rule.CLEARING_STARTED, standing.state(), kept);
  }

  private static Step withdrawn(Facts facts) {
    Instant at = facts.clearedAt() == null ? facts.standing().movedAt() : facts.clearedAt();
    return new Step(Rule.CLEARING_WITHDRAWN, REPOSSESSED, at);
  }

  /** Once the product has reported every category. */
  private static @Nullable Step cleared(Facts facts, Policy policy) {
    ServiceState state = facts.state();
    List<String> categories = categories(state, policy);
    boolean unsettled = state == DEACTIVATING && facts.standing().clearingSince() == null;
    if (unsettled
        || facts.standing().erased()
        || !facts.erased().keySet().containsAll(categories)) {
      return null;
    }
    return categories.stream()
        .map(facts.erased()::get)
        .max(Comparator.naturalOrder())
        .map(at -> new Step(Rule.DATA_CLEARED, state == BANNED ? BANNED : CLEARED, at))
        .orElse(null);
  }

  private static @Nullable Instant startsAt(Facts facts, Policy policy) {
    Holds holds = facts.holds();
    Instant releasedAt = facts.standing().releasedAt();
    return switch (facts.state()) {
      case REPOSSESSED ->
          facts.arrears() == null || releasedAt == null
              ? null
              : later(
                  holds.after(releasedAt, policy.clearing().after()),
                  anew(facts, facts.arrears(), policy, releasedAt));
      case DEACTIVATING -> leaves(facts, policy);
      case BANNED ->
          releasedAt == null || policy.violation().clearAfter() == null
              ? null
              : holds.after(releasedAt, policy.violation().clearAfter());
      default -> null;
    };
  }

  /** An episode that began after the repossession gets the whole time once more. */
  private static @Nullable Instant anew(
      Facts facts, Arrears arrears, Policy policy, Instant releasedAt) {
    Instant end = retentionEnds(facts, arrears, policy);
    return arrears.overdueSince().isAfter(releasedAt) && end != null
        ? facts.holds().after(end, policy.clearing().after())
        : null;
  }

  /** Settled, or in arrears for so long that the resources would have been taken back. */
  private static @Nullable Instant leaves(Facts facts, Policy policy) {
    Instant settled = facts.settledAt() == null ? null : facts.holds().free(facts.settledAt());
    return settled != null || facts.arrears() == null
        ? settled
        : retentionEnds(facts, facts.arrears(), policy);
  }

  private static @Nullable Instant retentionEnds(Facts facts, Arrears arrears, Policy policy) {
    Span length =
        policy.repossession().afterOverdue() != null
            ? policy.repossession().afterOverdue()
            : policy.repossession().afterSuspension();
    return length == null ? null : facts.holds().after(arrears.overdueSince(), length);
  }

  private static Instant later(Instant a, @Nullable Instant b) {
    return b != null && b.isAfter(a) ? b : a;
  }

  /** Whether the product is to be told to erase. */
  static boolean clearing(Facts facts, Instant now) {
    return facts.standing().clearingSince() != null
        && !facts.standing().erased()
        && !facts.underLegal()
        && facts.holds().until(now) == null;
  }

  static boolean leaving(ServiceState state) {
    return state == REPOSSESSED || state == DEACTIVATING || state == BANNED;
  }
}
