package io.arrears.platform;

import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** The one row of the installation. */
@ApplicationScoped
class InstallationSql {

  private static final Duration START_WAIT = Duration.ofSeconds(30);

  private final Pool pool;

  InstallationSql(Pool pool) {
    this.pool = pool;
  }

  /** Blocks; for the start only. */
  byte[] pageTokenKey() {
    return pool.query("select page_token_key from installation")
        .execute()
        .map(rows -> rows.iterator().next().getBuffer(0).getBytes())
        .await()
        .atMost(START_WAIT);
  }
}
