package io.arrears.billing;

import io.arrears.billing.Intake.Day;
import io.arrears.billing.Intake.Placed;
import io.arrears.billing.Intake.ServiceKey;
import io.arrears.core.BillingCycle;
import io.arrears.platform.Columns;
import io.arrears.platform.Times;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Ingestion's statements: each takes a whole batch. */
@ApplicationScoped
class IngestionSql {

  private static final String DUPLICATE_ROW = "23505";
  private static final String NO_PARTITION = "23514";

  private static final Columns.Shape ITEM =
      Columns.shape(
          "account_id text, product text, usage_day date, item_id text, cycle text, late boolean,"
              + " epoch bigint, cost numeric, usage_start timestamptz, usage_end timestamptz,"
              + " sku text, quantity text, unit text");

  private static final Columns.Shape ITEM_KEY =
      Columns.shape("account_id text, product text, usage_day date, item_id text");

  private static final Columns.Shape SERVICE = Columns.shape("account_id text, product text");

  private static final Columns.Shape PRODUCT_CYCLE = Columns.shape("product text, cycle text");

  private static final Columns.Shape LATE = Columns.shape("product text, cycle text, epoch bigint");

  private static final String INSERT =
      "insert into billing_item (" + ITEM.names() + ") select * from {rows} n";

  /** Costs a third of the insert's time: an index probe and a speculative row each. */
  private static final String INSERT_NEW =
      INSERT + " on conflict do nothing returning account_id, product, usage_day, item_id";

  /** Nothing at all, if billing is no longer where it was or one of the services is closed. */
  private static final String INSERT_UNCHANGED =
      INSERT
          + """
             where not exists (
                 select from service where access = 'ERASED' and account_id = any($14))
               and not exists (
                 select from billing_epoch
                 where product = any($15) and product || ':' || cycle = any($16)
                   and product || ':' || cycle || ':' || epoch <> all($17))
            """;

  private static final String STORED =
      """
      select i.* from {rows} n cross join lateral (
        select * from billing_item i
        where (i.account_id, i.product, i.usage_day, i.item_id)
          = (n.account_id, n.product, n.usage_day, n.item_id) limit 1) i
      """;

  private static final String HOLD_OFF =
      """
      select pg_advisory_xact_lock_shared(
        hashtext('billing_epoch'), hashtext(product || ':' || cycle))
      from {rows} n
      """;

  /** By product alone: planned once, as a look for pairs is not. */
  private static final String EPOCHS =
      "select product, cycle, epoch, closed_through from billing_epoch where product = any($1)";

  /** The currency of each account that exists, and its services of these products. */
  Uni<Intake.Found> find(
      SqlConnection connection, Collection<String> accountIds, Collection<String> products) {
    return connection
        .preparedQuery(
            """
            select a.account_id, a.currency, s.product
            from unnest($1::text[]) as n(account_id)
            cross join lateral (
              select * from account where account_id = n.account_id limit 1) a
            left join lateral (
              select product from service
              where account_id = n.account_id and product = any($2) offset 0) s on true
            """)
        .execute(
            Tuple.of(accountIds.toArray(String[]::new), (Object) products.toArray(String[]::new)))
        .map(
            rows -> {
              Map<String, String> currencies = new HashMap<>();
              Set<ServiceKey> opened = new HashSet<>();
              for (Row row : rows) {
                String accountId = row.getString(0);
                currencies.put(accountId, row.getString(1));
                if (row.getString(2) != null) {
                  opened.add(new ServiceKey(accountId, row.getString(2)));
                }
              }
              return new Intake.Found(currencies, opened);
            });
  }

  /**
   * Notes that a day holds items of a product and cycle, and makes its partition; fails, see {@link
   * #dropped}, if the day has been dropped.
   */
  Uni<Void> openDay(SqlConnection connection, Day day) {
    return connection
        .preparedQuery("select ensure_billing_day($1)")
        .execute(Tuple.of(day.usageDay()))
        .chain(
            () ->
                connection
                    .preparedQuery(
                        "insert into billing_day values ($1, $2, $3) on conflict do nothing")
                    .execute(Tuple.of(day.product(), day.cycle().name(), day.usageDay())))
        .replaceWithVoid();
  }

  /** Notes which epochs hold late items, in one order for all who do. */
  private static Uni<Void> noteLate(
      SqlConnection connection, SortedSet<Epoch.Key> late, Map<Epoch.Key, Epoch> epochs) {
    Columns rows = LATE.rows();
    late.forEach(key -> rows.add(key.product(), key.cycle(), epochs.get(key).number()));
    return rows.execute(
            connection,
            """
            insert into billing_late
            select * from {rows} n on conflict do nothing
            """)
        .replaceWithVoid();
  }

