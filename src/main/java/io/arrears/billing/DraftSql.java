package io.arrears.billing;

import static io.arrears.platform.Columns.Type.BOOLEAN;
import static io.arrears.platform.Columns.Type.DATE;
import static io.arrears.platform.Columns.Type.LONG;
import static io.arrears.platform.Columns.Type.TEXT;

import io.arrears.core.BillingCycle;
import io.arrears.core.BillingPeriod;
import io.arrears.platform.Cells;
import io.arrears.platform.Columns;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/** The drafts of bills: the work queue of a bill run. */
@ApplicationScoped
class DraftSql {

  private static final String COLUMNS =
      "d.account_id, d.product, d.cycle, d.period_start, d.period_end, d.late, d.epoch,"
          + " d.exact_amount, d.item_count";

  /** Of the keys of drafts, as {@link #drafts} makes them. */
  private static final String KEYS =
      """
       unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::boolean[], $6::bigint[])
         as n(account_id, product, cycle, period_start, late, epoch)
       where (d.account_id, d.product, d.cycle, d.period_start, d.late, d.epoch)
           = (n.account_id, n.product, n.cycle, n.period_start, n.late, n.epoch)
      """;

  Uni<Boolean> hasDrafts(SqlConnection connection, BillingCycle cycle) {
    return connection
        .preparedQuery(
            "select exists (select from bill_draft where cycle = $1 and failure is null)")
        .execute(Tuple.of(cycle.name()))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  /** Claims drafts of a cycle, passing over those that somebody else bills. */
  Uni<List<Draft>> claim(SqlConnection connection, BillingCycle cycle, int size) {
    return connection
        .preparedQuery(
            "select "
                + COLUMNS
                + """
                   from bill_draft d where d.cycle = $1 and d.failure is null
                  order by d.epoch, d.account_id, d.product limit $2 for update skip locked
                  """)
        .execute(Tuple.of(cycle.name(), size))
        .map(rows -> rows.stream().map(DraftSql::draft).toList());
  }

  /** Claims these of them that are still to be billed. */
  Uni<List<Draft>> claim(SqlConnection connection, List<Draft> wanted) {
    return connection
        .preparedQuery(
            "select "
                + COLUMNS
                + " from bill_draft d, "
                + KEYS
                + " and d.failure is null order by d.epoch, d.account_id, d.product"
                + " for update of d skip locked")
        .execute(drafts(wanted).tuple())
        .map(rows -> rows.stream().map(DraftSql::draft).toList());
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

  Uni<Void> delete(SqlConnection connection, List<Draft> drafts) {
    return drafts(drafts)
        .execute(connection, "delete from bill_draft d using " + KEYS)
        .replaceWithVoid();
  }

  /** Sets drafts aside that cannot become a bill, each with its reason, for a person to look at. */
  Uni<Void> setAside(SqlConnection connection, Map<Draft, String> failures) {
    Columns rows = new Columns(TEXT, TEXT, TEXT, DATE, BOOLEAN, LONG, TEXT);
    failures.forEach(
        (draft, failure) ->
            rows.add(
                draft.accountId(),
                draft.product(),
                draft.period().cycle(),
                draft.period().first(),
                draft.late(),
                draft.epoch(),
                failure));
    return rows.execute(
            connection,
            """
            update bill_draft d set failure = n.failure
            from unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::boolean[],
                        $6::bigint[], $7::text[])
              as n(account_id, product, cycle, period_start, late, epoch, failure)
            where (d.account_id, d.product, d.cycle, d.period_start, d.late, d.epoch)
                = (n.account_id, n.product, n.cycle, n.period_start, n.late, n.epoch)
            """)
        .replaceWithVoid();
  }

  private static Columns drafts(List<Draft> drafts) {
    Columns rows = new Columns(TEXT, TEXT, TEXT, DATE, BOOLEAN, LONG);
    for (Draft draft : drafts) {
      rows.add(
          draft.accountId(),
          draft.product(),
          draft.period().cycle(),
          draft.period().first(),
          draft.late(),
          draft.epoch());
    }
    return rows;
  }
}
