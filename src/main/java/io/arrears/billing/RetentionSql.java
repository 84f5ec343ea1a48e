package io.arrears.billing;

import io.arrears.core.BillingCycle;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** The statements that drop the items of whole days. */
@ApplicationScoped
class RetentionSql {

  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String DEADLOCK = "40P01";

  private static final String DAYS =
      """
      select to_date(right(c.relname, 8), 'YYYYMMDD') as day
      from pg_inherits h join pg_class c on c.oid = h.inhrelid
      where h.inhparent = 'billing_item'::regclass order by 1
      """;

  /** The day is written out, so that the plan has no other partition in it. */
  private static final String UNBILLED =
      """
      select d.product, d.cycle from billing_day d left join billing_epoch e using (product, cycle)
      where d.usage_day = date '%1$s'
        and (e.closed_through is null or e.closed_through < d.usage_day
          or exists (select from billing_sum s where s.product = d.product and s.cycle = d.cycle)
          or exists (select from bill_draft b where b.product = d.product and b.cycle = d.cycle
                       and date '%1$s' between b.period_start and b.period_end)
          or exists (select from billing_item i where i.usage_day = date '%1$s'
                       and i.product = d.product and i.cycle = d.cycle
                       and i.late and i.epoch >= e.epoch))
      order by d.product, d.cycle
      """;

  /** The usage days that have a partition, the oldest first. */
  Uni<List<LocalDate>> days(SqlConnection connection) {
    return connection
        .query(DAYS)
        .execute()
        .map(rows -> rows.stream().map(row -> row.getLocalDate("day")).toList());
  }

  /**
   * Of which products and cycles a day holds items that no bill holds: their period is open, late
   * ones wait for the next bill run, something is to be summed, or a draft waits, set aside or not.
   */
  Uni<List<Epoch.Key>> unbilled(SqlConnection connection, LocalDate day) {
    return connection
        .query(UNBILLED.formatted(day))
        .execute()
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Epoch.Key(
                                row.getString("product"),
                                BillingCycle.valueOf(row.getString("cycle"))))
                    .toList());
  }

  /**
   * Waits for all who read or write items, and holds off others until the transaction ends. The
   * parent comes first, as with everybody who reaches a partition through it: nobody deadlocks.
   */
  Uni<Void> lock(SqlConnection connection, Duration wait) {
    return connection
        .preparedQuery("select set_config('lock_timeout', $1, true)")
        .execute(Tuple.of(wait.toMillis() + "ms"))
        .chain(() -> connection.query("lock table only billing_item").execute())
        .replaceWithVoid();
  }

  /** Whether somebody else held what {@link #lock} or {@link #drop} needs. */
  static boolean locked(Throwable failure) {
    return failure instanceof PgException pg
        && (LOCK_NOT_AVAILABLE.equals(pg.getSqlState()) || DEADLOCK.equals(pg.getSqlState()));
  }

  /** Drops a day and what was noted of it, and remembers that it is not to be opened again. */
  Uni<Void> drop(SqlConnection connection, LocalDate day) {
    return connection
        .query("drop table if exists billing_item_" + DateTimeFormatter.BASIC_ISO_DATE.format(day))
        .execute()
        .chain(
            () ->
                connection
                    .preparedQuery("delete from billing_day where usage_day = $1")
                    .execute(Tuple.of(day)))
        .chain(
            () ->
                connection
                    .preparedQuery(
                        """
                        update installation
                        set items_dropped_through = greatest(items_dropped_through, $1)
                        """)
                    .execute(Tuple.of(day)))
        .replaceWithVoid();
  }
}
