package io.arrears.platform;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;

/** Between which stamps the database stands; what stamps are says docs/adr/0010-stamps.md. */
@ApplicationScoped
public class StampSql {

  private final Pool pool;

  StampSql(Pool pool) {
    this.pool = pool;
  }

  public Uni<Feed.Horizon> horizon() {
    return pool.preparedQuery(
            """
            select pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint
            from pg_current_snapshot() as now
            """)
        .execute()
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Feed.Horizon(row.getLong(0), row.getLong(1));
            });
  }
}
