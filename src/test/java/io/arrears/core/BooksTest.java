package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.account;
import static io.arrears.core.Accounts.adjustment;
import static io.arrears.core.Accounts.amount;
import static io.arrears.core.Accounts.charge;
import static io.arrears.core.Accounts.payment;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which bills the money covers, and that nothing is lost or counted twice. */
class BooksTest {

  private static final List<Receivable> OPEN =
      List.of(
          new Receivable("august", amount("10.00")),
          new Receivable("september", amount("20.00")),
          new Receivable("october", amount("30.00")));

  @Test
  void moneyCoversTheOldestBillsFirst() {
    Account account = account("25.00", "0");

    List<Receivable> covered = account.cover(OPEN, List.of());

    assertEquals(
        List.of(
            new Receivable("august", amount("0.00")), new Receivable("september", amount("5.00"))),
        covered);
    assertEquals(amount("0.00"), account.unallocated());
  }

  @Test
  void moneyCoversTheBillsItNamesInThatOrderAndThenTheOldest() {
    Account account = account("55.00", "0");

    List<Receivable> covered = account.cover(OPEN, List.of("october", "september"));

    assertEquals(
        List.of(
            new Receivable("october", amount("0.00")),
            new Receivable("september", amount("0.00")),
            new Receivable("august", amount("5.00"))),
        covered);
  }

  @Test
  void whatNoBillNeedsStaysForTheNextOne() {
    Account account = account("100.00", "0");

    List<Receivable> covered = account.cover(OPEN, List.of());

    assertEquals(3, covered.size());
    assertEquals(amount("40.00"), account.unallocated());
  }

  @Test
  void nothingIsCoveredWithoutMoneyAndADebitOnNoBillComesFirst() {
    Account account = account("0.00", "100");
    account.post(adjustment("-5.00", MORNING), MORNING);
    account.post(payment("4.00", MORNING), MORNING);

    List<Receivable> covered = account.cover(OPEN, List.of());

    assertEquals(List.of(), covered);
    assertEquals(amount("-1.00"), account.unallocated());
  }

  @Test
  void aBillThatGivesMoneyBackCoversOtherBills() {
    Account account = account("0.00", "100");

    account.post(charge("3.00", MORNING), MORNING);

    assertEquals(List.of(new Receivable("august", amount("7.00"))), account.cover(OPEN, List.of()));
  }

  /** An account with its bills, as payments and bill runs treat them. */
  private static final class Customer {
    Account account = account("0.00", "50");
    final Map<String, BigDecimal> unpaid = new LinkedHashMap<>();
    final List<LedgerEntry> ledger = new ArrayList<>();
    Instant now = MORNING;

    void post(LedgerEntry.Draft draft, List<String> named) {
      ledger.add(account.post(draft, now));
      if (draft.kind() == LedgerEntry.Kind.CHARGE) {
        unpaid.put("bill-" + ledger.size(), draft.amount().negate().max(BigDecimal.ZERO));
      }
      List<Receivable> open =
          unpaid.entrySet().stream()
              .filter(bill -> bill.getValue().signum() > 0)
              .map(bill -> new Receivable(bill.getKey(), bill.getValue()))
              .toList();
      account.cover(open, named).forEach(covered -> unpaid.put(covered.billId(), covered.unpaid()));
      account = Accounts.reread(account);
    }

    BigDecimal owed() {
      return unpaid.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 20240902})
  void theBalanceIsWhatIsUnallocatedLessWhatIsUnpaid(long seed) {
    Random random = new Random(seed);
    Customer customer = new Customer();
    for (int i = 0; i < 500; i++) {
      customer.now = customer.now.plusSeconds(random.nextInt(100_000));

      customer.post(randomEntry(random, customer.now), randomBills(random, customer));

      Account account = customer.account;
      assertEquals(0, account.balance().compareTo(account.unallocated().subtract(customer.owed())));
      assertTrue(
          account.unallocated().signum() <= 0 || customer.owed().signum() == 0,
          "money lies about while a bill is unpaid");
      assertEquals(
          account.balance().compareTo(amount("-50")) < 0,
          account.arrears() != null,
          "overdue is what is below the limit");
    }
    BigDecimal running = BigDecimal.ZERO;
    for (LedgerEntry entry : customer.ledger) {
      running = running.add(entry.amount());
      assertEquals(0, running.compareTo(entry.balanceAfter()));
      assertEquals(customer.ledger.indexOf(entry) + 1L, entry.sequence());
    }
  }

  private static LedgerEntry.Draft randomEntry(Random random, Instant now) {
    String sum = BigDecimal.valueOf(1 + random.nextInt(5000), 2).toPlainString();
    Instant late = now.minusSeconds(random.nextInt(200_000));
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> charge("-" + sum, now);
      case 3 -> charge(sum, now);
      case 4 -> adjustment("-" + sum, now);
      case 5 -> adjustment(sum, now);
      case 6 -> payment(sum, late);
      default -> payment(sum, now);
    };
  }

  private static List<String> randomBills(Random random, Customer customer) {
    List<String> all = new ArrayList<>(customer.unpaid.keySet());
    return all.isEmpty() || random.nextBoolean()
        ? List.of()
        : List.of(all.get(random.nextInt(all.size())));
  }
}
