package io.arrears.billing;

import io.arrears.account.AccountSql;
import io.arrears.core.Account;
import io.arrears.core.BillingCycle;
import io.arrears.core.BillingPeriod;
import io.arrears.core.Notice;
import io.arrears.core.Spending;
import io.arrears.lifecycle.LifecycleSql;
import io.arrears.platform.Isolation;
import io.arrears.platform.Limits;
import io.arrears.platform.Pipelined;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Turns closed periods into bills. A period is closed in one transaction and summed in another;
 * each chunk of accounts is billed, charged, and moved by the lifecycle in one of its own. A run
 * that dies is taken up where it stopped by the next.
 */
@ApplicationScoped
public class BillRunService {

  private static final Logger LOG = Logger.getLogger(BillRunService.class);

  private final Pool pool;
  private final BillRunSql sql;
  private final SumSql sums;
  private final DraftSql drafts;
  private final AccountSql accounts;
  private final LifecycleSql lifecycle;
  private final Limits limits;

  BillRunService(
      Pool pool,
      BillRunSql sql,
      SumSql sums,
      DraftSql drafts,
      AccountSql accounts,
      LifecycleSql lifecycle,
      Limits limits) {
    this.pool = pool;
    this.sql = sql;
    this.sums = sums;
    this.drafts = drafts;
    this.accounts = accounts;
    this.lifecycle = lifecycle;
    this.limits = limits;
  }

  /** Last day of the newest closed period; null before the first. */
  public Uni<LocalDate> closedThrough(String product, BillingCycle cycle) {
    return pool.withConnection(
        connection ->
            sql.epoch(connection, new Epoch.Key(product, cycle)).map(Epoch::closedThrough));
  }

  /** Whether bills of closed periods are still to be made. */
  public Uni<Boolean> hasDrafts(BillingCycle cycle) {
    return pool.withConnection(connection -> drafts.hasDrafts(connection, cycle));
  }

  /**
   * Closes the periods in which nothing is to be summed, however many, in one transaction: most
   * products have nothing new of a cycle on most mornings.
   *
   * @param newest by product
   * @return the products that are left for {@link #closeNext}
   */
  public Uni<List<String>> closeEmpty(BillingCycle cycle, Map<String, BillingPeriod> newest) {
    Map<String, LocalDate> through = new TreeMap<>();
    newest.forEach((product, period) -> through.put(product, period.last()));
    return pool.withTransaction(connection -> sql.closeEmpty(connection, cycle, through));
  }

  /**
   * Closes of each product the oldest period that is open and holds items, up to {@code newest}.
   * With nothing left to sum, everything up to {@code newest} counts as closed.
   *
   * @return the products of which there is something to sum: sum and bill that, then call again
   */
  public Uni<List<String>> closeNext(
      BillingCycle cycle, List<String> products, Map<String, BillingPeriod> newest) {
    return Multi.createFrom()
        .iterable(products)
        .onItem()
        .transformToUniAndConcatenate(
            product -> {
              Epoch.Key key = new Epoch.Key(product, cycle);
              return pool.withTransaction(
                      connection ->
                          sql.lock(connection, key)
                              .chain(at -> close(connection, key, at, newest.get(product))))
                  .map(more -> more ? product : null);
            })
        .collect()
        .asList();
  }

  /** What of closed periods is still to be summed. */
  public Uni<ToSum> toSum(BillingCycle cycle) {
    return pool.withConnection(connection -> sums.toSum(connection, cycle));
  }

  /**
   * Sums one part of what is closed. Nobody who sends items waits for it.
   *
   * @param queue whether to queue it, too
   * @return false if nothing is to be summed that somebody else does not sum already
   */
  public Uni<Boolean> sumNext(BillingCycle cycle, boolean queue) {
    int megabytes = Math.max(1, limits.sumMegabytes() / limits.claimsInFlight());
    return pool.withTransaction(
        connection ->
            sums.next(connection, cycle, megabytes)
                .call(
                    part ->
                        queue && part != null
                            ? drafts.queue(connection, cycle, limits.claimSize(), part)
                            : Uni.createFrom().voidItem())
                .map(part -> part != null));
  }

  private Uni<Boolean> close(
      SqlConnection connection, Epoch.Key key, Epoch at, BillingPeriod newest) {
    return sql.firstDay(connection, key, at.closedThrough(), newest.last())
        .chain(
            day -> {
              if (day == null) {
                return closeEmpty(connection, key, at, newest.last());
              }
              BillingPeriod period = BillingPeriod.containing(key.cycle(), day);
              return closeToSum(connection, key, at, period, period.last());
            });
  }

  /**
   * @param period null if nothing but what came late is to be summed
   */
  private Uni<Boolean> closeToSum(
      SqlConnection connection, Epoch.Key key, Epoch at, BillingPeriod period, LocalDate through) {
    return sums.later(connection, key, at.number(), period, limits.claimsInFlight())
        .chain(() -> sql.close(connection, key, at, through))
        .replaceWith(true);
  }

  private Uni<Boolean> closeEmpty(
      SqlConnection connection, Epoch.Key key, Epoch at, LocalDate through) {
    LocalDate closed =
        at.closedThrough() != null && at.closedThrough().isAfter(through)
            ? at.closedThrough()
            : through;
    return sql.hasLate(connection, key, at.number())
        .chain(
            late -> {
              if (late) {
                return closeToSum(connection, key, at, null, closed);
              }
              return closed.equals(at.closedThrough())
                  ? Uni.createFrom().item(false)
                  : sql.close(connection, key, at, closed).replaceWith(false);
            });
  }

