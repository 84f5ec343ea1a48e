package io.arrears.sim;

import io.arrears.core.Arrears;
import io.arrears.core.Hold;
import io.arrears.core.PrepaidPackage;
import io.arrears.core.Receivable;
import io.arrears.core.Restriction;
import io.arrears.core.Service;
import io.arrears.core.ServiceState;
import io.arrears.core.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What tells two worlds apart as far as their future goes: instants only by how long ago they are,
 * and nothing of numbers that only count. Two worlds that are taken for one by mistake cost a part
 * of the exploration, never a false alarm.
 */
final class Fingerprint {

  private final World world;
  private final StringBuilder text = new StringBuilder(256);

  private Fingerprint(World world) {
    this.world = world;
  }

  static String of(World world) {
    Fingerprint fingerprint = new Fingerprint(world);
    fingerprint.account();
    world.services().values().forEach(fingerprint::service);
    return fingerprint.text.toString();
  }

  private void account() {
    add(world.state().balance(), world.state().creditLimit(), world.state().tier());
    arrears(world.state().arrears());
    world.circumstances().restrictions().stream()
        .map(Restriction::restrictionId)
        .sorted()
        .forEach(this::add);
    Instant earliest = earliest();
    for (Hold hold : world.circumstances().holds()) {
      if (hold.endsAt().isAfter(earliest)) {
        add("hold");
        ago(hold.placedAt());
        ago(hold.endsAt());
        add(hold.promised(), hold.promised() == null ? null : hold.paid());
      }
    }
    for (Receivable bill : world.circumstances().unpaid()) {
      if (bill.dueAt() != null) {
        add(bill.unpaid());
        ago(bill.issuedAt());
        ago(bill.dueAt());
      }
    }
    for (PrepaidPackage prepaid : world.circumstances().packages()) {
      add(prepaid.product(), prepaid.remaining().signum());
      ago(prepaid.expiresAt());
    }
  }

  private void arrears(@Nullable Arrears arrears) {
    if (arrears != null) {
      add("arrears");
      ago(arrears.overdueSince());
      ago(arrears.belowLimitSince());
      ago(arrears.billIssuedAt());
      ago(arrears.notifiedAt());
      ago(arrears.receivedAt());
      ago(arrears.deliveredAt());
    }
  }

  private void service(Service service) {
    Standing standing = service.standing();
    add(service.product(), standing.state(), standing.reasons(), standing.stage());
    ago(standing.suspendedAt());
    ago(standing.stageAt());
    ago(standing.releasedAt());
    ago(standing.clearingSince());
    add(standing.erased(), service.policyVersion());
    if (standing.state() == ServiceState.BANNED) {
      ago(standing.since());
    }
    arrears(service.arrears());
    add(leaves(service));
    ago(service.settledAt());
    add(new TreeMap<>(service.erased()).keySet());
    new TreeMap<>(service.reminded()).forEach(this::reminded);
    add(service.desired());
  }

  private void reminded(String reminder, Instant at) {
    add(reminder);
    ago(at);
  }

  private boolean leaves(Service service) {
    return world.circumstances().deactivations().stream()
        .anyMatch(
            each ->
                (each.product().isEmpty() || each.product().equals(service.product()))
                    && !service.openedAt().isAfter(each.approvedAt()));
  }

  /** A hold that ended before all of these stops no timer any more. */
  private Instant earliest() {
    return Stream.concat(
            Stream.ofNullable(world.state().arrears()).flatMap(Fingerprint::anchors),
            world.services().values().stream()
                .flatMap(
                    service ->
                        Stream.concat(
                            Stream.ofNullable(service.arrears()).flatMap(Fingerprint::anchors),
                            Stream.of(
                                    service.standing().suspendedAt(),
                                    service.standing().stageAt(),
                                    service.standing().releasedAt(),
                                    service.settledAt(),
                                    service.state() == ServiceState.BANNED
                                        ? service.standing().since()
                                        : null)
                                .filter(Objects::nonNull))))
        .min(Comparator.naturalOrder())
        .orElse(world.now());
  }

  private static Stream<Instant> anchors(Arrears arrears) {
    return Stream.of(arrears.overdueSince(), arrears.belowLimitSince(), arrears.billIssuedAt());
  }

  private void ago(@Nullable Instant instant) {
    add(instant == null ? null : Duration.between(world.now(), instant));
  }

  private void add(@Nullable Object... values) {
    for (Object value : values) {
      text.append(value).append('|');
    }
  }
}
