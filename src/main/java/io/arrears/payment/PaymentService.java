package io.arrears.payment;

import io.arrears.account.AccountSql;
import io.arrears.account.BillEntity;
import io.arrears.core.Account;
import io.arrears.core.LedgerEntry;
import io.arrears.core.LedgerEntry.Kind;
import io.arrears.core.Money;
import io.arrears.lifecycle.LifecycleSql;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Batcher;
import io.arrears.platform.Digest;
import io.arrears.platform.Limits;
import io.arrears.platform.Pipelined;
import io.arrears.platform.Rejection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Appends payments and corrections to the ledger; what follows from them happens with them. */
@ApplicationScoped
public class PaymentService {

  private static final int BATCHES = 4;

  private final Pool pool;
  private final PostingSql postings;
  private final AccountSql accounts;
  private final LifecycleSql lifecycle;
  private final ArrearsClock clock;
  private final Batcher<Asked, Posted> batcher;

  PaymentService(
      Pool pool,
      PostingSql postings,
      AccountSql accounts,
      LifecycleSql lifecycle,
      ArrearsClock clock,
      Vertx vertx,
      Limits limits) {
    this.pool = pool;
    this.postings = postings;
    this.accounts = accounts;
    this.lifecycle = lifecycle;
    this.clock = clock;
    this.batcher =
        new Batcher<>(
            new Batcher.Bounds(BATCHES, limits.claimSize(), limits.callsWaiting()),
            (millis, action) -> vertx.setTimer(millis, timer -> action.run()),
            new Together());
  }

  /**
   * Money in.
   *
   * @param amount above zero
   * @param paidAt null means now; a payment made in time counts as in time
   * @param billIds covered first; the rest covers the oldest unpaid bills
   */
  public record Payment(
      String accountId,
      BigDecimal amount,
      String currencyCode,
      String paymentId,
      Instant paidAt,
      List<String> billIds,
      String actor) {}

  /**
   * A correction.
   *
   * @param amount either way, not zero
   * @param billId the bill that a credit covers first; empty if it is about none
   */
  public record Adjustment(
      String accountId,
      BigDecimal amount,
      String currencyCode,
      String adjustmentId,
      String reason,
      String billId,
      String actor) {}

  /** The entry, and the account as it stands with it. */
  public record Posted(LedgerEntry entry, Account account) {}

  /** Either of them, as the ledger takes it. */
  private record Posting(
      Kind kind,
      String idField,
      String id,
      BigDecimal amount,
      String currencyCode,
      Instant at,
      String reason,
      String contraAccount,
      List<String> named,
      String actor) {

    byte[] digest() {
      return Digest.of(amount.stripTrailingZeros(), currencyCode, at, reason, named);
    }

    LedgerEntry.Draft draft(Currency currency, Instant now) {
      return new LedgerEntry.Draft(
          kind,
          scaled(amount, currency),
          at == null ? now : at,
          id,
          reason,
          actor,
          contraAccount,
          digest());
    }
  }

  /**
   * Records a payment; when it clears the arrears, suspended products are restored with it.
   *
   * @throws Rejection ALREADY_EXISTS for the same id with other content
   */
  public Uni<Posted> pay(Payment payment) {
    return postOnce(
        payment.accountId(),
        new Posting(
            Kind.PAYMENT,
            "payment_id",
            payment.paymentId(),
            payment.amount(),
            payment.currencyCode(),
            payment.paidAt(),
            "",
            "cash",
            payment.billIds(),
            payment.actor()));
  }

  /**
   * Corrects the balance; a credit that clears the arrears restores like a payment.
   *
   * @throws Rejection ALREADY_EXISTS for the same id with other content
   */
  public Uni<Posted> adjust(Adjustment adjustment) {
    return postOnce(
        adjustment.accountId(),
        new Posting(
            Kind.ADJUSTMENT,
            "adjustment_id",
            adjustment.adjustmentId(),
            adjustment.amount(),
            adjustment.currencyCode(),
            null,
            adjustment.reason(),
            "adjustments",
            adjustment.billId().isEmpty() ? List.of() : List.of(adjustment.billId()),
            adjustment.actor()));
  }

  private Uni<Posted> postOnce(String accountId, Posting posting) {
    return batcher.ask(new Asked(accountId, posting));
  }

  private record Asked(String accountId, Posting posting) {}

  private final class Together implements Batcher.Work<Asked, Posted> {

    /** So that each sees what the one before it did. */
    @Override
    public Object key(Asked asked) {
      return asked.accountId();
    }

    @Override
    public Uni<List<Supplier<Posted>>> answer(List<Asked> all) {
      return pool.withTransaction(connection -> post(connection, all))
          .invoke(done -> lifecycle.tell(done.changed()))
          .map(Done::answers);
    }
  }