  /** Whether {@link #append} found an item that is stored already. */
  static boolean storedBefore(Throwable failure) {
    return failure instanceof PgException pg && DUPLICATE_ROW.equals(pg.getSqlState());
  }

  /** Whether {@link #append} or {@link #openDay} found that a day has been dropped. */
  static boolean dropped(Throwable failure) {
    return failure instanceof PgException pg && NO_PARTITION.equals(pg.getSqlState());
  }

  /**
   * Opens services with their first item. An account that is overdue or restricted at that moment
   * is looked at again at once, so that the new service shares its fate.
   */
  Uni<Void> openServices(SqlConnection connection, Collection<ServiceKey> keys, Instant now) {
    Columns rows = SERVICE.rows();
    keys.forEach(key -> rows.add(key.accountId(), key.product()));
    return rows.execute(
            connection,
            """
            with opened as (
              insert into service (account_id, product, state, state_since, opened_at, access,
                                   generation, observed_generation, moved_at, decided_at)
              select account_id, product, 'ACTIVE', $3, $3, 'ALLOWED', 1, 1, $3, $3
              from {rows} n
              order by account_id, product
              on conflict do nothing
              returning account_id)
            update account a set due_at = least(a.due_at, $3)
            where a.account_id in (
              select account_id from account
              where account_id in (select account_id from opened)
                and (overdue_since is not null
                  or exists (select from restriction r
                             where r.account_id = account.account_id and r.lift_time is null)
                  or exists (select from service s
                             where s.account_id = account.account_id and s.state <> 'ACTIVE'))
              order by account_id for update)
            """,
            now)
        .replaceWithVoid();
  }

  /**
   * A transaction of its own, in one round trip: appends items of which none is stored already, if
   * billing stands where it did; fails, see {@link #storedBefore}, if one is.
   *
   * @param remembered where billing stood, by which none of the items is late
   * @return false if nothing was appended, because billing has moved on or a service is closed
   */
  Uni<Boolean> appendUnchanged(
      SqlConnection connection, Intake intake, Map<Epoch.Key, Epoch> remembered) {
    Collection<Epoch.Key> keys = intake.epochs();
    Uni<Integer> append =
        columns(intake.placed(), remembered)
            .execute(
                connection,
                INSERT_UNCHANGED,
                intake.placedAccountIds().toArray(String[]::new),
                products(keys),
                texts(keys, key -> key.product() + ":" + key.cycle()),
                texts(
                    keys,
                    key -> key.product() + ":" + key.cycle() + ":" + remembered.get(key).number()));
    return Uni.combine()
        .all()
        .unis(
            connection.query("begin").execute(),
            holdOff(connection, keys),
            committed(connection, append))
        .collectFailures()
        .asTuple()
        .map(done -> done.getItem3() > 0);
  }

  /**
   * A transaction of its own, in two round trips, that holds off the closing of periods, and
   * refuses what is of services that are closed; one that failed has left nothing. The commit is
   * sent along with what it commits: after a failure PostgreSQL takes it for a rollback.
   *
   * @param append is told where billing stands
   */
  Uni<Void> inTransaction(
      SqlConnection connection, Intake intake, Function<Map<Epoch.Key, Epoch>, Uni<Void>> append) {
    return begin(connection, intake)
        .call(epochs -> noteLate(connection, intake.late(epochs), epochs))
        .onFailure()
        .call(failure -> connection.query("rollback").execute().onFailure().recoverWithNull())
        .chain(epochs -> committed(connection, append.apply(epochs)));
  }

  /** The last statement of a transaction, together with the commit, whose answer is waited for. */
  private static <T> Uni<T> committed(SqlConnection connection, Uni<T> last) {
    return Uni.combine()
        .all()
        .unis(last, connection.query("commit").execute())
        .collectFailures()
        .with((done, commit) -> done);
  }

  /** Holds off the closing of periods until the transaction ends, and says where billing stands. */
  private static Uni<Map<Epoch.Key, Epoch>> begin(SqlConnection connection, Intake intake) {
    Collection<Epoch.Key> keys = intake.epochs();
    return Uni.combine()
        .all()
        .unis(
            connection.query("begin").execute(),
            closed(connection, intake.placedAccountIds()),
            holdOff(connection, keys),
            connection.preparedQuery(EPOCHS).execute(Tuple.of((Object) products(keys))))
        .asTuple()
        .map(
            found -> {
              intake.refuseClosed(found.getItem2());
              Map<Epoch.Key, Epoch> epochs = new HashMap<>();
              keys.forEach(key -> epochs.put(key, Epoch.FIRST));
              found.getItem4().forEach(row -> epochs.put(Epoch.Key.of(row), Epoch.of(row)));
              return epochs;
            });
  }

