package io.arrears.billing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.arrears.billing.Intake.Day;
import io.arrears.billing.Intake.Placed;
import io.arrears.billing.Intake.ServiceKey;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Batcher;
import io.arrears.platform.Limits;
import io.arrears.platform.Retention;
import io.arrears.policy.PolicyService;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Takes in items. Every one is judged by itself; the good ones are durable when the answer is
 * given. Nothing but the items is written, save a service's row with its first item and a day's
 * with its first. Small requests that come at the same time are stored together.
 */
@ApplicationScoped
public class IngestionService {

  /** Requests of up to so many items share a commit with others. */
  private static final int SMALL = 100;

  private static final int SMALL_AT_A_TIME = 4;
  private static final int LARGE_AT_A_TIME = 4;

  private final Pool pool;
  private final IngestionSql sql;
  private final PolicyService policies;
  private final ArrearsClock clock;
  private final Retention retention;
  private final Map<Outcome.Kind, Counter> counters = new EnumMap<>(Outcome.Kind.class);
  private final Batcher<List<Item>, List<Outcome>> small;
  private final Batcher<List<Item>, List<Outcome>> large;

  private final KnownServices known = new KnownServices(Runtime.getRuntime().maxMemory() / 4);

  /** Where billing stood when somebody looked; a batch that relies on it finds out if it moved. */
  private volatile Map<Epoch.Key, Epoch> billing = Map.of();

  private final Cache<Day, Boolean> days = Caffeine.newBuilder().maximumSize(100_000).build();

  IngestionService(
      Pool pool,
      IngestionSql sql,
      PolicyService policies,
      ArrearsClock clock,
      Retention retention,
      Vertx vertx,
      Limits limits,
      MeterRegistry meters) {
    this.pool = pool;
    this.sql = sql;
    this.policies = policies;
    this.clock = clock;
    this.retention = retention;
    for (Outcome.Kind kind : Outcome.Kind.values()) {
      counters.put(kind, meters.counter("arrears.items", "outcome", outcome(kind)));
    }
    Batcher.Timer timer = (millis, action) -> vertx.setTimer(millis, id -> action.run());
    this.small =
        new Batcher<>(
            new Batcher.Bounds(SMALL_AT_A_TIME, limits.itemsPerBatch(), limits.callsWaiting()),
            timer,
            new Together());
    this.large =
        new Batcher<>(
            new Batcher.Bounds(LARGE_AT_A_TIME, 1, limits.itemsWaiting()), timer, new Together());
  }

  private static String outcome(Outcome.Kind kind) {
    return switch (kind) {
      case ACCEPTED -> "accepted";
      case DUPLICATE -> "duplicate";
      default -> "rejected";
    };
  }

