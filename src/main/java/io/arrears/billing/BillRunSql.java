package io.arrears.billing;

import io.arrears.account.BillEntity;
import io.arrears.core.BillingCycle;
import io.arrears.core.Spending;
import io.arrears.platform.Columns;
import io.arrears.platform.Times;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The statements of a bill run: close a period, and write what its drafts have become. */
@ApplicationScoped
class BillRunSql {

  private static final Columns.Shape THROUGH = Columns.shape("product text, through date");

  private static final Columns.Shape PERIOD =
      Columns.shape("account_id text, product text, cycle text, period_start date");

  private static final Columns.Shape BILL =
      Columns.shape(
          "account_id text, product text, cycle text, period_start date, supplement int,"
              + " period_end date, epoch bigint, amount numeric, exact_amount numeric,"
              + " item_count bigint, late_item_count bigint, generated_at timestamptz,"
              + " unpaid numeric, due_at timestamptz");

  /** Waits for nobody: to wait for many, while others wait for this, could be for ever. */
  private static final String LOCK_FREE =
      """
      select product from {rows} n
      where pg_try_advisory_xact_lock(hashtext('billing_epoch'), hashtext(product || ':' || $3))
      """;

  private static final String CLOSE_EMPTY =
      """
      with n as (
        select n.product, n.through, e.closed_through, coalesce(e.epoch, 1) as epoch,
               exists (select from billing_day d
                       where d.product = n.product and d.cycle = $3 and d.usage_day <= n.through
                         and d.usage_day > coalesce(e.closed_through, date '0001-01-01'))
               or exists (select from billing_late l
                          where l.product = n.product and l.cycle = $3
                            and l.epoch = coalesce(e.epoch, 1)) as filled
        from {rows} n
        left join billing_epoch e on e.product = n.product and e.cycle = $3
      ), closed as (
        insert into billing_epoch (product, cycle, epoch, closed_through)
        select product, $3, epoch + 1, through from n
        where not filled and (closed_through is null or closed_through < through)
        on conflict (product, cycle) do update
          set epoch = excluded.epoch, closed_through = excluded.closed_through
      )
      select product from n where filled
      """;

  /** Where billing stands; no row is needed before the first run. */
  Uni<Epoch> epoch(SqlConnection connection, Epoch.Key key) {
    return connection
        .preparedQuery(
            "select epoch, closed_through from billing_epoch where product = $1 and cycle = $2")
        .execute(Tuple.of(key.product(), key.cycle().name()))
        .map(rows -> rows.size() == 0 ? Epoch.FIRST : Epoch.of(rows.iterator().next()));
  }

  /** The first day after one that holds items; null if there is none up to {@code through}. */
  Uni<LocalDate> firstDay(
      SqlConnection connection, Epoch.Key key, LocalDate after, LocalDate through) {
    return connection
        .preparedQuery(
            """
            select min(usage_day) from billing_day
            where product = $1 and cycle = $2 and usage_day > coalesce($3, date '0001-01-01')
              and usage_day <= $4
            """)
        .execute(Tuple.of(key.product(), key.cycle().name(), after, through))
        .map(rows -> rows.iterator().next().getLocalDate(0));
  }

