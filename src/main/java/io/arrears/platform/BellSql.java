package io.arrears.platform;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** LISTEN on one connection that is kept, and NOTIFY on any. */
@ApplicationScoped
class BellSql {

  private static final Logger LOG = Logger.getLogger(BellSql.class);
  private static final String CHANNEL = "arrears";
  private static final long RETRY_MILLIS = 1000;

  private final Pool pool;
  private final Vertx vertx;
  private volatile boolean stopped;
  private volatile SqlConnection connection;

  BellSql(Pool pool, Vertx vertx) {
    this.pool = pool;
    this.vertx = vertx;
  }

  /**
   * Listens from now on, again and again if the connection breaks.
   *
   * @param connected called each time that listening begins, as something may have been missed
   */
  void listen(Consumer<String> heard, Runnable connected) {
    if (stopped) {
      return;
    }
    pool.getConnection()
        .chain(
            found -> {
              connection = found;
              PgConnection postgres = (PgConnection) found.getDelegate();
              postgres.notificationHandler(message -> heard.accept(message.getPayload()));
              postgres.closeHandler(closed -> again(heard, connected));
              return found.query("listen " + CHANNEL).execute();
            })
        .subscribe()
        .with(
            listening -> connected.run(),
            failure -> {
              LOG.warnf("the database cannot be listened to yet: %s", failure);
              again(heard, connected);
            });
  }

  private void again(Consumer<String> heard, Runnable connected) {
    if (!stopped) {
      vertx.setTimer(RETRY_MILLIS, timer -> listen(heard, connected));
    }
  }

  Uni<Void> notify(String replica, List<String> topics) {
    return pool.preparedQuery(
            "select pg_notify('"
                + CHANNEL
                + "', $1::text || ' ' || topic) from unnest($2::text[]) as topic")
        .execute(Tuple.of(replica, topics.toArray(String[]::new)))
        .replaceWithVoid();
  }

  void stop() {
    stopped = true;
    SqlConnection open = connection;
    if (open != null) {
      open.close().subscribe().with(done -> {}, failure -> {});
    }
  }
}
