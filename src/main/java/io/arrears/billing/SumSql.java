package io.arrears.billing;

import io.arrears.core.BillingCycle;
import io.arrears.core.BillingPeriod;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDate;
import java.util.Arrays;

/**
 * The sums of closed periods, which become drafts of bills: ranges of accounts, several at a time.
 */
@ApplicationScoped
class SumSql {

  /** In parts of as many accounts each as PostgreSQL's statistics know. */
  private static final String LATER =
      """
      insert into billing_sum (product, cycle, epoch, period_start, period_end,
                               first_account, before_account)
      select $1, $2, $3, $4, $5, first_account,
             lead(first_account) over (order by first_account collate "C")
      from (
        select '' as first_account
        union
        select bounds[1 + part * (cardinality(bounds) - 1) / $6::int]
        from generate_series(1, $6::int - 1) part, (
          select histogram_bounds::text::text[] as bounds from pg_stats
          where (schemaname, tablename, attname) = (current_schema(), 'account', 'account_id')
        ) known
        where bounds is not null
      ) parts
      """;

  /**
   * Takes the part that was closed first of those that nobody sums: of all products whose same
   * period it is, as all are summed in one pass. Who holds the first of these rows holds them all.
   * Materialized: a join could look for the first row again, and take another each time.
   */
  private static final String NEXT =
      """
      with f as materialized (
        select * from billing_sum f
        where cycle = $1 and not exists (
          select from billing_sum o
          where o.cycle = f.cycle and o.period_start is not distinct from f.period_start
            and o.first_account = f.first_account
            and o.before_account is not distinct from f.before_account
            and (o.epoch, o.product) < (f.epoch, f.product))
        order by epoch, product, first_account limit 1 for update skip locked)
      delete from billing_sum s using f
      where s.cycle = f.cycle and s.period_start is not distinct from f.period_start
        and s.first_account = f.first_account
        and s.before_account is not distinct from f.before_account
      returning s.product, s.epoch, s.period_start, s.period_end, s.first_account, s.before_account,
        (select exists (select from unbilled_span)) as some_unbilled
      """;

  /** Products whose same period it is are summed in one pass, and so are one part. */
  private static final String TO_SUM =
      """
      select exists (select from billing_sum where cycle = $1) as something,
        not exists (select from bill_draft where cycle = $1 and failure is null)
        and not exists (
          select from billing_sum a join billing_sum b using (cycle)
          where cycle = $1
            and (a.period_start, a.first_account, a.before_account)
              is distinct from (b.period_start, b.first_account, b.before_account)
            and a.first_account <= b.first_account
            and coalesce(b.first_account < a.before_account, true)) as apart
      """;

  private static final String OWN =
      " where product = any($1) and cycle = $2 and usage_day between $3 and $4" + " and not late";

  private static final String LATE_ITEMS =
      " from billable_item join unnest($1::text[], $3::bigint[]) closed (product, epoch)"
          + " using (product, epoch) where cycle = $2 and late";

  /**
   * Of one table or the other, not of both in one statement: its plan for all parameters would not
   * be pruned to the days of the period.
   */
  private static String draftOwn(String items) {
    return """
      insert into bill_draft (account_id, product, cycle, period_start, period_end, late, epoch,
                              exact_amount, item_count)
      select account_id, product, $2, $3, $4, false, epoch, exact_amount, item_count
      from (
        select account_id, product, sum(cost) as exact_amount, count(*) as item_count
        from %s%s and account_id >= $5 and ($6::text is null or account_id < $6)
        group by account_id, product
      ) d join unnest($1::text[], $7::bigint[]) closed (product, epoch) using (product)
      order by account_id
      """
        .formatted(items, OWN);
  }

  private static final String DRAFT_OWN = draftOwn("billable_item");

  /** While no usage goes unbilled no item is compared with any that does. */
  private static final String DRAFT_OWN_ALL = draftOwn("billing_item");

  private static final String LATE_PERIOD =
      " case when cycle = 'DAILY' then usage_day"
          + " else date_trunc('month', usage_day)::date end";

  private static final String LATE_PERIOD_END =
      " case when cycle = 'DAILY' then max(usage_day)"
          + " else (date_trunc('month', max(usage_day)) + interval '1 month - 1 day')::date end";

