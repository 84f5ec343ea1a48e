package io.arrears.status;

import io.arrears.core.Account;
import io.arrears.lifecycle.LifecycleSql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;

/** Finds accounts, and what is not on a bill yet. */
@ApplicationScoped
class StatusSql {

  private static final String UNBILLED =
      """
      select (select coalesce(sum(i.cost), 0) from billable_item i
              left join billing_epoch e using (product, cycle)
              where i.account_id = $1
                and case when i.late then i.epoch >= coalesce(e.epoch, 1)
                    else i.usage_day > coalesce(e.closed_through, date '0001-01-01') end)
           + (select coalesce(sum(exact_amount), 0) from bill_draft where account_id = $1)
      """;

  /** By the account's own limit, or by what a product's policy means by overdue. */
  private static final String OVERDUE =
      """
      (select account_id from account where overdue_since is not null and account_id > $1 %s)
      union
      (select account_id from service where overdue_since is not null and account_id > $1 %<s)
      """;

  private final LifecycleSql lifecycle;

  StatusSql(LifecycleSql lifecycle) {
    this.lifecycle = lifecycle;
  }

  /** In the order of their ids; unknown ones are not there. */
  Uni<List<Account>> getAll(Pool pool, Collection<String> accountIds) {
    return pool.withConnection(
        connection -> lifecycle.read(connection, accountIds.toArray(String[]::new)));
  }

  Uni<List<Account>> list(Pool pool, StatusService.Filter filter, String after, int size) {
    StringBuilder ids = new StringBuilder("select account_id from account x where account_id > $1");
    Tuple parameters = Tuple.of(after, size);
    if (filter.overdueOnly()) {
      boolean alone = filter.states().isEmpty() && filter.product().isEmpty();
      String page = alone ? "order by account_id limit $2" : "";
      ids.append(" and account_id in (").append(OVERDUE.formatted(page)).append(')');
    }
    if (!filter.states().isEmpty() || !filter.product().isEmpty()) {
      ids.append(" and exists (select from service v where v.account_id = x.account_id");
      if (!filter.states().isEmpty()) {
        parameters.addValue(filter.states().stream().map(Enum::name).toArray(String[]::new));
        ids.append(" and v.state = any($").append(parameters.size()).append(')');
      }
      if (!filter.product().isEmpty()) {
        parameters.addValue(filter.product());
        ids.append(" and v.product = $").append(parameters.size());
      }
      ids.append(')');
    }
    ids.append(" order by account_id limit $2");
    return pool.withConnection(
        connection ->
            connection
                .preparedQuery(ids.toString())
                .execute(parameters)
                .chain(
                    rows ->
                        lifecycle.read(
                            connection,
                            rows.stream().map(row -> row.getString(0)).toArray(String[]::new))));
  }

  Uni<BigDecimal> unbilled(Pool pool, String accountId) {
    return pool.preparedQuery(UNBILLED)
        .execute(Tuple.of(accountId))
        .map(rows -> rows.iterator().next().getBigDecimal(0));
  }
}
