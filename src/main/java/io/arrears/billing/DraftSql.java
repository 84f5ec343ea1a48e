package io.arrears.billing;

import io.arrears.core.BillingCycle;
import io.arrears.core.BillingPeriod;
import io.arrears.platform.Cells;
import io.arrears.platform.Columns;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The drafts of bills, from their sums on, and the queue of a bill run: ranges of accounts. */
@ApplicationScoped
class DraftSql {

  private static final String COLUMNS =
      "d.account_id, d.product, d.cycle, d.period_start, d.period_end, d.late, d.epoch,"
          + " d.exact_amount, d.item_count";

  private static final Columns.Shape KEY =
      Columns.shape(
          "account_id text, product text, cycle text, period_start date, late boolean,"
              + " epoch bigint");

  private static final Columns.Shape DRAFT =
      Columns.shape(
          "account_id text, product text, cycle text, period_start date, period_end date,"
              + " late boolean, epoch bigint, exact_amount numeric, item_count bigint,"
              + " failure text");

  private static final Comparator<Draft> ORDER =
      Comparator.comparingLong(Draft::epoch)
          .thenComparing(Draft::accountId)
          .thenComparing(Draft::product)
          .thenComparing(Draft::late)
          .thenComparing(draft -> draft.period().first());

  private static final String QUEUE =
      """
      insert into bill_chunk (cycle, first_account, last_account)
      select $1, min(account_id), max(account_id)
      from (
        select account_id, (row_number() over (order by account_id) - 1) / $2 as chunk
        from bill_draft where cycle = $1 and failure is null and %s
      ) d
      group by chunk order by chunk
      """;

  private static final String NEXT_CHUNK =
      """
      delete from bill_chunk where chunk_id = (
        select chunk_id from bill_chunk where cycle = $1
        order by chunk_id limit 1 for update skip locked)
      returning first_account, last_account
      """;

  /** The closed period that was closed first of those that are still to be summed. */
  private static final String NEXT_SUM =
      """
      delete from billing_sum where (cycle, epoch, product) = (
        select cycle, epoch, product from billing_sum where cycle = $1
        order by epoch, product limit 1 for update)
      returning product, epoch, period_start, period_end
      """;

  private static final String OWN_ITEMS =
      " from billable_item where product = $1 and cycle = $2 and usage_day between $3 and $4"
          + " and not late";

  private static final String LATE_ITEMS =
      " from billable_item where product = $1 and cycle = $2 and late and epoch = $3";

  private static final String LATE_PERIOD =
      " case when cycle = 'DAILY' then usage_day"
          + " else date_trunc('month', usage_day)::date end";

  private static final String LATE_PERIOD_END =
      " case when cycle = 'DAILY' then max(usage_day)"
          + " else (date_trunc('month', max(usage_day)) + interval '1 month - 1 day')::date end";

