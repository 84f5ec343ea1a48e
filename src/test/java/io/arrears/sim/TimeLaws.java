package io.arrears.sim;

import static io.arrears.sim.TurnLaws.told;

import io.arrears.core.Arrears;
import io.arrears.core.Effect;
import io.arrears.core.Grace;
import io.arrears.core.Overdue;
import io.arrears.core.Policy;
import io.arrears.core.Reminder;
import io.arrears.core.Repossession;
import io.arrears.core.Rule;
import io.arrears.core.Service;
import io.arrears.core.ServiceState;
import io.arrears.core.Span;
import io.arrears.core.Stage;
import io.arrears.core.Standing;
import io.arrears.core.SuspensionReason;
import io.arrears.core.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Nothing happens earlier than was promised, and nothing under a hold. */
final class TimeLaws {

  private static final Set<Rule> TIMERS =
      Set.of(
          Rule.RECEIPT_ASSUMED,
          Rule.GRACE_EXPIRED,
          Rule.STAGE_REACHED,
          Rule.OVERDUE_RETENTION_EXPIRED,
          Rule.SUSPENSION_RETENTION_EXPIRED,
          Rule.VIOLATION_RETENTION_EXPIRED,
          Rule.CLEARING_STARTED,
          Rule.DATA_CLEARED);

  private final Turn turn;
  private final Verdict verdict;
  private final Map<String, Instant> suspendedAt = new HashMap<>();
  private final Map<String, Instant> stageAt = new HashMap<>();
  private final Map<String, Integer> stages = new HashMap<>();
  private final Map<String, Instant> releasedAt = new HashMap<>();

  private TimeLaws(Turn turn, Verdict verdict) {
    this.turn = turn;
    this.verdict = verdict;
    for (Service service : turn.before().services().values()) {
      Standing standing = service.standing();
      suspendedAt.put(service.product(), standing.suspendedAt());
      releasedAt.put(service.product(), standing.releasedAt());
      stageAt.put(service.product(), standing.stageAt());
      stages.put(service.product(), standing.stage());
    }
  }

  static void check(Turn turn, Verdict verdict) {
    TimeLaws laws = new TimeLaws(turn, verdict);
    laws.features();
    if (!turn.transitions().isEmpty()) {
      laws.check();
    }
  }

  /** Nothing of a service is to be erased while it is kept, but what was before. */
  private void features() {
    for (Service after : turn.after().services().values()) {
      Instant since = keptSince(after.product());
      if (since != null && after.desired().features().containsValue(Effect.ERASED)) {
        World before = since.equals(turn.after().now()) ? turn.before().settled() : turn.before();
        boolean overdue =
            turn.transitions().stream()
                .filter(move -> TurnLaws.rule(move) != Rule.RESTRICTED)
                .anyMatch(move -> !move.at().isAfter(since));
        verdict.expect(
            overdue || erased(before.service(after.product())).containsAll(erased(after)),
            () -> "features are erased that are to be kept: " + after);
      }
    }
  }

  private static Set<String> erased(Service service) {
    Map<String, Effect> features = new HashMap<>(service.desired().features());
    features.values().removeIf(effect -> effect != Effect.ERASED);
    return features.keySet();
  }

