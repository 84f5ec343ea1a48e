package io.arrears.sim;

import static io.arrears.core.SuspensionReason.ARREARS;
import static io.arrears.core.SuspensionReason.AWAITING_START;
import static io.arrears.core.SuspensionReason.LEGAL;
import static io.arrears.core.SuspensionReason.MANUAL;
import static io.arrears.core.SuspensionReason.VIOLATION;

import io.arrears.core.Access;
import io.arrears.core.Arrears;
import io.arrears.core.Overdue;
import io.arrears.core.Policy;
import io.arrears.core.Service;
import io.arrears.core.ServiceState;
import io.arrears.core.Standing;
import io.arrears.core.Suspension;
import io.arrears.core.SuspensionReason;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What holds of an account that somebody has just looked at. */
final class StandingLaws {

  private final World world;
  private final Verdict verdict;

  private StandingLaws(World world, Verdict verdict) {
    this.world = world;
    this.verdict = verdict;
  }

  /**
   * @param world settled
   */
  static void check(World world, Verdict verdict) {
    StandingLaws laws = new StandingLaws(world, verdict);
    laws.money();
    for (Service service : world.services().values()) {
      Policy policy = world.policy(service.product());
      laws.arrears(service, policy);
      laws.billed(service, policy);
      laws.reasons(service);
      laws.restrictions(service);
      laws.access(service, policy);
      laws.erasing(service);
    }
  }

  /** The account knows what the test remembers. */
  private void money() {
    Memory memory = world.memory();
    verdict.expect(
        world.state().balance().compareTo(memory.balance()) == 0,
        () -> "the balance is not the sum of what was posted");
    Arrears arrears = world.state().arrears();
    verdict.expect(
        arrears == null
            ? memory.belowSince() == null
            : arrears.overdueSince().equals(memory.belowSince()),
        () -> "below the limit since " + memory.belowSince() + ", but " + arrears);
    Stream.concat(
            Stream.ofNullable(arrears),
            world.services().values().stream().map(Service::arrears).filter(Objects::nonNull))
        .forEach(
            open ->
                verdict.expect(
                    memory.notified().get(open.episode()).equals(open.notifiedAt())
                        && Objects.equals(memory.received().get(open.episode()), open.receivedAt()),
                    () -> "not what the customer was told and received: " + open));
  }

  private void arrears(Service service, Policy policy) {
    boolean byAccount = policy.overdue().equals(Overdue.BELOW_LIMIT);
    Arrears arrears = byAccount ? world.state().arrears() : service.arrears();
    boolean moved =
        Set.of(ServiceState.OVERDUE, ServiceState.GRACE).contains(service.state())
            || service.standing().has(ARREARS);
    verdict.expect(
        arrears != null || !moved, () -> "in arrears without arrears: " + service.standing());
    verdict.expect(
        arrears == null || service.state() != ServiceState.ACTIVE,
        () -> "ACTIVE in spite of " + arrears);
  }

  /** What was said last about what is billed still holds (S5). */
  private void billed(Service service, Policy policy) {
    Suspension suspension = policy.suspension();
    int stage = Math.min(service.standing().stage(), policy.stages().size());
    Suspension.Billed billed =
        service.state() != ServiceState.SUSPENDED || suspension == null
            ? Suspension.Billed.ALL
            : stage > 0 ? policy.stages().get(stage - 1).billed() : suspension.billed();
    Suspension.Billed said =
        world.memory().billed().getOrDefault(service.product(), Suspension.Billed.ALL);
    verdict.expect(
        billed.equals(said),
        () -> "said to be billed: " + said + ", but " + billed + " is, in " + service.standing());
  }

  private void reasons(Service service) {
    Standing standing = service.standing();
    Set<SuspensionReason> possible =
        switch (standing.state()) {
          case ACTIVE, OVERDUE, GRACE -> EnumSet.noneOf(SuspensionReason.class);
          case SUSPENDED -> EnumSet.of(ARREARS, AWAITING_START, LEGAL, MANUAL);
          case BANNED -> EnumSet.of(VIOLATION, LEGAL, MANUAL);
          case REPOSSESSED, DEACTIVATING, CLEARED -> EnumSet.of(LEGAL, MANUAL);
        };
    verdict.expect(
        possible.containsAll(standing.reasons()),
        () -> standing.state() + " for " + standing.reasons());
    verdict.expect(
        switch (standing.state()) {
          case SUSPENDED -> !standing.reasons().isEmpty();
          case BANNED -> standing.has(VIOLATION);
          default -> true;
        },
        () -> standing.state() + " without a reason");
    verdict.expect(
        standing.has(ARREARS) == (standing.suspendedAt() != null),
        () -> "suspended for arrears since? " + standing);
    verdict.expect(
        standing.stage() == 0 || standing.state() == ServiceState.SUSPENDED,
        () -> "a stage of no suspension: " + standing);
  }

  /** What people have decided shows at once, and for as long as it stands. */
  private void restrictions(Service service) {
    ServiceState state = service.state();
    if (state == ServiceState.CLEARED) {
      return;
    }
    for (SuspensionReason reason : Set.of(MANUAL, LEGAL, VIOLATION)) {
      boolean stands =
          world.memory().stood().stream()
              .filter(each -> each.reason() == reason && each.to() == null)
              .anyMatch(
                  each -> each.product().isEmpty() || each.product().equals(service.product()));
      verdict.expect(
          stands == service.standing().has(reason),
          () -> reason + (stands ? " stands" : " does not stand") + ": " + service.standing());
    }
  }

  private void access(Service service, Policy policy) {
    Standing standing = service.standing();
    Access suspended =
        standing.stage() > 0
            ? policy.stages().get(Math.min(standing.stage(), policy.stages().size()) - 1).access()
            : policy.suspension() == null ? Access.BLOCKED : policy.suspension().access();
    Set<Access> fitting =
        switch (standing.state()) {
          case ACTIVE, OVERDUE, GRACE -> Set.of(Access.ALLOWED);
          case SUSPENDED -> Set.of(suspended);
          case REPOSSESSED -> Set.of(Access.RELEASED);
          case DEACTIVATING -> Set.of(Access.BLOCKED, Access.RELEASED);
          case BANNED -> Set.of(Access.BLOCKED, Access.RELEASED, Access.ERASED);
          case CLEARED -> Set.of(Access.ERASED);
        };
    verdict.expect(fitting.contains(service.access()), () -> service.access() + " in " + standing);
  }

  private void erasing(Service service) {
    if (service.desired().clear().isEmpty()) {
      return;
    }
    Standing standing = service.standing();
    verdict.expect(
        standing.clearingSince() != null
            && Set.of(ServiceState.REPOSSESSED, ServiceState.DEACTIVATING, ServiceState.BANNED)
                .contains(standing.state()),
        () -> "told to erase in " + standing);
    verdict.expect(
        !standing.has(LEGAL) && !Holding.of(world, service.product()).coversAt(world.now()),
        () -> "told to erase " + service.desired().clear() + " under a hold or LEGAL");
  }
}
