package io.arrears.platform;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Tells whoever listens, on every replica, that there may be something new. It is rung after the
 * commit, by a statement of its own that gathers all rings of a moment: NOTIFY within a transaction
 * would make all commits of the database take turns. A ring that is lost is made up for by {@link
 * #everything}, which listeners hear regularly.
 */
@ApplicationScoped
public class Bell {

  private static final Logger LOG = Logger.getLogger(Bell.class);
  private static final long GATHER_MILLIS = 10;
  private static final String EVERYTHING = "";

  private final Vertx vertx;
  private final BellSql sql;
  private final long pollMillis;
  private final String replica = UUID.randomUUID().toString();
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final Set<String> rung = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean gathering = new AtomicBoolean();

  Bell(
      Vertx vertx,
      BellSql sql,
      @ConfigProperty(name = "arrears.poll-every", defaultValue = "1s")
          java.time.Duration pollEvery) {
    this.vertx = vertx;
    this.sql = sql;
    this.pollMillis = pollEvery.toMillis();
  }

  void start(@Observes StartupEvent started) {
    sql.listen(this::heard, this::everything);
    vertx.setPeriodic(pollMillis, timer -> everything());
  }

  void stop(@Observes ShutdownEvent stopping) {
    sql.stop();
  }

  /** Calls back with each topic that is rung; with an empty one when any might have been. */
  public void listen(Consumer<String> listener) {
    listeners.add(listener);
  }

  /** There is something new; to be called once what is new has been committed. */
  public void ring(Collection<String> topics) {
    topics.forEach(this::tell);
    if (rung.addAll(topics) && gathering.compareAndSet(false, true)) {
      vertx.setTimer(GATHER_MILLIS, timer -> tellOthers());
    }
  }

  private void tellOthers() {
    gathering.set(false);
    List<String> topics = List.copyOf(rung);
    topics.forEach(rung::remove);
    sql.notify(replica, topics)
        .subscribe()
        .with(
            done -> {},
            failure -> LOG.warnf("other replicas are not rung, and notice later: %s", failure));
  }

  private void heard(String payload) {
    int space = payload.indexOf(' ');
    if (!payload.substring(0, Math.max(space, 0)).equals(replica)) {
      tell(payload.substring(space + 1));
    }
  }

  private void everything() {
    tell(EVERYTHING);
  }

  private void tell(String topic) {
    listeners.forEach(listener -> listener.accept(topic));
  }
}