  /** Since when a hold or LEGAL keeps what there is of a service; null if none does. */
  private @Nullable Instant keptSince(String product) {
    Instant now = turn.after().now();
    return Stream.concat(
            Holding.of(turn.after(), product).spells().stream()
                .filter(spell -> !spell.from().isAfter(now) && spell.to().isAfter(now))
                .map(Holding.Spell::from),
            turn.after().memory().stood().stream()
                .filter(each -> each.reason() == SuspensionReason.LEGAL && each.to() == null)
                .filter(each -> each.product().isEmpty() || each.product().equals(product))
                .map(Memory.Stood::from))
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private void check() {
    for (Transition move : turn.transitions()) {
      Rule rule = TurnLaws.rule(move);
      Holding holding = Holding.of(turn.after(), move.product());
      if (TIMERS.contains(rule)) {
        verdict.expect(!holding.runsAt(move.at()), () -> "under a hold: " + told(move));
      }
      if (rule.irreversible()) {
        verdict.expect(
            turn.after().memory().stood().stream()
                .filter(each -> each.reason() == SuspensionReason.LEGAL)
                .noneMatch(each -> each.standsAt(move.product(), move.at())),
            () -> "under LEGAL: " + told(move));
      }
      switch (rule) {
        case GRACE_EXPIRED -> grace(move, holding);
        case STAGE_REACHED -> stage(move, holding);
        case OVERDUE_RETENTION_EXPIRED, SUSPENSION_RETENTION_EXPIRED -> retention(move, holding);
        case CLEARING_STARTED -> clearing(move, holding);
        case DATA_CLEARED -> cleared(move);
        default -> {}
      }
      follow(move, rule);
    }
  }

  /**
   * What was due has happened.
   *
   * @param world settled
   */
  static void nothingLate(World world, Verdict verdict) {
    for (Service service : world.services().values()) {
      Policy policy = world.policy(service.product());
      boolean byAccount = policy.overdue().equals(Overdue.BELOW_LIMIT);
      Arrears arrears = byAccount ? world.state().arrears() : service.arrears();
      Holding holding = Holding.of(world, service.product());
      boolean waits =
          holding.coversAt(world.now()) || policy.reminders().stream().anyMatch(Reminder::promised);
      if (arrears != null && !waits) {
        Instant due = due(service, policy, arrears, holding);
        verdict.expect(
            due == null || due.isAfter(world.now()),
            () -> "since " + due + " it should not be any more: " + service.standing());
      }
    }
  }

  private static @Nullable Instant due(
      Service service, Policy policy, Arrears arrears, Holding holding) {
    Standing standing = service.standing();
    return switch (standing.state()) {
      case OVERDUE -> starts(policy.grace(), arrears, holding);
      case GRACE ->
          policy.suspension() == null ? null : graceEnds(policy.grace(), arrears, holding);
      case SUSPENDED ->
          standing.suspendedAt() == null || standing.has(SuspensionReason.LEGAL)
              ? null
              : retentionEnds(policy, arrears, standing.suspendedAt(), holding);
      default -> null;
    };
  }

  private void follow(Transition move, Rule rule) {
    switch (rule) {
      case GRACE_EXPIRED -> suspendedAt.put(move.product(), move.at());
      case STAGE_REACHED -> {
        stageAt.put(move.product(), move.at());
        stages.merge(move.product(), 1, Integer::sum);
      }
      case ARREARS_CLEARED, STARTED, REOPENED -> {
        if (move.to() == ServiceState.ACTIVE) {
          stages.put(move.product(), 0);
        }
      }
      case OVERDUE_RETENTION_EXPIRED, SUSPENSION_RETENTION_EXPIRED, VIOLATION_RETENTION_EXPIRED ->
          releasedAt.put(move.product(), move.at());
      default -> {}
    }
  }

  /** The rules by which it was taken, for the tier of before or after. */
  private Stream<Policy> policies(Transition move) {
    return Stream.of(turn.before(), turn.after())
        .filter(world -> world.services().containsKey(move.product()))
        .map(
            world ->
                world.policies().get(move.product()).versions().stream()
                    .filter(version -> version.version() == move.policyVersion())
                    .findFirst()
                    .orElseThrow()
                    .policyFor(world.state().tier(), world.service(move.product()).openedAt()));
  }

  /** The open episode of before or after, whichever the move may have been taken in. */
  private Stream<Arrears> arrears(Transition move, Policy policy) {
    boolean byAccount = policy.overdue().equals(Overdue.BELOW_LIMIT);
    return Stream.of(turn.before(), turn.after())
        .map(
            world -> {
              Service service = world.service(move.product());
              return byAccount
                  ? world.state().arrears()
                  : service == null ? null : service.arrears();
            })
        .filter(Objects::nonNull)
        .filter(each -> !each.overdueSince().isAfter(move.at()));
  }

  private void grace(Transition move, Holding holding) {
    List<Instant> deadlines =
        policies(move)
            .flatMap(
                policy ->
                    arrears(move, policy).map(each -> graceEnds(policy.grace(), each, holding)))
            .filter(Objects::nonNull)
            .toList();
    verdict.expect(
        deadlines.stream().anyMatch(deadline -> !move.at().isBefore(deadline)),
        () -> "before the grace has run, until " + deadlines + ": " + told(move));
  }

  /** Counted from the facts and the policy, apart from the heart; null while it has no start. */
  static @Nullable Instant graceEnds(Grace grace, Arrears arrears, Holding holding) {
    boolean byNotice =
        grace.from() == Grace.Anchor.NOTIFICATION_RECEIVED
            || grace.from() == Grace.Anchor.NOTIFICATION_SENT;
    Instant start = starts(grace, arrears, holding);
    if (start == null) {
      return null;
    }
    Duration length = length(grace.length(), start).plusNanos(grace.inclusive() ? 1000 : 0);
    Duration late = Duration.between(arrears.overdueSince(), arrears.notifiedAt());
    return holding.after(start, byNotice ? length : length.plus(late));
  }

  private static @Nullable Instant starts(Grace grace, Arrears arrears, Holding holding) {
    return switch (grace.from()) {
      case NOTIFICATION_RECEIVED -> received(grace, arrears, holding);
      case NOTIFICATION_SENT -> arrears.notifiedAt();
      case OVERDUE, DEDUCTION -> arrears.overdueSince();
      case BALANCE_BELOW_LIMIT -> arrears.belowLimitSince();
      case BILL_ISSUED -> arrears.billIssuedAt();
    };
  }

  private static @Nullable Instant received(Grace grace, Arrears arrears, Holding holding) {
    if (arrears.receivedAt() != null) {
      return arrears.receivedAt();
    }
    return grace.deliveryIsReceipt() && arrears.deliveredAt() != null
        ? arrears.deliveredAt()
        : ends(arrears.notifiedAt(), grace.assumeReceivedAfter(), holding);
  }

  private static Duration length(Span span, Instant start) {
    return Duration.between(start, span.after(start));
  }

  private void stage(Transition move, Holding holding) {
    int reached = stages.get(move.product());
    verdict.expect(
        policies(move)
            .filter(policy -> reached < policy.stages().size())
            .anyMatch(
                policy ->
                    arrears(move, policy)
                        .map(each -> stageFrom(policy.stages().get(reached), each, move.product()))
                        .map(from -> ends(from, policy.stages().get(reached).after(), holding))
                        .anyMatch(end -> end != null && !move.at().isBefore(end))),
        () -> "a stage before its time: " + told(move));
  }

  /** In a suspension that has begun anew, the stage before counts from then. */
  private @Nullable Instant stageFrom(Stage stage, Arrears arrears, String product) {
    Instant suspended = suspendedAt.get(product);
    Instant before = stageAt.get(product);
    return switch (stage.from()) {
      case OVERDUE -> arrears.overdueSince();
      case SUSPENSION -> suspended;
      case PREVIOUS -> before == null || before.isBefore(suspended) ? suspended : before;
    };
  }

  private void retention(Transition move, Holding holding) {
    verdict.expect(
        policies(move)
            .anyMatch(
                policy ->
                    arrears(move, policy).anyMatch(each -> ranOut(policy, each, move, holding))),
        () -> "before the retention has run: " + told(move));
  }

  private boolean ranOut(Policy policy, Arrears arrears, Transition move, Holding holding) {
    Instant end = retentionEnds(policy, arrears, suspendedAt.get(move.product()), holding);
    return end != null && !move.at().isBefore(end);
  }

  private static @Nullable Instant retentionEnds(
      Policy policy, Arrears arrears, @Nullable Instant suspendedAt, Holding holding) {
    Repossession repossession = policy.repossession();
    List<Instant> ends =
        Stream.of(
                ends(arrears.overdueSince(), repossession.afterOverdue(), holding),
                ends(suspendedAt, repossession.afterSuspension(), holding))
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    boolean later = repossession.wins() == Repossession.Winner.LATER;
    return ends.isEmpty() ? null : ends.get(later ? ends.size() - 1 : 0);
  }

  private static @Nullable Instant ends(
      @Nullable Instant start, @Nullable Span span, Holding holding) {
    return start == null || span == null ? null : holding.after(start, length(span, start));
  }

  private void clearing(Transition move, Holding holding) {
    verdict.expect(
        move.from() != ServiceState.REPOSSESSED
            || policies(move)
                .anyMatch(
                    policy ->
                        arrears(move, policy)
                            .anyMatch(each -> mayErase(policy, each, move, holding))),
        () -> "erased too early: " + told(move));
  }

  /** In an episode that began after the repossession, its own retention must be over first. */
  private boolean mayErase(Policy policy, Arrears arrears, Transition move, Holding holding) {
    Instant released = releasedAt.get(move.product());
    Repossession repossession = policy.repossession();
    Span retention =
        repossession.afterOverdue() != null
            ? repossession.afterOverdue()
            : repossession.afterSuspension();
    boolean anew = arrears.overdueSince().isAfter(released) && retention != null;
    Instant from = anew ? ends(arrears.overdueSince(), retention, holding) : released;
    Instant end = ends(from, policy.clearing().after(), holding);
    return end != null && !move.at().isBefore(end);
  }

  /** Cleared is only what was erased after the product was told to erase it. */
  private void cleared(Transition move) {
    Set<String> done = turn.after().memory().erasures(move.product()).done();
    verdict.expect(
        policies(move)
            .anyMatch(
                policy ->
                    policy.clearing().categories().stream()
                        .filter(
                            each ->
                                move.from() != ServiceState.BANNED
                                    || !policy.violation().retained().contains(each))
                        .allMatch(done::contains)),
        () -> "cleared, but erased as told were only " + done + ": " + told(move));
  }
}
