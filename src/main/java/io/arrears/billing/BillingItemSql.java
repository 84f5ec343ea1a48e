package io.arrears.billing;

import io.arrears.account.BillEntity;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Reads items: which a bill holds follows from its period and epoch. */
@ApplicationScoped
public class BillingItemSql {

  private static final String PAGE_ORDER =
      " and (i.usage_day, i.product, i.item_id) > ($2, $3, $4)"
          + " order by i.usage_day, i.product, i.item_id limit $5";

  private static final String SELECT =
      "select i.*, a.currency from %s i join account a using (account_id) where i.account_id = $1";

  private final Pool pool;

  BillingItemSql(Pool pool) {
    this.pool = pool;
  }

  /** An item and where it stands in a list. */
  public record Listed(Item item, Position position) {}

  /** A place in a list of one account's items. */
  public record Position(LocalDate usageDay, String product, String itemId) {

    /** Before the first. */
    public static final Position START = new Position(LocalDate.of(1, 1, 1), "", "");
  }

  /** The items behind a bill. */
  public Uni<List<Listed>> ofBill(BillEntity bill, Position after, int size) {
    Tuple parameters = page(bill.accountId, after, size);
    parameters
        .addValue(bill.product)
        .addValue(bill.cycle.name())
        .addValue(bill.periodStart)
        .addValue(bill.periodEnd);
    return list(
        SELECT.formatted("billable_item")
            + " and i.product = $6 and i.cycle = $7"
            + " and i.usage_day between $8 and $9"
            + which(bill)
            + PAGE_ORDER,
        parameters);
  }

  private static String which(BillEntity bill) {
    return bill.supplement == 0 ? " and not i.late" : " and i.late and i.epoch = " + bill.epoch;
  }

  /**
   * The newest day whose items were dropped, if that has taken items from this bill; null if all of
   * them are there. Asked after a page was read, it is true of that page.
   */
  public Uni<LocalDate> droppedFrom(BillEntity bill) {
    return pool.preparedQuery(
            "select items_dropped_through from installation where items_dropped_through >= $4"
                + " and $6 > (select count(*) from billable_item i where i.account_id = $1"
                + " and i.product = $2 and i.cycle = $3 and i.usage_day between $4 and $5"
                + which(bill)
                + ")")
        .execute(
            Tuple.tuple(
                List.of(
                    bill.accountId,
                    bill.product,
                    bill.cycle.name(),
                    bill.periodStart,
                    bill.periodEnd,
                    bill.itemCount)))
        .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getLocalDate(0));
  }

  /** The items of an account that no bill holds yet. */
  public Uni<List<Listed>> unbilled(String accountId, Position after, int size) {
    return list(SELECT.formatted("unbilled_item") + PAGE_ORDER, page(accountId, after, size));
  }

  private static Tuple page(String accountId, Position after, int size) {
    return Tuple.of(accountId, after.usageDay(), after.product(), after.itemId(), size);
  }

  private Uni<List<Listed>> list(String sql, Tuple parameters) {
    return pool.preparedQuery(sql).execute(parameters).map(BillingItemSql::listed);
  }

  private static List<Listed> listed(RowSet<Row> rows) {
    List<Listed> items = new ArrayList<>(rows.size());
    for (Row row : rows) {
      Item item = IngestionSql.item(row, row.getString("currency"));
      items.add(
          new Listed(
              item, new Position(row.getLocalDate("usage_day"), item.product(), item.itemId())));
    }
    return items;
  }
}
