package io.arrears.policy;

import io.arrears.core.Policy;
import io.arrears.core.PolicyHistory;
import io.arrears.core.PolicyVersion;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Rejection;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.SqlClient;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules of each product, in all their versions: the built-in ones, and those that were applied
 * since. They are kept in memory; whoever reads an account learns how many versions there are, and
 * reads them again when that is more than he knows.
 */
@Singleton
public class PolicyService {

  /** All versions known, and how many of them are in the database. */
  private record Known(
      NavigableMap<String, PolicyHistory> histories,
      NavigableMap<String, List<AppliedPolicy>> applied,
      long stored) {}

  private final PolicySql sql;
  private final ArrearsClock clock;
  private final NavigableMap<String, AppliedPolicy> builtIn = new TreeMap<>();
  private final Map<AppliedPolicy, PolicyVersion> parsed = new ConcurrentHashMap<>();
  private final Vertx vertx;
  private volatile Known known;

  PolicyService(PolicySql sql, Vertx vertx, ArrearsClock clock) {
    this.sql = sql;
    this.vertx = vertx;
    this.clock = clock;
    BuiltInPolicies.all().forEach(each -> builtIn.put(each.product(), each));
    this.known = known(List.of());
  }

  void load(@Observes @Priority(1) StartupEvent started) {
    reload(sql.pool()).await().atMost(Duration.ofSeconds(30));
  }

  private Known known(List<AppliedPolicy> stored) {
    NavigableMap<String, List<AppliedPolicy>> applied = new TreeMap<>();
    builtIn.forEach((product, each) -> applied.put(product, new ArrayList<>(List.of(each))));
    stored.forEach(
        each -> applied.computeIfAbsent(each.product(), any -> new ArrayList<>()).add(each));
    NavigableMap<String, PolicyHistory> histories = new TreeMap<>();
    applied.forEach(
        (product, versions) -> {
          versions.sort(Comparator.comparing(AppliedPolicy::version));
          histories.put(product, new PolicyHistory(versions.stream().map(this::parsed).toList()));
        });
    return new Known(histories, applied, stored.size());
  }

  /** A version never changes, so it is read once. */
  private PolicyVersion parsed(AppliedPolicy applied) {
    return parsed.computeIfAbsent(
        applied,
        any ->
            PolicyReader.read(applied.document())
                .version(applied.version(), applied.effectiveFrom(), applied.retroactive()));
  }

  private Uni<Void> reload(SqlClient client) {
    return sql.all(client)
        .chain(stored -> aside(() -> known(stored)))
        .invoke(this::know)
        .replaceWithVoid();
  }

  /** A long document takes its time, which is not the event loop's. */
  private <T> Uni<T> aside(Callable<T> work) {
    return vertx.executeBlocking(work);
  }

  private synchronized void know(Known now) {
    if (now.stored() >= known.stored()) {
      known = now;
    }
  }

  /** Whether there are no more versions than are known here. */
  public boolean knows(long stored) {
    return stored <= known.stored();
  }

  /** Reads the versions again if there are more than are known here. */
  public Uni<Void> catchUp(long stored) {
    return catchUp(stored, sql.pool());
  }

  /**
   * The same for somebody who holds a connection. Who waited for a second one, while all others do
   * so too, would wait for ever.
   */
  public Uni<Void> catchUp(long stored, SqlClient client) {
    return knows(stored) ? Uni.createFrom().voidItem() : reload(client);
  }

  /** Reads the versions again if another replica has added some. */
  public Uni<Void> refresh() {
    return refresh(sql.pool());
  }

  /** The same for somebody who holds a connection. */
  public Uni<Void> refresh(SqlClient client) {
    return sql.count(client).chain(stored -> catchUp(stored, client));
  }

  /** The standard rules in force now; empty for a product without any. */
  public Optional<Policy> find(String product) {
    return Optional.ofNullable(known.histories().get(product))
        .filter(history -> !history.versions().get(0).effectiveFrom().isAfter(clock.instant()))
        .map(history -> history.at(clock.instant()).standard());
  }

  /**
   * All versions of a product that has services, and so has rules.
   *
   * @throws IllegalStateException if there are none
   */
  public PolicyHistory history(String product) {
    PolicyHistory history = known.histories().get(product);
    if (history == null) {
      throw new IllegalStateException("there is no policy of " + product);
    }
    return history;
  }

  /** The standard rules in force now, by product. */
  public List<Policy> all() {
    return known.histories().keySet().stream().map(this::find).flatMap(Optional::stream).toList();
  }

