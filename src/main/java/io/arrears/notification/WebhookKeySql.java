package io.arrears.notification;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** The installation's own key of webhooks. */
@ApplicationScoped
class WebhookKeySql {

  private static final Duration START_WAIT = Duration.ofSeconds(30);

  private final Pool pool;

  WebhookKeySql(Pool pool) {
    this.pool = pool;
  }

  /**
   * The stored key; of replicas that start at once, one stores the one that was made for it, and
   * all get that. Blocks; for the start only.
   */
  byte[] key(byte[] made) {
    return pool.preparedQuery(
            """
            update installation set webhook_key = coalesce(webhook_key, $1) returning webhook_key
            """)
        .execute(Tuple.of(Buffer.buffer(made)))
        .map(rows -> rows.iterator().next().getBuffer(0).getBytes())
        .await()
        .atMost(START_WAIT);
  }
}
