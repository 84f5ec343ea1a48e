package io.arrears.core;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a policy means by overdue: by balance, by unpaid bills, or by both.
 *
 * @param balance null when the balance does not matter
 * @param bills null when bills do not matter
 * @param together whether both must hold; either is enough otherwise
 * @param packagesCover whether a prepaid package that is neither used up nor expired keeps the
 *     service from being overdue
 */
public record Overdue(
    @Nullable ByBalance balance,
    @Nullable UnpaidBills bills,
    boolean together,
    boolean packagesCover) {

  /** Below the limit, as it is; cleared at the limit. What accounts themselves go by. */
  public static final Overdue BELOW_LIMIT =
      new Overdue(new ByBalance(false, false), null, false, false);

  /**
   * The balance is below the credit limit.
   *
   * @param withoutFrozen whether money that is held back counts as not being there
   * @param clearedAbove cleared strictly above the limit; at it otherwise
   */
  public record ByBalance(boolean withoutFrozen, boolean clearedAbove) {

    boolean holds(Funds funds, boolean already) {
      BigDecimal spendable =
          withoutFrozen ? funds.balance().subtract(funds.frozen()) : funds.balance();
      int compared = spendable.compareTo(funds.creditLimit().negate());
      return compared < 0 || (already && clearedAbove && compared == 0);
    }
  }

  /**
   * Bills of the product are past due. All three must hold at the same time.
   *
   * @param pastDue for how long the oldest
   * @param count at least so many
   * @param amount at least so much, in the account's currency; zero for any
   */
  public record UnpaidBills(Span pastDue, int count, BigDecimal amount) {

    /** Null if these bills never make it hold. */
    @Nullable Instant since(List<Receivable> unpaid) {
      List<Receivable> due = new ArrayList<>(unpaid);
      due.removeIf(bill -> bill.dueAt() == null || bill.unpaid().signum() <= 0);
      due.sort(Comparator.comparing(Receivable::due));
      BigDecimal sum = BigDecimal.ZERO;
      for (int i = 0; i < due.size(); i++) {
        sum = sum.add(due.get(i).unpaid());
        if (i + 1 >= count && sum.compareTo(amount) >= 0) {
          Instant oldest = pastDue.after(due.get(0).due());
          return oldest.isAfter(due.get(i).due()) ? oldest : due.get(i).due();
        }
      }
      return null;
    }
  }

  /** The money and the bills that a judgement looks at. */
  public record Funds(
      BigDecimal balance,
      BigDecimal frozen,
      BigDecimal creditLimit,
      List<Receivable> unpaid,
      List<PrepaidPackage> packages) {}

  /**
   * Since when, or from when on, the service is overdue if nothing else happens; {@link
   * Instant#MIN} if it is so by the balance alone, null if it will not be.
   *
   * @param already whether an episode is open: what clears it may be more than what keeps from it
   */
  public @Nullable Instant since(Funds funds, boolean already) {
    Instant byBalance = balance != null && balance.holds(funds, already) ? Instant.MIN : null;
    Instant byBills = bills == null ? null : bills.since(funds.unpaid());
    Instant since =
        together && balance != null && bills != null
            ? byBalance == null ? null : byBills
            : earlier(byBalance, byBills);
    return since == null || !packagesCover ? since : uncovered(since, funds.packages());
  }

  private static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    return a == null || (b != null && b.isBefore(a)) ? b : a;
  }

  /** The end of the last package that lasts beyond {@code since}. */
  private static @Nullable Instant uncovered(Instant since, List<PrepaidPackage> packages) {
    Instant end = since;
    for (PrepaidPackage each : packages) {
      if (each.remaining().signum() > 0) {
        if (each.expiresAt() == null) {
          return null;
        }
        end = each.expiresAt().isAfter(end) ? each.expiresAt() : end;
      }
    }
    return end;
  }

  /** What a payment must reach to clear it; zero or above. */
  BigDecimal amountDue(Funds funds, BigDecimal smallestUnit, Instant now) {
    BigDecimal missing = BigDecimal.ZERO;
    if (balance != null) {
      missing = funds.creditLimit().add(funds.balance()).negate();
      missing = balance.withoutFrozen() ? missing.add(funds.frozen()) : missing;
      missing = balance.clearedAbove() ? missing.add(smallestUnit) : missing;
    }
    BigDecimal pastDue =
        bills == null
            ? BigDecimal.ZERO
            : funds.unpaid().stream()
                .filter(bill -> bill.dueAt() != null && !bill.dueAt().isAfter(now))
                .map(Receivable::unpaid)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    boolean eitherClears = together && balance != null && bills != null;
    return (eitherClears ? missing.min(pastDue) : missing.max(pastDue)).max(BigDecimal.ZERO);
  }
}
