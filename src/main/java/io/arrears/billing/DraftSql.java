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
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The drafts of bills, and the queue of a bill run: ranges of accounts. */
@ApplicationScoped
class DraftSql {

  private static final String COLUMNS =
      "d.account_id, d.product, d.cycle, d.period_start, d.period_end, d.late, d.epoch,"
          + " d.exact_amount, d.item_count";

  private static final Columns.Shape KEY =
      Columns.shape(
          "account_id text, product text, cycle text, period_start date, late boolean,"
              + " epoch bigint");

  private static final String SAME =
      "(d.account_id, d.product, d.cycle, d.period_start, d.late, d.epoch)"
          + " = (n.account_id, n.product, n.cycle, n.period_start, n.late, n.epoch)"
          + " and d.failure is null";

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

  /** Ranges that share no account, so that those who bill them do not wait for each other. */
  private static final String QUEUE =
      """
      insert into bill_chunk (cycle, first_account, last_account)
      select $1, min(account_id), max(account_id)
      from (
        select account_id, (rank() over (order by account_id) - 1) / $2 as chunk
        from bill_draft where cycle = $1 and failure is null and %s
      ) d
      group by chunk order by chunk
      """;

  private static final String QUEUE_ALL =
      QUEUE.formatted("not exists (select from bill_chunk where cycle = $1)");

  private static final String QUEUE_PART =
      QUEUE.formatted("account_id >= $3 and ($4::text is null or account_id < $4)");

  private static final String NEXT_CHUNK =
      """
      delete from bill_chunk where chunk_id = (
        select chunk_id from bill_chunk where cycle = $1
        order by chunk_id limit 1 for update skip locked)
      returning first_account, last_account
      """;

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
   * Where nothing is queued, queues all that wait, in chunks of so many drafts. Waits for whoever
   * bills a chunk at the moment: until that commits it is in the queue.
   */
  Uni<Void> queue(SqlConnection connection, BillingCycle cycle, int size) {
    return connection
        .query("lock table bill_chunk in share row exclusive mode")
        .execute()
        .chain(() -> connection.preparedQuery(QUEUE_ALL).execute(Tuple.of(cycle.name(), size)))
        .replaceWithVoid();
  }

  /** Queues a part that this transaction has summed, where none of it waited before. */
  Uni<Void> queue(SqlConnection connection, BillingCycle cycle, int size, SumSql.Part part) {
    return connection
        .preparedQuery(QUEUE_PART)
        .execute(Tuple.of(cycle.name(), size, part.firstAccount(), part.beforeAccount()))
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
    wanted.forEach(draft -> keys.add(key(draft)));
    return keys.query(
            connection,
            "delete from bill_draft d using {rows} n where " + SAME + " returning " + COLUMNS)
        .map(DraftSql::drafts);
  }

  private static Object[] key(Draft draft) {
    return new Object[] {
      draft.accountId(),
      draft.product(),
      draft.period().cycle(),
      draft.period().first(),
      draft.late(),
      draft.epoch()
    };
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

  /**
   * Sets a draft aside that waits, with the reason, for a person to look at.
   *
   * @return false if it does not wait any more: it has been billed or set aside by somebody else
   */
  Uni<Boolean> setAside(SqlConnection connection, Draft draft, String failure) {
    Columns keys = KEY.rows();
    keys.add(key(draft));
    return keys.query(
            connection, "update bill_draft d set failure = $7 from {rows} n where " + SAME, failure)
        .map(rows -> rows.rowCount() > 0);
  }

  /** Sets drafts aside that were taken by this transaction, each with its reason. */
  Uni<Void> putBack(SqlConnection connection, Map<Draft, String> failures) {
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
            connection, "insert into bill_draft (" + DRAFT.names() + ") select * from {rows} n")
        .replaceWithVoid();
  }
}