  /** Whether late items wait for a bill. */
  Uni<Boolean> hasLate(SqlConnection connection, Epoch.Key key, long epoch) {
    return connection
        .preparedQuery(
            "select exists (select from billing_late where product = $1 and cycle = $2 and epoch = $3)")
        .execute(Tuple.of(key.product(), key.cycle().name(), epoch))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /** Waits for the batches in flight; items that come later belong to the next epoch. */
  Uni<Epoch> lock(SqlConnection connection, Epoch.Key key) {
    return connection
        .preparedQuery(
            "select pg_advisory_xact_lock(hashtext('billing_epoch'), hashtext($1 || ':' || $2))")
        .execute(Tuple.of(key.product(), key.cycle().name()))
        .chain(() -> epoch(connection, key));
  }

  /** Moves the epoch on. */
  Uni<Void> close(SqlConnection connection, Epoch.Key key, Epoch from, LocalDate through) {
    return connection
        .preparedQuery("delete from billing_late where product = $1 and cycle = $2 and epoch <= $3")
        .execute(Tuple.of(key.product(), key.cycle().name(), from.number()))
        .chain(() -> move(connection, key, from, through));
  }

  private static Uni<Void> move(
      SqlConnection connection, Epoch.Key key, Epoch from, LocalDate through) {
    return connection
        .preparedQuery(
            """
            insert into billing_epoch (product, cycle, epoch, closed_through)
            values ($1, $2, $3, $4)
            on conflict (product, cycle) do update
              set epoch = excluded.epoch, closed_through = excluded.closed_through
            """)
        .execute(Tuple.of(key.product(), key.cycle().name(), from.number() + 1, through))
        .replaceWithVoid();
  }

  /**
   * Of products of which nobody is sending items at the moment, counts everything as closed where
   * nothing is to be summed.
   *
   * @param through by product, the last day to close
   * @return the products of which something is to be summed, or somebody was sending items
   */
  Uni<List<String>> closeEmpty(
      SqlConnection connection, BillingCycle cycle, Map<String, LocalDate> through) {
    Columns wanted = THROUGH.rows();
    through.forEach(wanted::add);
    return wanted
        .query(connection, LOCK_FREE, cycle)
        .map(rows -> rows.stream().map(row -> row.getString("product")).toList())
        .chain(locked -> closeEmpty(connection, cycle, through, locked));
  }

  private static Uni<List<String>> closeEmpty(
      SqlConnection connection,
      BillingCycle cycle,
      Map<String, LocalDate> through,
      List<String> locked) {
    Columns free = THROUGH.rows();
    locked.forEach(product -> free.add(product, through.get(product)));
    return free.query(connection, CLOSE_EMPTY, cycle)
        .map(
            rows -> {
              List<String> left = new ArrayList<>(through.keySet());
              left.removeAll(locked);
              rows.forEach(row -> left.add(row.getString("product")));
              left.sort(null);
              return left;
            });
  }

  /** The newest supplement of each period that has a bill. */
  Uni<Map<BillEntity.Key, Integer>> supplements(SqlConnection connection, List<Draft> drafts) {
    Columns rows = periods(drafts);
    if (rows.size() == 0) {
      return Uni.createFrom().item(Map.of());
    }
    return rows.query(
            connection,
            """
            select n.*, b.supplement as newest from {rows} n cross join lateral (
              select supplement from bill b
              where (b.account_id, b.product, b.cycle, b.period_start)
                = (n.account_id, n.product, n.cycle, n.period_start)
              order by supplement desc limit 1) b
            """)
        .map(
            found -> {
              Map<BillEntity.Key, Integer> newest = new HashMap<>();
              for (Row row : found) {
                newest.put(
                    new BillEntity.Key(
                        row.getString("account_id"),
                        row.getString("product"),
                        BillingCycle.valueOf(row.getString("cycle")),
                        row.getLocalDate("period_start"),
                        0),
                    row.getInteger("newest"));
              }
              return newest;
            });
  }

  /** What accounts were charged of late. */
  Uni<Map<String, Spending>> spending(
      SqlConnection connection, List<String> accountIds, Instant now) {
    return connection
        .preparedQuery(
            """
            select account_id, -sum(amount) as charged, min(at) as since from ledger_entry
            where account_id = any($1) and kind = 'CHARGE' and at > $2
            group by account_id
            """)
        .execute(
            Tuple.of(accountIds.toArray(String[]::new), Times.toRow(now.minus(Spending.WINDOW))))
        .map(
            rows -> {
              Map<String, Spending> found = new HashMap<>();
              for (Row row : rows) {
                found.put(
                    row.getString("account_id"),
                    new Spending(
                        row.getBigDecimal("charged"),
                        Times.fromRow(row.getOffsetDateTime("since"))));
              }
              return found;
            });
  }

  private static Columns periods(List<Draft> drafts) {
    Columns rows = PERIOD.rows();
    for (Draft draft : drafts) {
      if (draft.late()) {
        rows.add(
            draft.accountId(), draft.product(), draft.period().cycle(), draft.period().first());
      }
    }
    return rows;
  }

  Uni<Void> insertBills(SqlConnection connection, Collection<BillEntity> bills) {
    Columns rows = BILL.rows();
    for (BillEntity bill : bills) {
      rows.add(
          bill.accountId,
          bill.product,
          bill.cycle,
          bill.periodStart,
          bill.supplement,
          bill.periodEnd,
          bill.epoch,
          bill.amount,
          bill.exactAmount,
          bill.itemCount,
          bill.lateItemCount,
          bill.generatedAt,
          bill.unpaid,
          bill.dueAt);
    }
    return rows.execute(
            connection, "insert into bill (" + BILL.names() + ") select * from {rows} n")
        .replaceWithVoid();
  }
}
