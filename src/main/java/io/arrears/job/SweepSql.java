package io.arrears.job;

import io.arrears.core.Account;
import io.arrears.lifecycle.LifecycleSql;
import io.arrears.platform.Isolation;
import io.arrears.platform.Times;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Takes the steps that are due: claim a chunk of accounts, decide, write, commit, next. */
@ApplicationScoped
class SweepSql {

  private static final Logger LOG = Logger.getLogger(SweepSql.class);
  private static final int RETRY_SECONDS = 60;

  private final Pool pool;
  private final LifecycleSql lifecycle;

  SweepSql(Pool pool, LifecycleSql lifecycle) {
    this.pool = pool;
    this.lifecycle = lifecycle;
  }

  /** The next instant at which something is due; null if no timer runs. */
  Uni<Instant> nextDue() {
    return pool.query("select min(due_at) from account where due_at is not null")
        .execute()
        .map(rows -> Times.fromRow(rows.iterator().next().getOffsetDateTime(0)));
  }

  /** One chunk; nothing examined means that nothing is left. */
  Uni<Tally> sweep(Instant now, int size, String actor) {
    List<String> claimed = new ArrayList<>();
    Isolation<String, Tally> isolation =
        new Isolation<>(
            some -> sweep(connection -> lifecycle.claimDue(connection, now, some), now, actor),
            (accountId, failure) -> putOff(accountId, failure, now),
            Tally::plus);
    return sweep(
            connection ->
                lifecycle
                    .claimDue(connection, now, size)
                    .invoke(due -> due.forEach(account -> claimed.add(account.accountId()))),
            now,
            actor)
        .onFailure()
        .recoverWithUni(failure -> isolation.again(claimed, failure));
  }

  private Uni<Tally> sweep(
      Function<SqlConnection, Uni<List<Account>>> claim, Instant now, String actor) {
    List<Account> moved = new ArrayList<>();
    return pool.withTransaction(
            connection ->
                claim
                    .apply(connection)
                    .emitOn(Infrastructure.getDefaultWorkerPool())
                    .chain(claimed -> settle(connection, claimed, moved, now, actor)))
        .invoke(() -> lifecycle.tell(moved));
  }

  private Uni<Tally> putOff(String accountId, Throwable failure, Instant now) {
    LOG.errorf(failure, "account %s cannot be moved", accountId);
    Tally tally = new Tally();
    tally.examined = 1;
    tally.failed = 1;
    return pool.withTransaction(connection -> retryLater(connection, List.of(accountId), now))
        .replaceWith(tally);
  }

  private Uni<Tally> settle(
      SqlConnection connection,
      List<Account> claimed,
      List<Account> moved,
      Instant now,
      String actor) {
    Tally tally = new Tally();
    List<String> failed = new ArrayList<>();
    for (Account account : claimed) {
      try {
        account.settle(now, actor);
        count(tally, account);
        moved.add(account);
      } catch (RuntimeException e) {
        LOG.errorf(e, "account %s cannot be moved", account.accountId());
        failed.add(account.accountId());
      }
    }
    tally.examined = claimed.size();
    tally.failed = failed.size();
    return lifecycle
        .write(connection, moved, now)
        .chain(() -> retryLater(connection, failed, now))
        .replaceWith(tally);
  }

  private static Uni<Void> retryLater(SqlConnection connection, List<String> failed, Instant now) {
    if (failed.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return connection
        .preparedQuery("update account set due_at = $1 where account_id = any($2)")
        .execute(
            Tuple.of(Times.toRow(now.plusSeconds(RETRY_SECONDS)), failed.toArray(String[]::new)))
        .replaceWithVoid();
  }

  /** What a sweep would do, page by page, without a lock and without a trace. */
  Uni<Tally> preview(Instant now, int size) {
    return preview(now, size, "", new Tally());
  }

  private Uni<Tally> preview(Instant now, int size, String after, Tally sum) {
    return pool.withConnection(connection -> lifecycle.peekDue(connection, now, after, size))
        .chain(
            due -> {
              for (Account account : due) {
                account.settle(now, Job.DUE_TRANSITIONS.actor());
                count(sum, account);
              }
              sum.examined += due.size();
              return due.size() < size
                  ? Uni.createFrom().item(sum)
                  : preview(now, size, due.get(due.size() - 1).accountId(), sum);
            });
  }

  private static void count(Tally tally, Account account) {
    tally.changed += account.transitions().size();
    account
        .transitions()
        .forEach(
            t -> {
              tally.count(t.rule(), 1);
              if (tally.sample.length() < 1000) {
                tally
                    .sample
                    .append(t.accountId())
                    .append(' ')
                    .append(t.product())
                    .append(": ")
                    .append(t.from())
                    .append(" to ")
                    .append(t.to())
                    .append(" at ")
                    .append(t.at())
                    .append('\n');
              }
            });
  }
}
