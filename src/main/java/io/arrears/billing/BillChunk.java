package io.arrears.billing;

import io.arrears.account.AccountSql;
import io.arrears.account.BillEntity;
import io.arrears.core.Account;
import io.arrears.core.LedgerEntry;
import io.arrears.core.Money;
import io.arrears.core.Receivable;
import io.arrears.core.Span;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/** A chunk of drafts on its way, in memory: each becomes a bill and a charge, or is set aside. */
final class BillChunk {

  private static final Logger LOG = Logger.getLogger(BillChunk.class);

  final Map<String, Account> accounts = new HashMap<>();
  final Map<BillEntity.Key, Integer> newest;
  final Instant now;
  final String actor;
  final Map<String, Account> charged = new LinkedHashMap<>();
  final Map<String, BillEntity> bills = new LinkedHashMap<>();
  final List<Receivable> coveredBefore = new ArrayList<>();
  final Map<Draft, String> failed = new LinkedHashMap<>();

  BillChunk(
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

  BillChunk bill(List<Draft> drafts) {
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
