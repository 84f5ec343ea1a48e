package io.arrears.core;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One account's ledger and its bills while one command works on it. */
final class Book {

  private final String accountId;
  private final Currency currency;
  private final List<LedgerEntry> entries = new ArrayList<>();
  private final Map<String, Receivable> unpaid = new LinkedHashMap<>();
  private final Map<String, Receivable> covered = new LinkedHashMap<>();
  private BigDecimal balance;
  private BigDecimal unallocated;
  private long sequence;

  Book(Account.State state, List<Receivable> bills) {
    this.accountId = state.accountId();
    this.currency = state.currency();
    this.balance = state.balance();
    this.unallocated = state.unallocated();
    this.sequence = state.ledgerSequence();
    bills.forEach(bill -> unpaid.put(bill.billId(), bill));
  }

  /**
   * @throws ArithmeticException if the balance would leave what can be represented
   */
  LedgerEntry post(LedgerEntry.Draft draft, Instant at, Instant now) {
    BigDecimal after = balance.add(draft.amount());
    if (after.abs().compareTo(Money.LIMIT) >= 0) {
      throw new ArithmeticException("the balance would reach " + after + " " + currency);
    }
    LedgerEntry entry =
        new LedgerEntry(
            accountId,
            ++sequence,
            draft.kind(),
            draft.amount(),
            after,
            at,
            now,
            draft.referenceId(),
            draft.reason(),
            draft.actor(),
            draft.contraAccount(),
            draft.requestDigest());
    balance = after;
    if (draft.kind() != LedgerEntry.Kind.CHARGE || draft.amount().signum() > 0) {
      unallocated = unallocated.add(draft.amount());
    }
    entries.add(entry);
    return entry;
  }

  /** Of bills issued at one instant, those told of first are covered first. */
  void owe(Receivable bill) {
    unpaid.remove(bill.billId());
    unpaid.put(bill.billId(), bill);
  }

  /**
   * Covers bills with the money that covers none yet: those named first, then the oldest.
   *
   * @param named ids of bills to cover before the others
   */
  void cover(List<String> named) {
    if (unallocated.signum() <= 0) {
      return;
    }
    List<Receivable> order = new ArrayList<>(unpaid.values());
    order.sort(
        Comparator.comparingInt((Receivable bill) -> rank(named, bill.billId()))
            .thenComparing(Receivable::issuedAt));
    for (Receivable bill : order) {
      BigDecimal paid = unallocated.min(bill.unpaid());
      if (paid.signum() > 0) {
        unallocated = unallocated.subtract(paid);
        Receivable left = bill.withUnpaid(bill.unpaid().subtract(paid));
        unpaid.put(bill.billId(), left);
        covered.put(bill.billId(), left);
      }
    }
  }

  private static int rank(List<String> named, String billId) {
    int index = named.indexOf(billId);
    return index < 0 ? Integer.MAX_VALUE : index;
  }

  BigDecimal balance() {
    return balance;
  }

  BigDecimal unallocated() {
    return unallocated;
  }

  long sequence() {
    return sequence;
  }

  List<LedgerEntry> entries() {
    return entries;
  }

  /** Of a product, as they are now. */
  List<Receivable> unpaid(String product) {
    List<Receivable> found = new ArrayList<>();
    for (Receivable bill : unpaid.values()) {
      if (bill.product().equals(product)) {
        found.add(bill);
      }
    }
    return found;
  }

  /** What is unpaid now of each bill that was covered, in whole or in part. */
  List<Receivable> covered() {
    return List.copyOf(covered.values());
  }
}
