package io.arrears.job;

import io.arrears.core.Account;
import io.arrears.lifecycle.LifecycleSql;
import io.arrears.notification.DeliveryService;
import io.arrears.notification.DeliveryService.Receipt;
import io.arrears.notification.Outbox;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Bell;
import io.arrears.platform.Limits;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Sends what is due, and lets accounts know what was delivered. On a real clock it does so when the
 * bell rings, and every second; on a virtual one only when the clock moves, or the job is run, so
 * that everything has its own instant.
 */
@ApplicationScoped
class NotificationRuns {

  private static final Logger LOG = Logger.getLogger(NotificationRuns.class);

  private final DeliveryService deliveries;
  private final LifecycleSql lifecycle;
  private final Pool pool;
  private final Bell bell;
  private final ArrearsClock clock;
  private final Limits limits;
  private final AtomicBoolean recording = new AtomicBoolean();

  NotificationRuns(
      DeliveryService deliveries,
      LifecycleSql lifecycle,
      Pool pool,
      Bell bell,
      ArrearsClock clock,
      Limits limits) {
    this.deliveries = deliveries;
    this.lifecycle = lifecycle;
    this.pool = pool;
    this.bell = bell;
    this.clock = clock;
    this.limits = limits;
  }

  void listen(@Observes StartupEvent started) {
    if (!clock.virtual()) {
      bell.listen(this::rung);
    }
  }

  /** The empty topic is heard every second. */
  private void rung(String topic) {
    if (topic.isEmpty() || topic.equals(Outbox.NOTIFICATIONS)) {
      deliveries.wake();
    }
    if (topic.isEmpty() && recording.compareAndSet(false, true)) {
      record()
          .onTermination()
          .invoke(() -> recording.set(false))
          .subscribe()
          .with(done -> {}, failure -> LOG.warnf("receipts are recorded in a second: %s", failure));
    }
  }

  /** Sends all that is due now; nothing examined means that nothing was. */
  Uni<Tally> deliver() {
    return deliveries.deliver().map(NotificationRuns::tally).call(this::record);
  }

  private static Tally tally(Map<String, Long> counts) {
    Tally tally = new Tally();
    counts.forEach(
        (what, many) -> {
          tally.count(what, many);
          tally.examined += many;
          tally.changed += what.startsWith("sent:") ? many : 0;
          tally.failed += what.startsWith("failed:") || what.startsWith("parked:") ? many : 0;
        });
    return tally;
  }

  /** What would be sent. */
  Uni<Tally> preview() {
    return deliveries
        .due(clock.instant())
        .map(
            due -> {
              Tally tally = new Tally();
              due.forEach(
                  (what, many) -> {
                    tally.count(what, many);
                    tally.examined += many;
                  });
              return tally;
            });
  }

  /** When something is to be sent next; null if nothing is. */
  Uni<Instant> next() {
    return deliveries.nextAfter(clock.instant());
  }

  /** Page by page, each in a transaction: the receipt, what follows, and that it is known. */
  private Uni<Void> record() {
    List<Account> changed = new ArrayList<>();
    return pool.withTransaction(connection -> record(connection, changed))
        .invoke(() -> lifecycle.tell(changed))
        .chain(more -> more ? record() : Uni.createFrom().voidItem());
  }

  private Uni<Boolean> record(SqlConnection connection, List<Account> changed) {
    return deliveries
        .receipts(connection, limits.claimSize())
        .chain(
            receipts ->
                receipts.isEmpty()
                    ? Uni.createFrom().item(false)
                    : lifecycle
                        .lock(connection, ids(receipts))
                        .chain(accounts -> write(connection, accounts, receipts, changed))
                        .replaceWith(true));
  }

  private static List<String> ids(List<Receipt> receipts) {
    return receipts.stream().map(Receipt::accountId).distinct().toList();
  }

  private Uni<Void> write(
      SqlConnection connection,
      List<Account> accounts,
      List<Receipt> receipts,
      List<Account> changed) {
    Instant now = clock.instant();
    Map<String, Account> byId = new TreeMap<>();
    accounts.forEach(account -> byId.put(account.accountId(), account));
    for (Receipt receipt : receipts) {
      Account account = byId.get(receipt.accountId());
      Instant at = receipt.deliveredAt().isAfter(now) ? now : receipt.deliveredAt();
      if (account.delivered(receipt.episode(), at, now, Job.NOTIFICATIONS.actor())
          && !changed.contains(account)) {
        changed.add(account);
      }
    }
    return lifecycle
        .write(connection, changed, now)
        .chain(() -> deliveries.known(connection, receipts));
  }
}