  /** How many bills a run would make. */
  public Uni<Long> preview(String product, BillingPeriod newest) {
    Epoch.Key key = new Epoch.Key(product, newest.cycle());
    return pool.withConnection(
        connection ->
            sql.epoch(connection, key)
                .chain(
                    at ->
                        sums.countOwn(connection, key, at.closedThrough(), newest.last())
                            .chain(
                                own ->
                                    sums.countLate(connection, key, at.number())
                                        .map(late -> own + late))));
  }

  /**
   * What became of a chunk of drafts.
   *
   * @param examined 0 when nothing was left to claim
   * @param failed drafts set aside, because their account could not be charged
   */
  public record Chunk(int examined, int bills, int overdue, int failed) {

    private Chunk plus(Chunk other) {
      return new Chunk(
          examined + other.examined,
          bills + other.bills,
          overdue + other.overdue,
          failed + other.failed);
    }
  }

  /** Before chunks are billed: sees that what is summed is in one. */
  public Uni<Void> queue(BillingCycle cycle) {
    return pool.withTransaction(connection -> drafts.queue(connection, cycle, limits.claimSize()));
  }

  /** Bills one chunk of accounts. */
  public Uni<Chunk> bill(BillingCycle cycle, Instant now, String actor) {
    List<Draft> claimed = new ArrayList<>();
    Isolation<Draft, Chunk> isolation =
        new Isolation<>(
            some -> bill(connection -> drafts.claim(connection, some), now, actor),
            this::setAside,
            Chunk::plus);
    return bill(connection -> drafts.claim(connection, cycle).invoke(claimed::addAll), now, actor)
        .onFailure()
        .recoverWithUni(failure -> isolation.again(claimed, failure));
  }

  private Uni<Chunk> bill(
      Function<SqlConnection, Uni<List<Draft>>> claim, Instant now, String actor) {
    return pool.withTransaction(
            connection ->
                claim
                    .apply(connection)
                    .chain(
                        claimed ->
                            claimed.isEmpty()
                                ? Uni.createFrom().item(new Billed(0, List.of(), 0, 0))
                                : bill(connection, claimed, now, actor)))
        .invoke(billed -> lifecycle.tell(billed.accounts()))
        .map(Billed::chunk);
  }

  private Uni<Chunk> setAside(Draft draft, Throwable failure) {
    return pool.withConnection(
            connection -> drafts.setAside(connection, draft, String.valueOf(failure.getMessage())))
        .map(
            mine -> {
              if (!mine) {
                return new Chunk(0, 0, 0, 0);
              }
              LOG.errorf(failure, "the bill of %s is set aside", draft);
              return new Chunk(1, 0, 0, 1);
            });
  }

  private record Billed(int examined, List<Account> accounts, int bills, int failed) {

    Chunk chunk() {
      long overdue =
          accounts.stream()
              .flatMap(account -> account.notices().stream())
              .filter(notice -> notice.rung() == Notice.Rung.OVERDUE)
              .count();
      return new Chunk(examined, bills, (int) overdue, failed);
    }
  }

  private Uni<Billed> bill(
      SqlConnection connection, List<Draft> claimed, Instant now, String actor) {
    List<String> ids = claimed.stream().map(Draft::accountId).distinct().toList();
    List<String> refunded =
        claimed.stream()
            .filter(draft -> draft.exactAmount().signum() < 0)
            .map(Draft::accountId)
            .distinct()
            .toList();
    return Uni.combine()
        .all()
        .unis(
            lifecycle.lock(connection, ids),
            sql.supplements(connection, claimed),
            accounts.unpaid(connection, refunded))
        .asTuple()
        .emitOn(Infrastructure.getDefaultWorkerPool())
        .map(
            read ->
                new BillChunk(read.getItem1(), read.getItem2(), read.getItem3(), now, actor)
                    .bill(claimed))
        .call(work -> alertRunways(connection, work))
        .chain(work -> write(connection, claimed, work));
  }

  /** Where a policy wants customers to hear how long their balance will last. */
  private Uni<Void> alertRunways(SqlConnection connection, BillChunk work) {
    List<String> watching =
        work.charged.values().stream()
            .filter(account -> account.watchesRunway(work.now))
            .map(Account::accountId)
            .toList();
    if (watching.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    return sql.spending(connection, watching, work.now)
        .invoke(
            before ->
                watching.forEach(
                    id -> {
                      Account account = work.charged.get(id);
                      account.alertRunway(before.getOrDefault(id, Spending.NONE), work.now);
                    }))
        .replaceWithVoid();
  }

  private Uni<Billed> write(SqlConnection connection, List<Draft> claimed, BillChunk work) {
    List<Account> charged = List.copyOf(work.charged.values());
    return Pipelined.all(
            lifecycle.write(connection, charged, work.now),
            sql.insertBills(connection, work.bills.values()),
            accounts.cover(connection, work.coveredBefore),
            drafts.putBack(connection, work.failed))
        .replaceWith(
            () -> new Billed(claimed.size(), charged, work.bills.size(), work.failed.size()));
  }
}