  /** When the next version of any product begins to govern; null if none is known that will. */
  public @Nullable Instant nextChange(Instant after) {
    return known.histories().values().stream()
        .flatMap(history -> history.versions().stream())
        .map(PolicyVersion::effectiveFrom)
        .filter(from -> from.isAfter(after))
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  /** Every version of a product, or of all for the empty name; by product and version. */
  public Uni<List<AppliedPolicy>> versions(String product) {
    return refresh()
        .map(
            ignored -> {
              Map<String, List<AppliedPolicy>> applied = known.applied();
              return product.isEmpty()
                  ? applied.values().stream().flatMap(List::stream).toList()
                  : applied.getOrDefault(product, List.of());
            });
  }

  /**
   * One version.
   *
   * @param version 0 for the one in force
   * @throws Rejection NOT_FOUND
   */
  public Uni<AppliedPolicy> get(String product, long version) {
    return versions(product)
        .map(
            all -> {
              long wanted = version == 0 ? inForce(product) : version;
              return all.stream()
                  .filter(each -> each.version() == wanted)
                  .findFirst()
                  .orElseThrow(
                      () ->
                          Rejection.of(
                              Rejection.Kind.NOT_FOUND,
                              "POLICY_NOT_FOUND",
                              version == 0
                                  ? "there is no policy of " + product
                                  : "there is no version " + version + " of " + product));
            });
  }

  /** 0 before the first. */
  private long inForce(String product) {
    return find(product).map(Policy::version).orElse(0L);
  }

  /**
   * What to apply.
   *
   * @param effectiveFrom null means now
   * @param retroactive whether timers that run go by it, too
   * @param validateOnly checks it and changes nothing
   */
  public record Application(
      String document,
      Instant effectiveFrom,
      boolean retroactive,
      boolean validateOnly,
      String actor) {}

  /**
   * Adds the next version of a product's rules.
   *
   * @throws PolicyException naming every fault of the document
   * @throws Rejection INVALID_ARGUMENT for an instant of the past; FAILED_PRECONDITION if the
   *     document is of another version than the next
   */
  public Uni<AppliedPolicy> apply(Application application) {
    Instant now = clock.instant();
    return aside(() -> PolicyReader.read(application.document()))
        .call(() -> refresh())
        .chain(document -> apply(application, document, now))
        .call(() -> application.validateOnly() ? Uni.createFrom().voidItem() : refresh());
  }

  private Uni<AppliedPolicy> apply(Application application, PolicyDocument document, Instant now) {
    String product = document.product();
    List<AppliedPolicy> before = known.applied().getOrDefault(product, List.of());
    long next = before.isEmpty() ? 1 : before.get(before.size() - 1).version() + 1;
    Instant from = application.effectiveFrom() == null ? now : application.effectiveFrom();
    if (from.isBefore(now) && !before.isEmpty()) {
      throw Rejection.invalid(
          "effective_from", "must not be in the past: what has happened stands; now is " + now);
    }
    if (document.version() != 0 && document.version() != next) {
      throw Rejection.of(
          Rejection.Kind.FAILED_PRECONDITION,
          "POLICY_VERSION",
          "the document is version %d of %s, but the next is %d"
              .formatted(document.version(), product, next));
    }
    AppliedPolicy applied =
        new AppliedPolicy(
            product,
            next,
            application.document(),
            from,
            application.retroactive(),
            application.actor(),
            now);
    refuseCircles(document, from);
    return application.validateOnly()
        ? Uni.createFrom().item(applied)
        : aside(() -> wakes(applied, before))
            .chain(wakes -> sql.append(applied, wakes))
            .replaceWith(applied);
  }

  /** Features that depend on products in a circle would never come to rest. */
  private void refuseCircles(PolicyDocument document, Instant from) {
    List<PolicyVersion.Variant> inForce = new ArrayList<>(document.variants());
    known
        .histories()
        .forEach(
            (product, history) -> {
              if (!product.equals(document.product())) {
                inForce.addAll(history.at(from).variants());
              }
            });
    List<String> circle = PolicyCycles.find(inForce);
    if (circle != null) {
      throw Rejection.invalid(
          "document", "features must not depend on products in a circle: " + circle);
    }
  }

  /** Whether services must be looked at when the version begins to govern. */
  private boolean wakes(AppliedPolicy applied, List<AppliedPolicy> before) {
    return !before.isEmpty()
        && (applied.retroactive()
            || !overdue(parsed(applied)).equals(overdue(parsed(before.get(before.size() - 1)))));
  }

  /** What it means by that, for whom. */
  private static List<List<Object>> overdue(PolicyVersion version) {
    return version.variants().stream()
        .map(
            each ->
                Arrays.<Object>asList(each.tier(), each.openedBefore(), each.policy().overdue()))
        .toList();
  }
}
