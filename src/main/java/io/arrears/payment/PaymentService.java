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
import java.util.Currency;
import java.util.List;
import java.util.Objects;

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

  /**
   * Records a payment; when it clears the arrears, suspended products are restored with it.
   *
   * @throws Rejection ALREADY_EXISTS for the same id with other content
   */
  public Uni<Posted> pay(Payment payment) {
    byte[] digest =
        Digest.of(
            payment.amount().stripTrailingZeros(),
            payment.currencyCode(),
            payment.paidAt(),
            payment.billIds());
    return lifecycle.change(
        payment.accountId(),
        locked ->
            once(
                locked.account(),
                "payment_id",
                payment.currencyCode(),
                now ->
                    new LedgerEntry.Draft(
                        Kind.PAYMENT,
                        scaled(payment.amount(), locked.account().currency()),
                        payment.paidAt() == null ? now : payment.paidAt(),
                        payment.paymentId(),
                        "",
                        payment.actor(),
                        "cash",
                        digest),
                payment.billIds(),
                Kind.PAYMENT,
                payment.paymentId(),
                digest));
  }

  /**
   * Corrects the balance; a credit that clears the arrears restores like a payment.
   *
   * @throws Rejection ALREADY_EXISTS for the same id with other content
   */
  public Uni<Posted> adjust(Adjustment adjustment) {
    byte[] digest =
        Digest.of(
            adjustment.amount().stripTrailingZeros(),
            adjustment.currencyCode(),
            adjustment.reason(),
            adjustment.billId());
    List<String> named = adjustment.billId().isEmpty() ? List.of() : List.of(adjustment.billId());
    return lifecycle.change(
        adjustment.accountId(),
        locked ->
            once(
                locked.account(),
                "adjustment_id",
                adjustment.currencyCode(),
                now ->
                    new LedgerEntry.Draft(
                        Kind.ADJUSTMENT,
                        scaled(adjustment.amount(), locked.account().currency()),
                        now,
                        adjustment.adjustmentId(),
                        adjustment.reason(),
                        adjustment.actor(),
                        "adjustments",
                        digest),
                named,
                Kind.ADJUSTMENT,
                adjustment.adjustmentId(),
                digest));
  }

  private interface Drafting {
    LedgerEntry.Draft at(Instant now);
  }

  private Uni<Posted> once(
      Account account,
      String idField,
      String currencyCode,
      Drafting drafting,
      List<String> named,
      Kind kind,
      String id,
      byte[] digest) {
    return ledger
        .find(account.accountId(), kind, id)
        .chain(
            before -> {
              if (before != null) {
                return Uni.createFrom().item(repeated(before, account, idField, digest));
              }
              if (!account.currency().getCurrencyCode().equals(currencyCode)) {
                throw Rejection.invalid(
                    "amount.currency_code",
                    "must be the account's, which is " + account.currency().getCurrencyCode());
              }
              return checkNamed(account, named)
                  .chain(() -> post(account, drafting.at(clock.instant()), named));
            });
  }

  private static Posted repeated(
      LedgerEntry before, Account account, String idField, byte[] digest) {
    if (!java.util.Arrays.equals(Objects.requireNonNull(before.requestDigest()), digest)) {
      throw Rejection.of(
          Rejection.Kind.ALREADY_EXISTS,
          "ID_REUSED",
          idField + " " + before.referenceId() + " was used before with other content");
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

  private Uni<Posted> post(Account account, LedgerEntry.Draft draft, List<String> named) {
    LedgerEntry entry;
    try {
      entry = account.post(draft, clock.instant());
    } catch (ArithmeticException e) {
      throw Rejection.of(
          Rejection.Kind.FAILED_PRECONDITION, "BALANCE_OUT_OF_RANGE", e.getMessage());
    }
    if (account.unallocated().signum() <= 0) {
      return Uni.createFrom().item(new Posted(entry, account));
    }
    return bills
        .unpaid(account.accountId())
        .map(open -> account.cover(open, named))
        .call((List<Receivable> covered) -> bills.cover(covered))
        .replaceWith(new Posted(entry, account));
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
