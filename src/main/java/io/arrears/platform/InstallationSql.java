package io.arrears.platform;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.function.Supplier;

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

  /**
   * The stored key of certificates; the first who asks stores the one that is made for it. Of
   * replicas that start at once the row's lock lets one store, and all get that one. Blocks; for
   * the start only.
   */
  byte[] certificateKey(Supplier<byte[]> made) {
    byte[] stored =
        pool.query("select certificate_key from installation")
            .execute()
            .map(rows -> rows.iterator().next().getBuffer(0))
            .map(key -> key == null ? null : key.getBytes())
            .await()
            .atMost(START_WAIT);
    return stored == null ? storeCertificateKey(made.get()) : stored;
  }

  private byte[] storeCertificateKey(byte[] made) {
    return pool.preparedQuery(
            """
            update installation set certificate_key = coalesce(certificate_key, $1)
            returning certificate_key""")
        .execute(Tuple.of(Buffer.buffer(made)))
        .map(rows -> rows.iterator().next().getBuffer(0).getBytes())
        .await()
        .atMost(START_WAIT);
  }
}
