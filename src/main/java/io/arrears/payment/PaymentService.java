package io.arrears.payment;

import io.arrears.account.BillEntity;
import io.arrears.account.BillRepository;
import io.arrears.account.LedgerRepository;
import io.arrears.core.Account;
import io.arrears.core.LedgerEntry;
import io.arrears.core.LedgerEntry.Kind;
import io.arrears.core.Money;
import io.arrears.core.Receivable;
import io.arrears.lifecycle.LifecycleService;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Digest;
import io.arrears.platform.Rejection;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;

/** Appends payments and corrections to the ledger; what follows from them happens with them. */
@ApplicationScoped
public class PaymentService {

  private final LifecycleService lifecycle;
  private final LedgerRepository ledger;
  private final BillRepository bills;
  private final ArrearsClock clock;

  PaymentService(
      LifecycleService lifecycle,
      LedgerRepository ledger,
      BillRepository bills,
      ArrearsClock clock) {
    this.lifecycle = lifecycle;
    this.ledger = ledger;
    this.bills = bills;
    this.clock = clock;
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
    return lifecycle.change(
        accountId,
        locked ->
            ledger
                .find(accountId, posting.kind(), posting.id())
                .chain(
                    before ->
                        before == null
                            ? postNew(locked.account(), posting)
                            : Uni.createFrom().item(repeated(before, locked.account(), posting))));
  }

  private Uni<Posted> postNew(Account account, Posting posting) {
    String currencyCode = account.currency().getCurrencyCode();
    if (!currencyCode.equals(posting.currencyCode())) {
      throw Rejection.invalid(
          "amount.currency_code", "must be the account's, which is " + currencyCode);
    }
    return checkNamed(account, posting.named()).chain(() -> post(account, posting));
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

  private Uni<Void> checkNamed(Account account, List<String> named) {
    Uni<Void> all = Uni.createFrom().voidItem();
    for (String billId : named) {
      all =
          all.chain(() -> find(account, billId))
              .onItem()
              .ifNull()
              .failWith(
                  () ->
                      Rejection.of(
                          Rejection.Kind.NOT_FOUND,
                          "BILL_NOT_FOUND",
                          "the account has no bill " + billId))
              .replaceWithVoid();
    }
    return all;
  }

  private Uni<BillEntity> find(Account account, String billId) {
    BillEntity.Key key = BillEntity.Key.of(billId);
    return key == null || !key.accountId().equals(account.accountId())
        ? Uni.createFrom().nullItem()
        : bills.findById(key);
  }

  private Uni<Posted> post(Account account, Posting posting) {
    return posting.amount().signum() > 0
        ? bills.unpaid(account.accountId()).map(open -> postOver(account, open, posting))
        : Uni.createFrom().item(() -> postOver(account, List.of(), posting));
  }

  private Posted postOver(Account account, List<Receivable> open, Posting posting) {
    Instant now = clock.instant();
    account.owes(open);
    try {
      LedgerEntry entry =
          account.post(posting.draft(account.currency(), now), posting.named(), now);
      return new Posted(entry, account);
    } catch (ArithmeticException e) {
      throw Rejection.of(
          Rejection.Kind.FAILED_PRECONDITION, "BALANCE_OUT_OF_RANGE", e.getMessage());
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
