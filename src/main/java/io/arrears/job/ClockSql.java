package io.arrears.job;

import io.arrears.platform.Times;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** The virtual time, which survives a restart and which replicas share. */
@ApplicationScoped
class ClockSql {

  private final Pool pool;

  ClockSql(Pool pool) {
    this.pool = pool;
  }

  /** Null if it was never set. */
  Uni<Instant> read() {
    return pool.query("select virtual_now from installation")
        .execute()
        .map(rows -> Times.fromRow(rows.iterator().next().getOffsetDateTime(0)));
  }

  /** Moves it forward; it never goes back. */
  Uni<Void> write(Instant now) {
    return pool.preparedQuery("update installation set virtual_now = greatest(virtual_now, $1)")
        .execute(Tuple.of(Times.toRow(now)))
        .replaceWithVoid();
  }
}
