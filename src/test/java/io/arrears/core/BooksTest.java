package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.account;
import static io.arrears.core.Accounts.adjustment;
import static io.arrears.core.Accounts.amount;
import static io.arrears.core.Accounts.bill;
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
      List.of(bill("august", "10.00"), bill("september", "20.00"), bill("october", "30.00"));

  /** What is unpaid of them once this money is in. */
  private static Account paying(String sum, List<String> named) {
    Account account = account("0.00", "100");
    account.owes(OPEN);
    account.post(payment(sum, MORNING), named, MORNING);
    return account;
  }

  @Test
  void moneyCoversTheOldestBillsFirst() {
    Account account = paying("25.00", List.of());

    assertEquals(List.of(bill("august", "0.00"), bill("september", "5.00")), account.covered());
    assertEquals(amount("0.00"), account.unallocated());
  }

  @Test
  void moneyCoversTheBillsItNamesInThatOrderAndThenTheOldest() {
    Account account = paying("55.00", List.of("october", "september"));

    assertEquals(
        List.of(bill("october", "0.00"), bill("september", "0.00"), bill("august", "5.00")),
        account.covered());
  }

  @Test
  void whatNoBillNeedsStaysForTheNextOne() {
    Account account = paying("100.00", List.of());

    assertEquals(3, account.covered().size());
    assertEquals(amount("40.00"), account.unallocated());
  }

  @Test
  void aNewBillIsCoveredByTheMoneyThatIsThere() {
    Account account = Accounts.reread(paying("100.00", List.of()));

    account.charge(charge("-50.00", MORNING), bill("november", "50.00"), MORNING);

    assertEquals(List.of(bill("november", "10.00")), account.covered());
    assertEquals(amount("0.00"), account.unallocated());
  }

  @Test
  void nothingIsCoveredWithoutMoneyAndADebitOnNoBillComesFirst() {
    Account account = account("0.00", "100");
    account.owes(OPEN);
    account.post(adjustment("-5.00", MORNING), List.of(), MORNING);

    account.post(payment("4.00", MORNING), List.of(), MORNING);

    assertEquals(List.of(), account.covered());
    assertEquals(amount("-1.00"), account.unallocated());
  }

  @Test
  void aBillThatGivesMoneyBackCoversOtherBills() {
    Account account = account("0.00", "100");
    account.owes(OPEN);

    account.post(charge("3.00", MORNING), List.of(), MORNING);

    assertEquals(List.of(bill("august", "7.00")), account.covered());
  }

  /** An account with its bills, as payments and bill runs treat them. */
  private static final class Customer {
    Account account = account("0.00", "50");
    final Map<String, BigDecimal> unpaid = new LinkedHashMap<>();
    final List<LedgerEntry> ledger = new ArrayList<>();
    Instant now = MORNING;

    void post(LedgerEntry.Draft draft, List<String> named) {
      account.owes(
          unpaid.entrySet().stream()
              .filter(bill -> bill.getValue().signum() > 0)
              .map(bill -> bill(bill.getKey(), bill.getValue().toPlainString()))
              .toList());
      if (draft.kind() == LedgerEntry.Kind.CHARGE && draft.amount().signum() < 0) {
        String id = "bill-" + ledger.size();
        unpaid.put(id, draft.amount().negate());
        Receivable bill = bill(id, draft.amount().negate().toPlainString());
        ledger.add(account.charge(draft, bill, now));
      } else {
        ledger.add(account.post(draft, named, now));
      }
      account.covered().forEach(covered -> unpaid.put(covered.billId(), covered.unpaid()));
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