  /**
   * Stores what is new.
   *
   * @return what became of each, in their order
   */
  public Uni<List<Outcome>> ingest(List<Item> items) {
    if (items.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return (items.size() <= SMALL ? small : large).ask(items);
  }

  /** Counts items that were wrong in themselves, and never came here. */
  public void countInvalid(int items) {
    counters.get(Outcome.Kind.INVALID).increment(items);
  }

  /** Requests that are stored in one transaction. */
  private final class Together implements Batcher.Work<List<Item>, List<Outcome>> {

    @Override
    public int weight(List<Item> items) {
      return items.size();
    }

    @Override
    public Uni<List<Supplier<List<Outcome>>>> answer(List<List<Item>> requests) {
      return store(requests.stream().flatMap(List::stream).toList())
          .map(
              outcomes -> {
                List<Supplier<List<Outcome>>> answers = new ArrayList<>(requests.size());
                int from = 0;
                for (List<Item> request : requests) {
                  List<Outcome> own = outcomes.subList(from, from + request.size());
                  answers.add(() -> own);
                  from += request.size();
                }
                return answers;
              });
    }
  }

  private Uni<List<Outcome>> store(List<Item> items) {
    Intake intake = new Intake(items);
    return pool.withConnection(
            connection ->
                know(connection, intake)
                    .invoke(() -> intake.judge(policies::find, retention.items(), clock.instant()))
                    .chain(() -> place(connection, intake))
                    .onFailure(IngestionSql::dropped)
                    .recoverWithUni(
                        () -> {
                          days.invalidateAll();
                          return place(connection, intake);
                        }))
        .map(stored -> intake.outcomes())
        .invoke(outcomes -> outcomes.forEach(outcome -> counters.get(outcome.kind()).increment()));
  }

  private Uni<Void> know(SqlConnection connection, Intake intake) {
    Set<String> unknown = intake.unknown(known::contains);
    Uni<Void> policies = policies(connection, intake);
    return unknown.isEmpty()
        ? policies
        : policies
            .chain(() -> sql.find(connection, unknown, intake.products()))
            .invoke(intake::found)
            .replaceWithVoid();
  }

  /** A product that nobody knows here may be one that another replica has just been told of. */
  private Uni<Void> policies(SqlConnection connection, Intake intake) {
    boolean known =
        intake.products().stream().allMatch(product -> policies.find(product).isPresent());
    return known ? Uni.createFrom().voidItem() : policies.refresh(connection);
  }

  /** Fails if a day that is known here as open has been dropped. */
  private Uni<Void> place(SqlConnection connection, Intake intake) {
    return openDays(connection, intake)
        .chain(() -> openServices(connection, intake))
        .chain(() -> store(connection, intake));
  }

  /** Those that hold their first item now. */
  private Uni<Void> openDays(SqlConnection connection, Intake intake) {
    Set<Day> unknown = new HashSet<>();
    for (Placed placed : intake.placed()) {
      Item item = placed.item();
      Day day = new Day(item.product(), item.cycle(), placed.usageDay());
      if (days.getIfPresent(day) == null) {
        unknown.add(day);
      }
    }
    Set<LocalDate> dropped = new HashSet<>();
    Uni<Void> all = Uni.createFrom().voidItem();
    for (Day day : unknown) {
      all =
          all.chain(() -> sql.openDay(connection, day))
              .invoke(() -> days.put(day, true))
              .onFailure(IngestionSql::dropped)
              .recoverWithUni(
                  () -> {
                    dropped.add(day.usageDay());
                    return Uni.createFrom().voidItem();
                  });
    }
    return all.invoke(() -> intake.refuse(dropped));
  }

  /** Those that have their first item now. */
  private Uni<Void> openServices(SqlConnection connection, Intake intake) {
    Collection<Item> newlyKnown = intake.newlyKnown();
    Set<ServiceKey> services = intake.toOpen(newlyKnown);
    Uni<Void> open =
        services.isEmpty()
            ? Uni.createFrom().voidItem()
            : sql.openServices(connection, services, clock.instant());
    return open.invoke(() -> newlyKnown.forEach(known::add));
  }

  private Uni<Void> store(SqlConnection connection, Intake intake) {
    if (intake.placed().isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Map<Epoch.Key, Epoch> remembered = billing;
    Uni<Boolean> unchanged =
        intake.noneLate(remembered)
            ? sql.appendUnchanged(connection, intake, remembered)
            : Uni.createFrom().item(false);
    return unchanged
        .chain(done -> done ? Uni.createFrom().voidItem() : storeLooking(connection, intake))
        .invoke(intake::allStored)
        .onFailure(IngestionSql::storedBefore)
        .recoverWithUni(() -> storeNew(connection, intake));
  }

  private Uni<Void> storeLooking(SqlConnection connection, Intake intake) {
    return sql.inTransaction(
        connection,
        intake,
        epochs -> {
          remember(epochs);
          return sql.append(connection, intake.placed(), epochs);
        });
  }

  private synchronized void remember(Map<Epoch.Key, Epoch> epochs) {
    if (!billing.entrySet().containsAll(epochs.entrySet())) {
      Map<Epoch.Key, Epoch> all = new HashMap<>(billing);
      all.putAll(epochs);
      billing = Map.copyOf(all);
    }
  }

  private Uni<Void> storeNew(SqlConnection connection, Intake intake) {
    Set<Item.Key> inserted = new HashSet<>();
    return sql.inTransaction(
            connection,
            intake,
            epochs ->
                sql.appendNew(connection, intake.placed(), epochs)
                    .invoke(inserted::addAll)
                    .replaceWithVoid())
        .chain(
            () ->
                sql.stored(
                    connection,
                    intake.placed().stream().filter(p -> !inserted.contains(p.key())).toList()))
        .invoke(stored -> intake.stored(inserted, stored))
        .replaceWithVoid();
  }
}
