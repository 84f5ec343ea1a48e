package io.arrears.core;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All versions of one product's rules, and which of them governs a service at an instant. A version
 * governs from its instant on; a service with a timer running keeps the version it started under,
 * unless a later one is retroactive.
 *
 * @param versions by number, never empty
 */
public record PolicyHistory(List<PolicyVersion> versions) {

  public static PolicyHistory of(Policy policy) {
    return new PolicyHistory(List.of(PolicyVersion.always(policy)));
  }

  /** In force at an instant; the first where none is yet. */
  public PolicyVersion at(Instant instant) {
    PolicyVersion found = versions.get(0);
    for (PolicyVersion version : versions) {
      if (version.effective(instant)) {
        found = version;
      }
    }
    return found;
  }

  /**
   * The version that governs.
   *
   * @param pinned the number that the running timer started under; 0 when none runs
   */
  public PolicyVersion governing(long pinned, Instant instant) {
    if (pinned == 0) {
      return at(instant);
    }
    PolicyVersion found = number(pinned);
    for (PolicyVersion version : versions) {
      if (version.version() > pinned && version.retroactive() && version.effective(instant)) {
        found = version;
      }
    }
    return found;
  }

  /**
   * The next instant after {@code after} at which another version begins to govern, or null.
   *
   * @param pinned as above
   */
  public @Nullable Instant nextChange(long pinned, Instant after) {
    Instant next = null;
    for (PolicyVersion version : versions) {
      Instant from = version.effectiveFrom();
      boolean changes = pinned == 0 || (version.version() > pinned && version.retroactive());
      if (changes && from.isAfter(after) && (next == null || from.isBefore(next))) {
        next = from;
      }
    }
    return next;
  }

  /**
   * @throws IllegalStateException if there is no such version
   */
  public PolicyVersion number(long version) {
    for (PolicyVersion each : versions) {
      if (each.version() == version) {
        return each;
      }
    }
    throw new IllegalStateException("there is no version " + version);
  }
}
