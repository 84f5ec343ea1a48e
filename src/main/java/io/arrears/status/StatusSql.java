package io.arrears.status;

import io.arrears.account.AccountSql;
import io.arrears.core.Account;
import io.arrears.core.Service;
import io.arrears.lifecycle.CircumstanceSql;
import io.arrears.lifecycle.LifecycleSql;
import io.arrears.lifecycle.ServiceSql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Accounts with their services, one statement however many. */
@ApplicationScoped
class StatusSql {

  private static final String JOINED =
      "select "
          + AccountSql.COLUMNS
          + ", "
          + ServiceSql.COLUMNS
          + " from account a left join service s using (account_id)";

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
  private final CircumstanceSql circumstances;

  StatusSql(LifecycleSql lifecycle, CircumstanceSql circumstances) {
    this.lifecycle = lifecycle;
    this.circumstances = circumstances;
  }

  Uni<List<Account>> getAll(Pool pool, Collection<String> accountIds) {
    return pool.preparedQuery(JOINED + " where a.account_id = any($1)")
        .execute(Tuple.of((Object) accountIds.toArray(String[]::new)))
        .chain(rows -> accounts(pool, rows));
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
    return pool.preparedQuery(
            JOINED + " where a.account_id in (" + ids + ") order by a.account_id, s.product")
        .execute(parameters)
        .chain(rows -> accounts(pool, rows));
  }

  Uni<BigDecimal> unbilled(Pool pool, String accountId) {
    return pool.preparedQuery(UNBILLED)
        .execute(Tuple.of(accountId))
        .map(rows -> rows.iterator().next().getBigDecimal(0));
  }

  private Uni<List<Account>> accounts(Pool pool, RowSet<Row> rows) {
    Map<String, Account.State> states = new LinkedHashMap<>();
    Map<String, List<Service>> services = new LinkedHashMap<>();
    for (Row row : rows) {
      String accountId = row.getString("account_id");
      states.computeIfAbsent(accountId, id -> AccountSql.state(row));
      List<Service> opened = services.computeIfAbsent(accountId, id -> new ArrayList<>());
      if (row.getString("product") != null) {
        opened.add(ServiceSql.service(row));
      }
    }
    if (states.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return circumstances
        .of(pool, states.keySet().toArray(String[]::new))
        .call(found -> lifecycle.catchUp(found.policies()))
        .map(
            found ->
                states.values().stream()
                    .map(
                        state ->
                            lifecycle.account(
                                state,
                                services.get(state.accountId()),
                                found.of(state.accountId())))
                    .toList());
  }
}