  /** Whether anything waits for a bill, summed or not. */
  Uni<Boolean> hasDrafts(SqlConnection connection, BillingCycle cycle) {
    return connection
        .preparedQuery(
            "select exists (select from bill_draft where cycle = $1 and failure is null)"
                + " or exists (select from billing_sum where cycle = $1)")
        .execute(Tuple.of(cycle.name()))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /**
   * Notes with the closing of a period that it is to be summed.
   *
   * @param period null if nothing but what came late
   */
  Uni<Void> sumLater(SqlConnection connection, Epoch.Key key, long epoch, BillingPeriod period) {
    return connection
        .preparedQuery("insert into billing_sum values ($1, $2, $3, $4, $5)")
        .execute(
            Tuple.of(
                key.product(),
                key.cycle().name(),
                epoch,
                period == null ? null : period.first(),
                period == null ? null : period.last()))
        .replaceWithVoid();
  }

  /**
   * Sums what was closed first into drafts, and queues them in chunks of so many.
   *
   * @param megabytes of PostgreSQL's memory to do that in: with 256 a million accounts take 10 s,
   *     with its default 15
   * @return false if nothing is to be summed
   */
  Uni<Boolean> sumNext(SqlConnection connection, BillingCycle cycle, int size, int megabytes) {
    return connection
        .preparedQuery(NEXT_SUM)
        .execute(Tuple.of(cycle.name()))
        .chain(
            rows ->
                rows.size() == 0
                    ? Uni.createFrom().item(false)
                    : connection
                        .preparedQuery("select set_config('work_mem', $1, true)")
                        .execute(Tuple.of(megabytes + "MB"))
                        .chain(() -> sum(connection, cycle, rows.iterator().next(), size))
                        .replaceWith(true));
  }

  private static Uni<Void> sum(SqlConnection connection, BillingCycle cycle, Row closed, int size) {
    Epoch.Key key = new Epoch.Key(closed.getString("product"), cycle);
    long epoch = closed.getLong("epoch");
    LocalDate first = closed.getLocalDate("period_start");
    Uni<Void> own =
        first == null
            ? Uni.createFrom().voidItem()
            : draftOwn(
                connection,
                key,
                new BillingPeriod(cycle, first, closed.getLocalDate("period_end")),
                epoch);
    return own.chain(() -> draftLate(connection, key, epoch))
        .chain(() -> queue(connection, key, epoch, size));
  }

  /** Sums a period's own items into drafts, one an account, those of a chunk side by side. */
  private static Uni<Void> draftOwn(
      SqlConnection connection, Epoch.Key key, BillingPeriod period, long epoch) {
    return connection
        .preparedQuery(
            """
            insert into bill_draft (account_id, product, cycle, period_start, period_end, late,
                                    epoch, exact_amount, item_count)
            select account_id, $1, $2, $3, $4, false, $5, sum(cost), count(*)
            """
                + OWN_ITEMS
                + " group by account_id order by account_id")
        .execute(
            Tuple.tuple(
                List.of(key.product(), key.cycle().name(), period.first(), period.last(), epoch)))
        .replaceWithVoid();
  }

  /** Sums the late items of an epoch into drafts, one an account and period. */
  private static Uni<Void> draftLate(SqlConnection connection, Epoch.Key key, long epoch) {
    return connection
        .preparedQuery(
            "insert into bill_draft (account_id, product, cycle, period_start, period_end, late,"
                + " epoch, exact_amount, item_count) select account_id, product, cycle,"
                + LATE_PERIOD
                + ","
                + LATE_PERIOD_END
                + ", true, epoch, sum(cost), count(*)"
                + LATE_ITEMS
                + " group by account_id, product, cycle, epoch,"
                + LATE_PERIOD
                + " order by account_id")
        .execute(Tuple.of(key.product(), key.cycle().name(), epoch))
        .replaceWithVoid();
  }

  /** How many drafts the sums of these days would be, for a look ahead. */
  Uni<Long> countOwn(SqlConnection connection, Epoch.Key key, LocalDate after, LocalDate through) {
    return connection
        .preparedQuery("select count(distinct (account_id," + LATE_PERIOD + "))" + OWN_ITEMS)
        .execute(
            Tuple.of(
                key.product(),
                key.cycle().name(),
                after == null ? LocalDate.of(1, 1, 1) : after.plusDays(1),
                through))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  Uni<Long> countLate(SqlConnection connection, Epoch.Key key, long epoch) {
    return connection
        .preparedQuery("select count(distinct (account_id," + LATE_PERIOD + "))" + LATE_ITEMS)
        .execute(Tuple.of(key.product(), key.cycle().name(), epoch))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /** Queues the drafts of an epoch in chunks of so many. */
  private static Uni<Void> queue(SqlConnection connection, Epoch.Key key, long epoch, int size) {
    return connection
        .preparedQuery(QUEUE.formatted("product = $3 and epoch = $4"))
        .execute(Tuple.of(key.cycle().name(), size, key.product(), epoch))
        .replaceWithVoid();
  }

  /** Where nothing is queued, queues what there is: a draft that was given back, say. */
  Uni<Void> queueRest(SqlConnection connection, BillingCycle cycle, int size) {
    return connection
        .preparedQuery(QUEUE.formatted("not exists (select from bill_chunk where cycle = $1)"))
        .execute(Tuple.of(cycle.name(), size))
        .replaceWithVoid();
  }

  /**
   * Takes the drafts of the next chunk that has any, passing over chunks that somebody else bills;
   * none if nothing is queued.
   */
  Uni<List<Draft>> claim(SqlConnection connection, BillingCycle cycle) {
    return connection
        .preparedQuery(NEXT_CHUNK)
        .execute(Tuple.of(cycle.name()))
        .chain(
            rows ->
                rows.size() == 0
                    ? Uni.createFrom().item(List.<Draft>of())
                    : take(connection, cycle, rows.iterator().next())
                        .chain(
                            taken ->
                                taken.isEmpty()
                                    ? claim(connection, cycle)
                                    : Uni.createFrom().item(taken)));
  }

  /**
   * The bounds are selected, so that the planner does not know them: to estimate how many drafts
   * are between them it would read the index from its beginning, over all that are deleted.
   */
  private static Uni<List<Draft>> take(SqlConnection connection, BillingCycle cycle, Row chunk) {
    return connection
        .preparedQuery(
            "delete from bill_draft d where account_id >= (select $1) and account_id <= (select $2)"
                + " and cycle = $3 and failure is null returning "
                + COLUMNS)
        .execute(
            Tuple.of(
                chunk.getString("first_account"), chunk.getString("last_account"), cycle.name()))
        .map(DraftSql::drafts);
  }

  /** Takes those of these drafts that are still to be billed. */
  Uni<List<Draft>> claim(SqlConnection connection, List<Draft> wanted) {
    Columns keys = KEY.rows();
    for (Draft draft : wanted) {
      keys.add(
          draft.accountId(),
          draft.product(),
          draft.period().cycle(),
          draft.period().first(),
          draft.late(),
          draft.epoch());
    }
    return keys.query(
            connection,
            """
            delete from bill_draft d
            using {rows} n
            where (d.account_id, d.product, d.cycle, d.period_start, d.late, d.epoch)
                = (n.account_id, n.product, n.cycle, n.period_start, n.late, n.epoch)
              and d.failure is null
            returning\s"""
                + COLUMNS)
        .map(DraftSql::drafts);
  }

  /** In the order in which an account's bills are made. */
  private static List<Draft> drafts(RowSet<Row> rows) {
    return rows.stream().map(DraftSql::draft).sorted(ORDER).toList();
  }

  private static Draft draft(Row row) {
    Cells cells = Cells.of(row, "account_id");
    return new Draft(
        cells.text(),
        cells.text(),
        new BillingPeriod(BillingCycle.valueOf(cells.text()), cells.date(), cells.date()),
        cells.flag(),
        cells.number(),
        cells.decimal(),
        cells.number());
  }

  /** Sets drafts aside that cannot become a bill, each with its reason, for a person to look at. */
  Uni<Void> setAside(SqlConnection connection, Map<Draft, String> failures) {
    Columns rows = DRAFT.rows();
    failures.forEach(
        (draft, failure) ->
            rows.add(
                draft.accountId(),
                draft.product(),
                draft.period().cycle(),
                draft.period().first(),
                draft.period().last(),
                draft.late(),
                draft.epoch(),
                draft.exactAmount(),
                draft.itemCount(),
                failure));
    return rows.execute(
            connection,
            "insert into bill_draft ("
                + DRAFT.names()
                + ") select * from {rows} n on conflict ("
                + KEY.names()
                + ") do update set failure = excluded.failure")
        .replaceWithVoid();
  }
}
