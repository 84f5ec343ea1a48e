package io.arrears.core;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An account's services with all that decides about them. */
final class Portfolio {

  final Map<String, Hold> holds = new LinkedHashMap<>();
  final Map<String, Restriction> restrictions = new LinkedHashMap<>();
  final Map<String, PrepaidPackage> packages = new LinkedHashMap<>();
  final List<Deactivation> deactivations;
  String tier;
  String region;

  /** The account's own episode, by its limit. */
  @Nullable Arrears arrears;

  @Nullable Instant clearedAt;
  @Nullable Instant termsSince;
  private final @Nullable ZoneId zone;
  private final NavigableMap<String, Service> services = new TreeMap<>();
  private final Map<String, Service> asRead = new HashMap<>();
  private final Function<String, PolicyHistory> policies;

  Portfolio(
      Account.State state,
      Collection<Service> services,
      Circumstances circumstances,
      Function<String, PolicyHistory> policies) {
    this.policies = policies;
    this.tier = state.tier();
    this.region = state.region();
    this.zone = state.zone();
    this.arrears = state.arrears();
    this.clearedAt = state.clearedAt();
    this.termsSince = state.termsSince();
    this.deactivations = new ArrayList<>(circumstances.deactivations());
    services.forEach(this::put);
    asRead.putAll(this.services);
    circumstances.holds().forEach(hold -> holds.put(hold.holdId(), hold));
    circumstances.restrictions().forEach(each -> restrictions.put(each.restrictionId(), each));
    circumstances.packages().forEach(each -> packages.put(each.packageId(), each));
  }

  Service service(String product) {
    return Objects.requireNonNull(services.get(product), product);
  }

  void put(Service service) {
    services.put(service.product(), service);
  }

  /** As they are now; safe to change them meanwhile. */
  List<Service> all() {
    return List.copyOf(services.values());
  }

  NavigableMap<String, Service> byProduct() {
    return Collections.unmodifiableNavigableMap(services);
  }

  /** Those that are not as they were read. */
  List<Service> changed() {
    List<Service> changed = new ArrayList<>();
    for (Service service : services.values()) {
      if (!service.equals(asRead.get(service.product()))) {
        changed.add(service);
      }
    }
    return changed;
  }

  PolicyHistory history(Service service) {
    return policies.apply(service.product());
  }

  /** The rules that govern a service at an instant. */
  Policy policy(Service service, Instant at) {
    return history(service)
        .governing(service.policyVersion(), at)
        .policyFor(tier, service.openedAt());
  }

  /** Whether a service is overdue by something else than the account's limit. */
  boolean judgedByItself(Service service, Instant at) {
    return judgedByItself(policy(service, at));
  }

  private static boolean judgedByItself(Policy policy) {
    return !policy.overdue().equals(Overdue.BELOW_LIMIT);
  }

  /** The open episode that concerns a service, or null. */
  @Nullable Arrears arrears(Service service, Instant at) {
    return judgedByItself(service, at) ? service.arrears() : arrears;
  }

  /** When the last episode that concerned a service was cleared, or null. */
  @Nullable Instant clearedAt(Service service, Instant at) {
    return judgedByItself(service, at) ? service.clearedAt() : clearedAt;
  }

  /** All open episodes. */
  Stream<Arrears> episodes() {
    return Stream.concat(
            Stream.ofNullable(arrears), services.values().stream().map(Service::arrears))
        .filter(Objects::nonNull);
  }

  Course through(Service service, Instant until) {
    return Course.through(service, history(service), tier, policy -> facts(service, policy), until);
  }

  Facts facts(Service service, Instant at) {
    return facts(service, policy(service, at));
  }

  private Facts facts(Service service, Policy policy) {
    boolean own = judgedByItself(policy);
    Map<SuspensionReason, Instant> standing = new EnumMap<>(SuspensionReason.class);
    for (Restriction each : restrictions.values()) {
      if (each.concerns(service.product())) {
        standing.merge(each.reason(), each.placedAt(), (a, b) -> a.isBefore(b) ? a : b);
      }
    }
    Instant approvedAt = null;
    for (Deactivation each : deactivations) {
      if (each.concerns(service)) {
        approvedAt = earlier(approvedAt, each.approvedAt());
      }
    }
    Map<String, Instant> erased = new HashMap<>();
    service.erased().forEach((category, erasure) -> erased.put(category, erasure.at()));
    return new Facts(
        service.standing(),
        own ? service.arrears() : arrears,
        own ? service.clearedAt() : clearedAt,
        standing,
        approvedAt,
        service.settledAt(),
        erased,
        service.reminded(),
        holds(service),
        termsSince,
        zone);
  }

