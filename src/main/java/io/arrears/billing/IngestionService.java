package io.arrears.billing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.arrears.billing.Ingested.Reason;
import io.arrears.billing.Ingested.Refusal;
import io.arrears.billing.IngestionSql.Placed;
import io.arrears.core.BillingCycle;
import io.arrears.core.Policy;
import io.arrears.platform.ArrearsClock;
import io.arrears.policy.PolicyService;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * Takes in batches of items. Every item is judged by itself; the good ones are durable when the
 * answer is given. Nothing but the items is written, save a service's row with its first item and a
 * day's with its first.
 */
@ApplicationScoped
public class IngestionService {

  private static final int KNOWN_ACCOUNTS = 1_000_000;

  private final Pool pool;
  private final IngestionSql sql;
  private final PolicyService policies;
  private final ArrearsClock clock;
  private final MeterRegistry meters;

  /** An account's currency never changes, so what was once found stays true. */
  private final Cache<String, String> currencies =
      Caffeine.newBuilder().maximumSize(KNOWN_ACCOUNTS).build();

  private final Cache<ServiceKey, Boolean> opened =
      Caffeine.newBuilder().maximumSize(KNOWN_ACCOUNTS).build();

  private final Cache<Day, Boolean> days = Caffeine.newBuilder().maximumSize(100_000).build();

  IngestionService(
      Pool pool,
      IngestionSql sql,
      PolicyService policies,
      ArrearsClock clock,
      MeterRegistry meters) {
    this.pool = pool;
    this.sql = sql;
    this.policies = policies;
    this.clock = clock;
    this.meters = meters;
  }

  /** One product of one account. */
  record ServiceKey(String accountId, String product) {}

  private record Day(String product, BillingCycle cycle, LocalDate usageDay) {}

  /**
   * Stores what is new.
   *
   * @param items by their position in the request; items that are wrong in themselves are not among
   *     them
   */
  public Uni<Ingested> ingest(Map<Integer, Item> items) {
    if (items.isEmpty()) {
      return Uni.createFrom().item(new Ingested(0, 0, List.of()));
    }
    Batch batch = new Batch(items);
    return pool.withConnection(
            connection ->
                know(connection, batch)
                    .invoke(() -> judge(batch))
                    .chain(() -> open(connection, batch))
                    .chain(() -> store(connection, batch)))
        .invoke(this::count);
  }

  private void count(Ingested ingested) {
    meters.counter("arrears.items", "outcome", "accepted").increment(ingested.accepted());
    meters.counter("arrears.items", "outcome", "duplicate").increment(ingested.duplicates());
    meters.counter("arrears.items", "outcome", "rejected").increment(ingested.refusals().size());
  }

  /** A batch on its way. */
  private static final class Batch {
    final Map<Integer, Item> items;
    final Map<String, String> currencies = new HashMap<>();
    final Set<ServiceKey> closed = new HashSet<>();
    final List<Refusal> refusals = new ArrayList<>();
    final Map<Item.Key, Placed> placed = new LinkedHashMap<>();
    int duplicates;

    Batch(Map<Integer, Item> items) {
      this.items = items;
    }

    void refuse(int index, Item item, Reason reason, String message) {
      refusals.add(new Refusal(index, item.itemId(), reason, message));
    }
  }

  private Uni<Void> know(SqlConnection connection, Batch batch) {
    Set<String> unknown = new HashSet<>();
    for (Item item : batch.items.values()) {
      String currency = currencies.getIfPresent(item.accountId());
      if (currency == null) {
        unknown.add(item.accountId());
      } else {
        batch.currencies.put(item.accountId(), currency);
      }
    }
    Uni<Void> closed =
        sql.closed(
                connection, batch.items.values().stream().map(Item::accountId).distinct().toList())
            .invoke(batch.closed::addAll)
            .chain(() -> policies(connection, batch));
    if (unknown.isEmpty()) {
      return closed;
    }
    return closed.chain(() -> currencies(connection, batch, unknown));
  }

  /** A product that nobody knows here may be one that another replica has just been told of. */
  private Uni<Void> policies(SqlConnection connection, Batch batch) {
    boolean known =
        batch.items.values().stream().allMatch(item -> policies.find(item.product()).isPresent());
    return known ? Uni.createFrom().voidItem() : policies.refresh(connection);
  }

  private Uni<Void> currencies(SqlConnection connection, Batch batch, Set<String> unknown) {
    return sql.currencies(connection, unknown)
        .invoke(currencies::putAll)
        .invoke(batch.currencies::putAll)
        .replaceWithVoid();
  }

