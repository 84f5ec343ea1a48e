package io.arrears.enforcement;

import io.arrears.core.Access;
import io.arrears.core.Desired;
import io.arrears.core.Effect;
import io.arrears.platform.Columns;
import io.arrears.platform.Feed;
import io.arrears.platform.Times;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What products are told, from the rows of their services. */
@ApplicationScoped
class EnforcementSql {

  private static final String COLUMNS =
      """
      s.account_id, s.product, s.generation, s.observed_generation, s.access, s.features,
      s.clear_categories, s.decided_at, s.decided_by, s.behind_since, s.last_error, s.attempts,
      s.stamp, (extract(epoch from s.retell_at) * 1000000)::bigint as retell_micros
      """;

  private static final String CHANGED =
      "select "
          + COLUMNS
          + """
          from service s
          where s.product = $1 and s.stamp > 0 and (s.stamp, s.account_id) > ($2, $3)
          order by s.stamp, s.account_id limit $4
          """;

  private static final String BEHIND =
      "select "
          + COLUMNS
          + """
          from service s
          where s.product = $1 and s.behind_since is not null
            and (s.retell_at, s.account_id)
              > (timestamptz 'epoch' + $2 * interval '1 microsecond', $3)
          order by s.retell_at, s.account_id limit $4
          """;

  private static final String DRIFTS =
      "select "
          + COLUMNS
          + """
          from service s
          where s.drift_since is not null and ($1 = '' or s.product = $1)
            and (s.product, s.account_id) > ($2, $3)
          order by s.product, s.account_id limit $4
          """;

  private static final Columns.Shape LIMIT = Columns.shape("product text, before timestamptz");

  private static final String DUE =
      """
       from {rows} n
       join service v on v.product = n.product
       where v.behind_since is not null and v.retell_at <= $3
      """;

  /** Twice as long each time, up to an hour; but at once when the limit is reached. */
  private static final String TELL_AGAIN =
      """
      update service s set
        stamp = stamp_after(s.stamp), attempts = s.attempts + 1,
        drift_since = coalesce(s.drift_since, case when s.behind_since <= due.before then $3 end),
        retell_at = least(
          $3 + least(interval '30 seconds' * power(2, least(s.attempts, 12)), interval '1 hour'),
          case when s.behind_since > due.before then s.behind_since + ($3 - due.before) end)
      from (select v.account_id, v.product, n.before
      """
          + DUE
          + """
            order by v.product, v.retell_at, v.account_id limit $4
            for update of v skip locked) as due
      where s.account_id = due.account_id and s.product = due.product
      returning s.product, s.drift_since = $3 as drifted
      """;

  private static final String COUNT_DUE =
      "select v.product, count(*) as many" + DUE + " group by v.product";

  private static final String ANY_DUE = "select exists (select" + DUE + ")";

  private final Pool pool;

  EnforcementSql(Pool pool) {
    this.pool = pool;
  }

  /** What a product is told after a place. */
  Uni<List<Feed.Row<DesiredState>>> read(String product, Feed.Cursor after, int size) {
    return pool.preparedQuery(after.backlog() ? BEHIND : CHANGED)
        .execute(Tuple.of(product, after.stamp(), after.key(), size))
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Feed.Row<>(
                                desired(row),
                                row.getLong(after.backlog() ? "retell_micros" : "stamp"),
                                row.getString("account_id")))
                    .toList());
  }

  /** In the order of products and accounts, after one; an empty product means all. */
  Uni<List<Drift>> drifts(String product, String afterProduct, String afterAccount, int size) {
    return pool.preparedQuery(DRIFTS)
        .execute(Tuple.of(product, afterProduct, afterAccount, size))
        .map(rows -> rows.stream().map(EnforcementSql::drift).toList());
  }

  /** How many services of each product have drifted. */
  Uni<Map<String, Long>> countDrifts() {
    return pool.query(
            "select product, count(*) as many from service where drift_since is not null group by 1")
        .execute()
        .map(EnforcementSql::byProduct);
  }

  /**
   * What was told again.
   *
   * @param drifted whether it has now been behind for too long
   */
  record Retold(String product, boolean drifted) {}

  /**
   * @param limits by product, since when it may be behind
   */
  Uni<List<Retold>> tellAgain(Instant now, Map<String, Instant> limits, int size) {
    return limits(limits)
        .query(pool, TELL_AGAIN, now, size)
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Retold(
                                row.getString("product"),
                                Boolean.TRUE.equals(row.getBoolean("drifted"))))
                    .toList());
  }

  /** How many of each product are to be told again. */
  Uni<Map<String, Long>> countDue(Instant now, Map<String, Instant> limits) {
    return limits(limits).query(pool, COUNT_DUE, now).map(EnforcementSql::byProduct);
  }

  Uni<Boolean> anyDue(Instant now, Map<String, Instant> limits) {
    return limits(limits)
        .query(pool, ANY_DUE, now)
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  private static Columns limits(Map<String, Instant> limits) {
    Columns rows = LIMIT.rows();
    limits.forEach(rows::add);
    return rows;
  }

  private static Map<String, Long> byProduct(RowSet<Row> rows) {
    return rows.stream()
        .collect(Collectors.toMap(row -> row.getString("product"), row -> row.getLong("many")));
  }

  private static DesiredState desired(Row row) {
    return new DesiredState(
        row.getString("account_id"),
        row.getString("product"),
        row.getLong("generation"),
        new Desired(
            Access.valueOf(row.getString("access")),
            Encoded.map(row.getString("features"), Effect::valueOf),
            Encoded.list(row.getString("clear_categories"))),
        Times.fromRow(row.getOffsetDateTime("decided_at")),
        row.getString("decided_by"));
  }

  private static Drift drift(Row row) {
    return new Drift(
        desired(row),
        row.getLong("observed_generation"),
        Times.fromRow(row.getOffsetDateTime("behind_since")),
        row.getString("last_error"),
        row.getInteger("attempts"));
  }
}