  private Holds holds(Service service) {
    return holds.isEmpty()
        ? Holds.NONE
        : Holds.of(
            holds.values().stream()
                .filter(hold -> hold.concerns(service.product(), tier, region))
                .map(Hold::window)
                .toList());
  }

  @Nullable Instant heldUntil(Service service, Instant at) {
    return holds(service).until(at);
  }

  /**
   * Brings what products are to do up to what was decided.
   *
   * @param by the rule that a product's last move came from, or null
   */
  void desire(Function<String, @Nullable String> by, Instant now) {
    for (Service service : all()) {
      Desired desired = desired(service, now);
      if (!desired.equals(service.desired())) {
        put(service.told(service.told().desiring(desired, by.apply(service.product()), now)));
      }
    }
  }

  private Desired desired(Service service, Instant now) {
    Policy policy = policy(service, now);
    Standing standing = service.standing();
    boolean simple = standing.state() == ServiceState.ACTIVE && policy.features().isEmpty();
    if (simple) {
      return Desired.ALLOWED;
    }
    List<String> clear =
        standing.clearingSince() != null && Farewell.clearing(facts(service, now), now)
            ? Farewell.categories(standing.state(), policy).stream()
                .filter(category -> !service.erased().containsKey(category))
                .toList()
            : List.of();
    return new Desired(Desired.access(standing, policy), features(service, now), clear);
  }

  private Map<String, Effect> features(Service service, Instant now) {
    Map<String, Effect> decided = decidedFeatures(service, now);
    Facts facts = facts(service, now);
    boolean kept = facts.underLegal() || facts.holds().until(now) != null;
    return kept ? Desired.keeping(decided, service.desired().features()) : decided;
  }

  private Map<String, Effect> decidedFeatures(Service service, Instant now) {
    return Desired.features(
        service.product(),
        service.standing(),
        policy(service, now),
        product -> other(product, now));
  }

  /** Why features of a service are not available, by feature. */
  Map<String, String> causes(Service service, Instant now) {
    return Desired.causes(
        service.product(),
        service.standing(),
        policy(service, now),
        product -> other(product, now));
  }

  private Desired.@Nullable Other other(String product, Instant now) {
    Service service = services.get(product);
    return service == null
        ? null
        : new Desired.Other(
            service.state(), Desired.access(service.standing(), policy(service, now)));
  }

  /** When to look again for a service's sake, or null. */
  @Nullable Instant dueAt(Service service, Function<String, Overdue.Funds> funds, Instant now) {
    Step first = through(service, now).first();
    Facts facts = facts(service, now);
    Reminders.Due reminder = Reminders.first(facts, policy(service, now));
    Instant change = history(service).nextChange(service.policyVersion(), now);
    boolean erasing =
        (service.standing().clearingSince() != null && !service.standing().erased())
            || decidedFeatures(service, now).containsValue(Effect.ERASED);
    Instant due = opensAt(service, funds, now);
    due = earlier(due, first == null ? null : first.at());
    due = earlier(due, reminder == null ? null : reminder.at());
    due = earlier(due, change == null || !changes(service, now, change) ? null : change);
    return earlier(due, erasing ? facts.holds().until(now) : null);
  }

  /** Whether other rules matter to a service from an instant on: what runs, or what is overdue. */
  private boolean changes(Service service, Instant now, Instant from) {
    return service.state() != ServiceState.ACTIVE
        || !policy(service, from).overdue().equals(policy(service, now).overdue());
  }

  /** When a service that judges by itself becomes overdue by the mere passing of time. */
  @Nullable Instant opensAt(Service service, Function<String, Overdue.Funds> funds, Instant at) {
    if (!judgedByItself(service, at) || service.arrears() != null) {
      return null;
    }
    Instant since = policy(service, at).overdue().since(funds.apply(service.product()), false);
    return since == null ? null : later(since, earliest(service, at));
  }

  /** Rules make nothing overdue before they are in force. */
  private Instant earliest(Service service, Instant at) {
    PolicyVersion version = history(service).governing(service.policyVersion(), at);
    return later(service.standing().movedAt(), version.effectiveFrom());
  }

  /** The earlier of two, of which each may be null. */
  static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    return a == null || (b != null && b.isBefore(a)) ? b : a;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }

  /** For the customer and the help desk: every step to come if nobody acts. */
  List<Step> schedule(Service service, Instant now) {
    return Lifecycle.schedule(facts(service, now), policy(service, now), now);
  }
}