  private void judge(Batch batch) {
    batch.items.forEach(
        (index, item) -> {
          String currency = batch.currencies.get(item.accountId());
          Optional<Policy> policy = policies.find(item.product());
          if (currency == null) {
            batch.refuse(
                index,
                item,
                Reason.ACCOUNT_NOT_FOUND,
                "account_id: there is no account " + item.accountId());
          } else if (policy.isEmpty()) {
            batch.refuse(
                index,
                item,
                Reason.PRODUCT_NOT_FOUND,
                "product: there is no policy of product " + item.product());
          } else if (!currency.equals(item.currencyCode())) {
            batch.refuse(
                index,
                item,
                Reason.CURRENCY_MISMATCH,
                "currency_code must be the account's, which is " + currency);
          } else if (batch.closed.contains(new ServiceKey(item.accountId(), item.product()))) {
            batch.refuse(
                index,
                item,
                Reason.SERVICE_CLOSED,
                "product: the account's service is cleared; nothing more can be billed");
          } else {
            place(batch, index, item, policy.get().billing().usageDay(item.usageEnd()));
          }
        });
  }

  private static void place(Batch batch, int index, Item item, LocalDate usageDay) {
    Placed placed = new Placed(index, item, usageDay, false, 0);
    Placed first = batch.placed.putIfAbsent(placed.key(), placed);
    if (first != null) {
      compare(batch, placed, first.item());
    }
  }

  private static void compare(Batch batch, Placed placed, Item stored) {
    if (placed.item().equals(stored)) {
      batch.duplicates++;
    } else {
      batch.refuse(
          placed.index(),
          placed.item(),
          Reason.CONFLICT,
          "item_id: an item with this id was stored before with other content");
    }
  }

  /** Days and services that hold their first item now. */
  private Uni<Void> open(SqlConnection connection, Batch batch) {
    Set<Day> newDays = new HashSet<>();
    Set<ServiceKey> newServices = new HashSet<>();
    for (Placed placed : batch.placed.values()) {
      Item item = placed.item();
      Day day = new Day(item.product(), item.cycle(), placed.usageDay());
      if (days.getIfPresent(day) == null) {
        newDays.add(day);
      }
      ServiceKey service = new ServiceKey(item.accountId(), item.product());
      if (opened.getIfPresent(service) == null) {
        newServices.add(service);
      }
    }
    Uni<Void> all = Uni.createFrom().voidItem();
    for (Day day : newDays) {
      all = all.chain(() -> sql.openDay(connection, day.product(), day.cycle(), day.usageDay()));
    }
    if (!newServices.isEmpty()) {
      all = all.chain(() -> sql.openServices(connection, newServices, clock.instant()));
    }
    return all.invoke(
        () -> {
          newDays.forEach(day -> days.put(day, true));
          newServices.forEach(service -> opened.put(service, true));
        });
  }

  private Uni<Ingested> store(SqlConnection connection, Batch batch) {
    if (batch.placed.isEmpty()) {
      return Uni.createFrom().item(new Ingested(0, batch.duplicates, batch.refusals));
    }
    SortedSet<Epoch.Key> keys = new TreeSet<>();
    batch
        .placed
        .values()
        .forEach(p -> keys.add(new Epoch.Key(p.item().product(), p.item().cycle())));
    return append(connection, batch, keys, sql::append)
        .onFailure(IngestionSql::storedBefore)
        .recoverWithUni(() -> append(connection, batch, keys, sql::appendNew))
        .chain(accepted -> answer(connection, batch, accepted));
  }

  /** In a transaction of its own: one that failed has left nothing. */
  private Uni<Integer> append(
      SqlConnection connection,
      Batch batch,
      SortedSet<Epoch.Key> keys,
      BiFunction<SqlConnection, List<Placed>, Uni<Integer>> statement) {
    return connection
        .begin()
        .chain(
            transaction ->
                sql.epochs(connection, keys)
                    .map(epochs -> placedIn(batch, epochs))
                    .call(placed -> sql.noteLate(connection, placed))
                    .chain(placed -> statement.apply(connection, placed))
                    .call(transaction::commit)
                    .onFailure()
                    .call(failure -> transaction.rollback().onFailure().recoverWithNull()));
  }

  private static List<Placed> placedIn(Batch batch, Map<Epoch.Key, Epoch> epochs) {
    List<Placed> all = new ArrayList<>(batch.placed.size());
    for (Placed placed : batch.placed.values()) {
      Item item = placed.item();
      Epoch epoch = epochs.get(new Epoch.Key(item.product(), item.cycle()));
      boolean late = epoch.late(item.cycle(), placed.usageDay());
      all.add(new Placed(placed.index(), item, placed.usageDay(), late, epoch.number()));
    }
    return all;
  }

  /** If some were stored before, looks which of them differ. */
  private Uni<Ingested> answer(SqlConnection connection, Batch batch, int accepted) {
    if (accepted == batch.placed.size()) {
      return Uni.createFrom().item(new Ingested(accepted, batch.duplicates, batch.refusals));
    }
    List<Placed> placed = List.copyOf(batch.placed.values());
    return sql.stored(connection, placed, batch.currencies)
        .map(
            stored -> {
              int conflicts = 0;
              for (Placed each : placed) {
                Item before = stored.get(each.key());
                if (before != null && !each.item().equals(before)) {
                  compare(batch, each, before);
                  conflicts++;
                }
              }
              int repeated = placed.size() - accepted - conflicts;
              return new Ingested(accepted, batch.duplicates + repeated, batch.refusals);
            });
  }
}