  /** One an account and period. */
  private static final String DRAFT_LATE =
      "insert into bill_draft (account_id, product, cycle, period_start, period_end, late,"
          + " epoch, exact_amount, item_count) select account_id, product, cycle,"
          + LATE_PERIOD
          + ","
          + LATE_PERIOD_END
          + ", true, epoch, sum(cost), count(*)"
          + LATE_ITEMS
          + " and account_id >= $4 and ($5::text is null or account_id < $5)"
          + " group by account_id, product, cycle, epoch,"
          + LATE_PERIOD
          + " order by account_id";

  /**
   * Notes with the closing of a period that it is to be summed.
   *
   * @param period null if nothing but what came late
   * @param parts in how many, if PostgreSQL has looked at the accounts; else in one
   */
  Uni<Void> later(
      SqlConnection connection, Epoch.Key key, long epoch, BillingPeriod period, int parts) {
    return connection
        .preparedQuery(LATER)
        .execute(
            Tuple.of(
                key.product(),
                key.cycle().name(),
                epoch,
                period == null ? null : period.first(),
                period == null ? null : period.last(),
                parts))
        .replaceWithVoid();
  }

  /**
   * A range of accounts.
   *
   * @param beforeAccount null means to the last
   */
  record Part(String firstAccount, String beforeAccount) {}

  /** What of a cycle is closed and not yet summed. */
  Uni<ToSum> toSum(SqlConnection connection, BillingCycle cycle) {
    return connection
        .preparedQuery(TO_SUM)
        .execute(Tuple.of(cycle.name()))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              if (!row.getBoolean("something")) {
                return ToSum.NOTHING;
              }
              return row.getBoolean("apart") ? ToSum.PARTS_APART : ToSum.PARTS_MIXED;
            });
  }

  /**
   * Sums one part of what is closed into drafts.
   *
   * @param megabytes of PostgreSQL's memory to do that in; with its default the sum goes over disk
   * @return null if nothing is to be summed
   */
  Uni<Part> next(SqlConnection connection, BillingCycle cycle, int megabytes) {
    return connection
        .preparedQuery(NEXT)
        .execute(Tuple.of(cycle.name()))
        .chain(
            closed ->
                closed.size() == 0
                    ? Uni.createFrom().nullItem()
                    : connection
                        .preparedQuery("select set_config('work_mem', $1, true)")
                        .execute(Tuple.of(megabytes + "MB"))
                        .chain(() -> sum(connection, cycle, closed)));
  }

  private static Uni<Part> sum(SqlConnection connection, BillingCycle cycle, RowSet<Row> closed) {
    Row part = closed.iterator().next();
    String[] products = closed.stream().map(row -> row.getString("product")).toArray(String[]::new);
    Long[] epochs = closed.stream().map(row -> row.getLong("epoch")).toArray(Long[]::new);
    LocalDate first = part.getLocalDate("period_start");
    LocalDate last = part.getLocalDate("period_end");
    String from = part.getString("first_account");
    String before = part.getString("before_account");
    Uni<RowSet<Row>> own =
        connection
            .preparedQuery(part.getBoolean("some_unbilled") ? DRAFT_OWN : DRAFT_OWN_ALL)
            .execute(
                Tuple.from(
                    Arrays.asList(products, cycle.name(), first, last, from, before, epochs)));
    return (first == null ? Uni.createFrom().voidItem() : own.replaceWithVoid())
        .chain(
            () ->
                connection
                    .preparedQuery(DRAFT_LATE)
                    .execute(Tuple.of(products, cycle.name(), epochs, from, before)))
        .replaceWith(new Part(from, before));
  }

  /** How many drafts the sums of these days would be, for a look ahead. */
  Uni<Long> countOwn(SqlConnection connection, Epoch.Key key, LocalDate after, LocalDate through) {
    return connection
        .preparedQuery(
            "select count(distinct (account_id," + LATE_PERIOD + ")) from billable_item" + OWN)
        .execute(
            Tuple.of(
                new String[] {key.product()},
                key.cycle().name(),
                after == null ? LocalDate.of(1, 1, 1) : after.plusDays(1),
                through))
        .map(rows -> rows.iterator().next().getLong(0));
  }

  Uni<Long> countLate(SqlConnection connection, Epoch.Key key, long epoch) {
    return connection
        .preparedQuery("select count(distinct (account_id," + LATE_PERIOD + "))" + LATE_ITEMS)
        .execute(Tuple.of(new String[] {key.product()}, key.cycle().name(), new Long[] {epoch}))
        .map(rows -> rows.iterator().next().getLong(0));
  }
}
