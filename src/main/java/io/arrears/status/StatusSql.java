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
      "select coalesce(sum(cost), 0) from unbilled_item where account_id = $1";

  /** A page out of an index, wherever it begins: of a join, all that comes before would be read. */
  private static final String PAGE =
      "(select distinct v.account_id from %s v where v.account_id > $1%s"
          + " order by v.account_id limit $2)";

  private static final String IS_OVERDUE = " and v.overdue_since is not null";

  /** By the account's own limit, or by what a product's policy means by overdue. */
  private static final String OF_OVERDUE =
      """
       and (exists (select from account a
                    where a.account_id = v.account_id and a.overdue_since is not null)
         or exists (select from service o
                    where o.account_id = v.account_id and o.overdue_since is not null))
      """;

  private static final String HAS_PRODUCT =
      """
       and exists (select from service p where p.account_id = v.account_id and p.account_id > $1
                     and p.product = $3)
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
    Tuple parameters = Tuple.of(after, size);
    String sql =
        "select account_id from ("
            + String.join(" union ", pages(filter, parameters))
            + ") page order by account_id limit $2";
    return pool.withConnection(
        connection ->
            connection
                .preparedQuery(sql)
                .execute(parameters)
                .chain(
                    rows ->
                        lifecycle.read(
                            connection,
                            rows.stream().map(row -> row.getString(0)).toArray(String[]::new))));
  }

  /** Their union holds the page that is asked for. */
  private static List<String> pages(StatusService.Filter filter, Tuple parameters) {
    boolean anyProduct = filter.product().isEmpty();
    String ofProduct = anyProduct ? "" : " and v.product = $3";
    if (!anyProduct) {
      parameters.addValue(filter.product());
    }
    if (!filter.states().isEmpty()) {
      String rest = ofProduct + (filter.overdueOnly() ? OF_OVERDUE : "");
      return filter.states().stream()
          .map(
              state -> {
                parameters.addValue(state.name());
                return PAGE.formatted("service", " and v.state = $" + parameters.size() + rest);
              })
          .toList();
    } else if (filter.overdueOnly()) {
      String rest = IS_OVERDUE + (anyProduct ? ofProduct : HAS_PRODUCT);
      return List.of(PAGE.formatted("account", rest), PAGE.formatted("service", rest));
    }
    return List.of(PAGE.formatted(anyProduct ? "account" : "service", ofProduct));
  }

  Uni<BigDecimal> unbilled(Pool pool, String accountId) {
    return pool.preparedQuery(UNBILLED)
        .execute(Tuple.of(accountId))
        .map(rows -> rows.iterator().next().getBigDecimal(0));
  }
}
