package io.arrears.core;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a service stands: what a decision changes, and nothing else.
 *
 * @param since since when it is in its state
 * @param movedAt the instant of its newest move, also of one that left it in its state
 * @param reasons why it is suspended or banned, and which restrictions stand besides
 * @param suspendedAt since when arrears are among the reasons; null when they are not
 * @param stage how many of the policy's stages it has reached
 * @param stageAt when it reached the newest
 * @param releasedAt when its resources were taken back; null while it has them
 * @param clearingSince since when its data is being erased; null while it is not
 * @param erased whether all that was to be erased is
 */
public record Standing(
    ServiceState state,
    Instant since,
    Instant movedAt,
    Set<SuspensionReason> reasons,
    @Nullable Instant suspendedAt,
    int stage,
    @Nullable Instant stageAt,
    @Nullable Instant releasedAt,
    @Nullable Instant clearingSince,
    boolean erased) {

  /** In good standing. */
  public static Standing active(Instant since) {
    return new Standing(
        ServiceState.ACTIVE, since, since, Set.of(), null, 0, null, null, null, false);
  }

  public boolean has(SuspensionReason reason) {
    return reasons.contains(reason);
  }

  /** Whether arrears move it: not before they began, not once it is beyond their reach. */
  boolean inArrearsCourse() {
    return switch (state) {
      case OVERDUE, GRACE -> true;
      case SUSPENDED -> has(SuspensionReason.ARREARS);
      default -> false;
    };
  }

  /**
   * Where a step leads.
   *
   * @throws IllegalStateException if it is not a move of the transition table
   */
  Standing after(Step step) {
    if (!step.rule().leads(state, step.to())) {
      throw new IllegalStateException(
          step.rule().id() + " does not lead from " + state + " to " + step.to());
    }
    Instant at = step.at();
    return switch (step.rule()) {
      case BALANCE_BELOW_LIMIT,
          BILLS_PAST_DUE,
          RECEIPT_CONFIRMED,
          RECEIPT_BY_DELIVERY,
          RECEIPT_ASSUMED,
          GRACE_STARTED ->
          moved(step, reasons);
      case GRACE_EXPIRED -> moved(step, with(SuspensionReason.ARREARS)).suspended(at);
      case STAGE_REACHED -> moved(step, reasons).staged(stage + 1, at);
      case ARREARS_CLEARED -> cleared(step);
      case STARTED -> moved(step, Set.of()).staged(0, null);
      case OVERDUE_RETENTION_EXPIRED, SUSPENSION_RETENTION_EXPIRED ->
          moved(step, restrictions()).suspended(null).released(at);
      case RESTRICTED -> moved(step, with(step.reason()));
      case RESTRICTION_LIFTED -> moved(step, without(step.reason()));
      case VIOLATION -> banned(step);
      case VIOLATION_RETENTION_EXPIRED -> moved(step, reasons).released(at);
      case DEACTIVATION_APPROVED ->
          moved(step, restrictions()).suspended(null).staged(0, null).clearing(null, false);
      case CLEARING_STARTED -> moved(step, reasons).clearing(at, false);
      case CLEARING_WITHDRAWN -> moved(step, reasons).clearing(null, false);
      case DATA_CLEARED -> moved(step, reasons).clearing(clearingSince, true);
      case REOPENED -> active(at);
    };
  }

  private Standing moved(Step step, Set<SuspensionReason> newReasons) {
    return new Standing(
        step.to(),
        step.to() == state ? since : step.at(),
        step.at(),
        newReasons,
        suspendedAt,
        stage,
        stageAt,
        releasedAt,
        clearingSince,
        erased);
  }

  /** What a stage took away stays away until the service is started by hand. */
  private Standing cleared(Step step) {
    Set<SuspensionReason> left = EnumSet.noneOf(SuspensionReason.class);
    left.addAll(without(SuspensionReason.ARREARS));
    if (step.reason() != null) {
      left.add(step.reason());
    }
    Standing moved = moved(step, Collections.unmodifiableSet(left)).suspended(null);
    return left.contains(SuspensionReason.AWAITING_START) ? moved : moved.staged(0, null);
  }

  private Standing banned(Step step) {
    Set<SuspensionReason> left = EnumSet.of(SuspensionReason.VIOLATION);
    left.addAll(restrictions());
    return moved(step, Collections.unmodifiableSet(left))
        .suspended(null)
        .staged(0, null)
        .clearing(null, false);
  }

  private Standing suspended(@Nullable Instant at) {
    return new Standing(
        state, since, movedAt, reasons, at, stage, stageAt, releasedAt, clearingSince, erased);
  }

  private Standing staged(int reached, @Nullable Instant at) {
    return new Standing(
        state,
        since,
        movedAt,
        reasons,
        suspendedAt,
        reached,
        at,
        releasedAt,
        clearingSince,
        erased);
  }

  private Standing released(Instant at) {
    return new Standing(
        state, since, movedAt, reasons, suspendedAt, 0, null, at, clearingSince, erased);
  }

  private Standing clearing(@Nullable Instant at, boolean done) {
    return new Standing(
        state, since, movedAt, reasons, suspendedAt, stage, stageAt, releasedAt, at, done);
  }

  private Set<SuspensionReason> with(@Nullable SuspensionReason reason) {
    Set<SuspensionReason> more = EnumSet.noneOf(SuspensionReason.class);
    more.addAll(reasons);
    if (reason != null) {
      more.add(reason);
    }
    return Collections.unmodifiableSet(more);
  }

  private Set<SuspensionReason> without(@Nullable SuspensionReason reason) {
    Set<SuspensionReason> fewer = EnumSet.noneOf(SuspensionReason.class);
    fewer.addAll(reasons);
    if (reason != null) {
      fewer.remove(reason);
    }
    return Collections.unmodifiableSet(fewer);
  }

  /** The reasons that people gave and that go on to stand when the service moves on. */
  private Set<SuspensionReason> restrictions() {
    Set<SuspensionReason> kept = EnumSet.noneOf(SuspensionReason.class);
    kept.addAll(reasons);
    kept.retainAll(EnumSet.of(SuspensionReason.LEGAL, SuspensionReason.MANUAL));
    return Collections.unmodifiableSet(kept);
  }
}