  private record Done(List<Account> changed, List<Supplier<Posted>> answers) {}

  private Uni<Done> post(SqlConnection connection, List<Asked> all) {
    List<String> ids = all.stream().map(Asked::accountId).toList();
    List<String> credited =
        all.stream()
            .filter(asked -> asked.posting().amount().signum() > 0)
            .map(Asked::accountId)
            .toList();
    return Uni.combine()
        .all()
        .unis(
            lifecycle.lock(connection, ids),
            accounts.unpaid(connection, credited),
            before(connection, all))
        .with(this::work)
        .chain(
            work -> {
              List<Supplier<Posted>> answers = all.stream().map(work::answer).toList();
              return write(connection, work).replaceWith(new Done(work.changed, answers));
            });
  }

  private Uni<Before> before(SqlConnection connection, List<Asked> all) {
    return Uni.combine()
        .all()
        .unis(
            postings.entries(
                connection,
                all.stream()
                    .map(
                        a ->
                            new PostingSql.Key(a.accountId(), a.posting().kind(), a.posting().id()))
                    .toList()),
            postings.bills(
                connection, all.stream().flatMap(a -> a.posting().named().stream()).toList()))
        .with(Before::new);
  }

  private record Before(Map<PostingSql.Key, LedgerEntry> entries, Set<String> bills) {}

  private Work work(List<Account> locked, List<AccountSql.OpenBill> open, Before before) {
    Work work = new Work(before, clock.instant());
    locked.forEach(account -> work.accounts.put(account.accountId(), account));
    open.forEach(bill -> work.accounts.get(bill.accountId()).owes(List.of(bill.receivable())));
    return work;
  }

  private Uni<Void> write(SqlConnection connection, Work work) {
    return Pipelined.all(
        lifecycle.write(connection, work.changed, work.now),
        accounts.cover(
            connection, work.changed.stream().flatMap(a -> a.covered().stream()).toList()));
  }

  /** One batch, in memory. */
  private static final class Work {
    final Map<String, Account> accounts = new HashMap<>();
    final List<Account> changed = new ArrayList<>();
    final Before before;
    final Instant now;

    Work(Before before, Instant now) {
      this.before = before;
      this.now = now;
    }

    Supplier<Posted> answer(Asked asked) {
      try {
        Posted posted = posted(asked.accountId(), asked.posting());
        return () -> posted;
      } catch (Rejection refused) {
        return () -> {
          throw refused;
        };
      }
    }

    private Posted posted(String accountId, Posting posting) {
      Account account = accounts.get(accountId);
      if (account == null) {
        throw Rejection.accountNotFound(accountId);
      }
      LedgerEntry old =
          before.entries().get(new PostingSql.Key(accountId, posting.kind(), posting.id()));
      if (old != null) {
        return repeated(old, account, posting);
      }
      check(account, posting);
      LedgerEntry entry = post(account, posting);
      changed.add(account);
      return new Posted(entry, account);
    }

    private void check(Account account, Posting posting) {
      String currencyCode = account.currency().getCurrencyCode();
      if (!currencyCode.equals(posting.currencyCode())) {
        throw Rejection.invalid(
            "amount.currency_code", "must be the account's, which is " + currencyCode);
      }
      for (String billId : posting.named()) {
        BillEntity.Key key = BillEntity.Key.of(billId);
        if (key == null
            || !key.accountId().equals(account.accountId())
            || !before.bills().contains(billId)) {
          throw Rejection.of(
              Rejection.Kind.NOT_FOUND, "BILL_NOT_FOUND", "the account has no bill " + billId);
        }
      }
    }

    private LedgerEntry post(Account account, Posting posting) {
      try {
        return account.post(posting.draft(account.currency(), now), posting.named(), now);
      } catch (ArithmeticException e) {
        throw Rejection.of(
            Rejection.Kind.FAILED_PRECONDITION, "BALANCE_OUT_OF_RANGE", e.getMessage());
      }
    }

    private static Posted repeated(LedgerEntry before, Account account, Posting posting) {
      if (!Arrays.equals(before.requestDigest(), posting.digest())) {
        throw Rejection.of(
            Rejection.Kind.ALREADY_EXISTS,
            "ID_REUSED",
            posting.idField() + " " + posting.id() + " was used before with other content");
      }
      return new Posted(before, account);
    }
  }

  private static BigDecimal scaled(BigDecimal amount, Currency currency) {
    try {
      return new Money(amount, currency).amount();
    } catch (ArithmeticException e) {
      throw Rejection.invalid(
          "amount",
          "has more decimals than "
              + currency.getCurrencyCode()
              + " has, which is "
              + Money.digits(currency));
    }
  }
}
