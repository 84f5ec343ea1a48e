package io.arrears.core;

import static io.arrears.core.SuspensionReason.ARREARS;
import static io.arrears.core.SuspensionReason.VIOLATION;

import java.time.Instant;
import java.util.Set;

/** Where services stand, as their way there has left them. */
final class Standings {

  private Standings() {}

  /** Without anything that people decided; suspended is for arrears. */
  static Standing in(ServiceState state, Instant since) {
    return switch (state) {
      case ACTIVE, OVERDUE, GRACE, DEACTIVATING -> plain(state, since, Set.of());
      case SUSPENDED ->
          new Standing(state, since, since, Set.of(ARREARS), since, 0, null, null, null, false);
      case BANNED -> plain(state, since, Set.of(VIOLATION));
      case REPOSSESSED, CLEARED ->
          new Standing(
              state,
              since,
              since,
              Set.of(),
              null,
              0,
              null,
              since,
              null,
              state == ServiceState.CLEARED);
    };
  }

  /** Suspended by people alone, or for them and others. */
  static Standing suspended(Instant since, SuspensionReason... reasons) {
    Set<SuspensionReason> all = Set.of(reasons);
    Instant suspendedAt = all.contains(ARREARS) ? since : null;
    return new Standing(
        ServiceState.SUSPENDED, since, since, all, suspendedAt, 0, null, null, null, false);
  }

  /** The same with more reasons, or fewer. */
  static Standing with(Standing standing, Set<SuspensionReason> reasons) {
    return new Standing(
        standing.state(),
        standing.since(),
        standing.movedAt(),
        reasons,
        standing.suspendedAt(),
        standing.stage(),
        standing.stageAt(),
        standing.releasedAt(),
        standing.clearingSince(),
        standing.erased());
  }

  /** The same while its data is being erased. */
  static Standing clearing(Standing standing, Instant since) {
    return new Standing(
        standing.state(),
        standing.since(),
        since,
        standing.reasons(),
        standing.suspendedAt(),
        standing.stage(),
        standing.stageAt(),
        standing.releasedAt(),
        since,
        false);
  }

  private static Standing plain(ServiceState state, Instant since, Set<SuspensionReason> reasons) {
    return new Standing(state, since, since, reasons, null, 0, null, null, null, false);
  }
}
