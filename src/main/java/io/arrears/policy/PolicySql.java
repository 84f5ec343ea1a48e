package io.arrears.policy;

import io.arrears.platform.Rejection;
import io.arrears.platform.Times;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The versions that were applied. */
@ApplicationScoped
class PolicySql {

  private final Pool pool;

  PolicySql(Pool pool) {
    this.pool = pool;
  }

  /** For those who hold no connection. */
  SqlClient pool() {
    return pool;
  }

  Uni<Long> count(SqlClient client) {
    return client
        .query("select count(*) from policy_version")
        .execute()
        .map(rows -> rows.iterator().next().getLong(0));
  }

  Uni<List<AppliedPolicy>> all(SqlClient client) {
    return client
        .query("select * from policy_version order by product, version")
        .execute()
        .map(rows -> rows.stream().map(PolicySql::applied).toList());
  }

  private static AppliedPolicy applied(Row row) {
    return new AppliedPolicy(
        row.getString("product"),
        row.getLong("version"),
        row.getString("document"),
        Times.fromRow(row.getOffsetDateTime("effective_from")),
        row.getBoolean("retroactive"),
        row.getString("applied_by"),
        Times.fromRow(row.getOffsetDateTime("applied_at")));
  }

  /**
   * Adds a version.
   *
   * @param wakes whether every account that has the product is looked at when it begins to govern
   * @throws Rejection FAILED_PRECONDITION if somebody else has just added this version
   */
  Uni<Void> append(AppliedPolicy applied, boolean wakes) {
    return pool.withTransaction(
        connection ->
            connection
                .preparedQuery(
                    "insert into policy_version values ($1, $2, $3, $4, $5, $6, $7)"
                        + " on conflict do nothing")
                .execute(
                    Tuple.tuple(
                        List.of(
                            applied.product(),
                            applied.version(),
                            applied.document(),
                            Times.toRow(applied.effectiveFrom()),
                            applied.retroactive(),
                            applied.appliedBy(),
                            Times.toRow(applied.appliedAt()))))
                .invoke(
                    done -> {
                      if (done.rowCount() == 0) {
                        throw Rejection.of(
                            Rejection.Kind.FAILED_PRECONDITION,
                            "POLICY_VERSION",
                            "somebody has just applied version %d of %s; look at it first"
                                .formatted(applied.version(), applied.product()));
                      }
                    })
                .chain(() -> wakes ? wake(connection, applied) : Uni.createFrom().voidItem()));
  }

  private static Uni<Void> wake(SqlConnection connection, AppliedPolicy applied) {
    return connection
        .preparedQuery(
            """
            update account a set due_at = $2
            where (due_at is null or due_at > $2) and exists (
              select from service s where s.account_id = a.account_id and s.product = $1)
            """)
        .execute(Tuple.of(applied.product(), Times.toRow(applied.effectiveFrom())))
        .replaceWithVoid();
  }
}