  private static Uni<?> holdOff(SqlConnection connection, Collection<Epoch.Key> keys) {
    Columns rows = PRODUCT_CYCLE.rows();
    keys.forEach(key -> rows.add(key.product(), key.cycle()));
    return rows.query(connection, HOLD_OFF);
  }

  private static String[] products(Collection<Epoch.Key> keys) {
    return keys.stream().map(Epoch.Key::product).distinct().toArray(String[]::new);
  }

  private static String[] texts(Collection<Epoch.Key> keys, Function<Epoch.Key, String> text) {
    return keys.stream().map(text).toArray(String[]::new);
  }

  /** Services whose data is erased: nothing more can be billed for them. */
  private static Uni<Set<ServiceKey>> closed(
      SqlConnection connection, Collection<String> accountIds) {
    return connection
        .preparedQuery(
            "select account_id, product from service"
                + " where access = 'ERASED' and account_id = any($1)")
        .execute(Tuple.of((Object) accountIds.toArray(String[]::new)))
        .map(
            rows -> {
              Set<ServiceKey> found = new HashSet<>();
              rows.forEach(row -> found.add(new ServiceKey(row.getString(0), row.getString(1))));
              return found;
            });
  }

  /** Appends items of which none is stored already; fails, see {@link #storedBefore}, if one is. */
  Uni<Void> append(SqlConnection connection, List<Placed> items, Map<Epoch.Key, Epoch> epochs) {
    return columns(items, epochs).execute(connection, INSERT).replaceWithVoid();
  }

  /** Appends; what is stored already stays as it is. Returns the keys of what is new. */
  Uni<Set<Item.Key>> appendNew(
      SqlConnection connection, List<Placed> items, Map<Epoch.Key, Epoch> epochs) {
    return columns(items, epochs)
        .query(connection, INSERT_NEW)
        .map(rows -> rows.stream().map(IngestionSql::key).collect(Collectors.toSet()));
  }

  private static Item.Key key(Row row) {
    return new Item.Key(
        row.getString("account_id"),
        row.getString("product"),
        row.getLocalDate("usage_day"),
        row.getString("item_id"));
  }

  private static Columns columns(List<Placed> items, Map<Epoch.Key, Epoch> epochs) {
    Columns rows = ITEM.rows();
    for (Placed placed : items) {
      Item item = placed.item();
      Epoch epoch = epochs.get(new Epoch.Key(item.product(), item.cycle()));
      rows.add(
          item.accountId(),
          item.product(),
          placed.usageDay(),
          item.itemId(),
          item.cycle(),
          epoch.late(item.cycle(), placed.usageDay()),
          epoch.number(),
          item.cost(),
          item.usageStart(),
          item.usageEnd(),
          item.sku(),
          item.quantity(),
          item.unit());
    }
    return rows;
  }

  /** What is stored under the keys of these items, which are in their accounts' currencies. */
  Uni<Map<Item.Key, Item>> stored(SqlConnection connection, List<Placed> items) {
    Map<String, String> currencies = new HashMap<>();
    Columns rows = ITEM_KEY.rows();
    for (Placed placed : items) {
      Item item = placed.item();
      rows.add(item.accountId(), item.product(), placed.usageDay(), item.itemId());
      currencies.put(item.accountId(), item.currencyCode());
    }
    return rows.query(connection, STORED)
        .map(
            found -> {
              Map<Item.Key, Item> stored = new HashMap<>();
              for (Row row : found) {
                Item item = item(row, currencies.get(row.getString("account_id")));
                stored.put(key(row), item);
              }
              return stored;
            });
  }

  static Item item(Row row, String currency) {
    return new Item(
        row.getString("item_id"),
        row.getString("account_id"),
        row.getString("product"),
        row.getString("sku"),
        BillingCycle.valueOf(row.getString("cycle")),
        row.getBigDecimal("cost"),
        Times.fromRow(row.getOffsetDateTime("usage_start")),
        Times.fromRow(row.getOffsetDateTime("usage_end")),
        row.getString("quantity"),
        row.getString("unit"),
        currency);
  }
}
