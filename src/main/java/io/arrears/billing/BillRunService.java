package io.arrears.billing;

import io.arrears.account.AccountSql;
import io.arrears.account.BillEntity;
import io.arrears.core.Account;
import io.arrears.core.BillingCycle;
import io.arrears.core.BillingPeriod;
import io.arrears.core.LedgerEntry;
import io.arrears.core.Money;
import io.arrears.core.Notice;
import io.arrears.core.Receivable;
import io.arrears.core.Span;
import io.arrears.core.Spending;
import io.arrears.lifecycle.LifecycleSql;
import io.arrears.platform.Isolation;
import io.arrears.platform.Limits;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Turns closed periods into bills. Closing and summing is one transaction; each chunk of accounts
 * is billed, charged, and moved by the lifecycle in another. A run that dies is taken up where it
 * stopped by the next.
 */
@ApplicationScoped
public class BillRunService {

  private static final Logger LOG = Logger.getLogger(BillRunService.class);

  private final Pool pool;
  private final BillRunSql sql;
  private final DraftSql drafts;
  private final AccountSql accounts;
  private final LifecycleSql lifecycle;
  private final Limits limits;

  BillRunService(
      Pool pool,
      BillRunSql sql,
      DraftSql drafts,
      AccountSql accounts,
      LifecycleSql lifecycle,
      Limits limits) {
    this.pool = pool;
    this.sql = sql;
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
   * Closes the oldest period that is open and holds items, up to {@code newest}, and sums it and
   * what came late. With nothing left to sum, everything up to {@code newest} counts as closed.
   *
   * @return whether there was something to sum: bill the drafts, then call again
   */
  public Uni<Boolean> closeNext(String product, BillingPeriod newest) {
    Epoch.Key key = new Epoch.Key(product, newest.cycle());
    return pool.withTransaction(
        connection -> sql.lock(connection, key).chain(at -> close(connection, key, at, newest)));
  }

  private Uni<Boolean> close(
      SqlConnection connection, Epoch.Key key, Epoch at, BillingPeriod newest) {
    return sql.firstDay(connection, key, at.closedThrough(), newest.last())
        .chain(
            day ->
                day == null
                    ? closeEmpty(connection, key, at, newest.last())
                    : closePeriod(connection, key, at, BillingPeriod.containing(key.cycle(), day)));
  }

  private Uni<Boolean> closePeriod(
      SqlConnection connection, Epoch.Key key, Epoch at, BillingPeriod period) {
    return sql.draftOwn(connection, key, period, at.number())
        .chain(() -> sql.draftLate(connection, key, at.number()))
        .chain(() -> drafts.queue(connection, key, at.number(), limits.claimSize()))
        .chain(() -> sql.close(connection, key, at, period.last()))
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
                return sql.draftLate(connection, key, at.number())
                    .chain(() -> drafts.queue(connection, key, at.number(), limits.claimSize()))
                    .chain(() -> sql.close(connection, key, at, closed))
                    .replaceWith(true);
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
                        sql.countOwn(connection, key, at.closedThrough(), newest.last())
                            .chain(
                                own ->
                                    sql.countLate(connection, key, at.number())
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

  /** Before chunks are billed: sees that every draft which waits is in one. */
  public Uni<Void> queue(BillingCycle cycle) {
    return pool.withTransaction(
        connection -> drafts.queueRest(connection, cycle, limits.claimSize()));
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
    LOG.errorf(failure, "the bill of %s is set aside", draft);
    return pool.withTransaction(
            connection ->
                drafts.setAside(connection, Map.of(draft, String.valueOf(failure.getMessage()))))
        .replaceWith(new Chunk(1, 0, 0, 1));
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
                new Work(read.getItem1(), read.getItem2(), read.getItem3(), now, actor)
                    .bill(claimed))
        .call(work -> alertRunways(connection, work))
        .chain(work -> write(connection, claimed, work));
  }

  /** Where a policy wants customers to hear how long their balance will last. */
  private Uni<Void> alertRunways(SqlConnection connection, Work work) {
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

  private Uni<Billed> write(SqlConnection connection, List<Draft> claimed, Work work) {
    List<Account> charged = List.copyOf(work.charged.values());
    return Uni.combine()
        .all()
        .unis(
            lifecycle.write(connection, charged, work.now),
            sql.insertBills(connection, work.bills.values()),
            accounts.cover(connection, work.coveredBefore),
            drafts.setAside(connection, work.failed))
        .discardItems()
        .replaceWith(
            () -> new Billed(claimed.size(), charged, work.bills.size(), work.failed.size()));
  }

  /** One chunk, in memory. */
  private static final class Work {
    final Map<String, Account> accounts = new HashMap<>();
    final Map<BillEntity.Key, Integer> newest;
    final Instant now;
    final String actor;
    final Map<String, Account> charged = new LinkedHashMap<>();
    final Map<String, BillEntity> bills = new LinkedHashMap<>();
    final List<Receivable> coveredBefore = new ArrayList<>();
    final Map<Draft, String> failed = new LinkedHashMap<>();

    Work(
        List<Account> locked,
        Map<BillEntity.Key, Integer> newest,
        List<AccountSql.OpenBill> openBills,
        Instant now,
        String actor) {
      locked.forEach(account -> accounts.put(account.accountId(), account));
      openBills.forEach(bill -> accounts.get(bill.accountId()).owes(List.of(bill.receivable())));
      this.newest = new HashMap<>(newest);
      this.now = now;
      this.actor = actor;
    }

    Work bill(List<Draft> drafts) {
      for (Draft draft : drafts) {
        try {
          bill(draft, accounts.get(draft.accountId()));
        } catch (ArithmeticException e) {
          failed.put(draft, String.valueOf(e.getMessage()));
          LOG.errorf(
              "the bill of account %s for %s of %s is set aside: %s",
              draft.accountId(), draft.product(), draft.period().first(), e.getMessage());
        }
      }
      coverNew();
      return this;
    }

    private void bill(Draft draft, Account account) {
      Money amount = rounded(draft, account);
      BillEntity bill = unpaidBill(draft, key(draft), amount, account);
      if (amount.amount().signum() != 0) {
        account.charge(
            new LedgerEntry.Draft(
                LedgerEntry.Kind.CHARGE,
                amount.amount().negate(),
                now,
                bill.key().billId(),
                draft.itemCount() + " items of " + draft.product(),
                actor,
                "revenue:" + draft.product(),
                null),
            bill.receivable(),
            now);
        charged.put(account.accountId(), account);
      }
      newest.put(period(draft), bill.supplement);
      bills.put(bill.key().billId(), bill);
    }

    private Money rounded(Draft draft, Account account) {
      BigDecimal roundTo = account.policy(draft.product(), now).bills().roundTo();
      return Money.rounded(draft.exactAmount(), roundTo, account.currency());
    }

    /** Money that covered no bill yet has covered these, after the older ones. */
    private void coverNew() {
      for (Account account : charged.values()) {
        for (Receivable covered : account.covered()) {
          BillEntity bill = bills.get(covered.billId());
          if (bill == null) {
            coveredBefore.add(covered);
          } else {
            bill.unpaid = covered.unpaid();
          }
        }
      }
    }

    private static BillEntity.Key period(Draft draft) {
      return new BillEntity.Key(
          draft.accountId(), draft.product(), draft.period().cycle(), draft.period().first(), 0);
    }

    private BillEntity.Key key(Draft draft) {
      BillEntity.Key period = period(draft);
      int supplement = draft.late() ? newest.getOrDefault(period, 0) + 1 : 0;
      return new BillEntity.Key(
          period.accountId(), period.product(), period.cycle(), period.periodStart(), supplement);
    }

    private BillEntity unpaidBill(Draft draft, BillEntity.Key key, Money amount, Account account) {
      Span payWithin = account.policy(draft.product(), now).bills().payWithin();
      BillEntity bill = new BillEntity();
      bill.accountId = key.accountId();
      bill.product = key.product();
      bill.cycle = key.cycle();
      bill.periodStart = key.periodStart();
      bill.supplement = key.supplement();
      bill.periodEnd = draft.period().last();
      bill.epoch = draft.epoch();
      bill.amount = amount.amount();
      bill.exactAmount = draft.exactAmount();
      bill.itemCount = draft.itemCount();
      bill.lateItemCount = draft.late() ? draft.itemCount() : 0;
      bill.generatedAt = now;
      bill.unpaid = amount.amount().max(BigDecimal.ZERO);
      bill.dueAt = payWithin == null ? null : payWithin.after(now);
      return bill;
    }
  }
}
