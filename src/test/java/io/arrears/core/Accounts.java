package io.arrears.core;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;

/** Accounts and entries to test with: one customer of {@code css} that pays in yuan. */
final class Accounts {

  static final Currency CNY = Currency.getInstance("CNY");

  /** When the bills of the day before are charged: 08:00 in Shanghai. */
  static final Instant MORNING = Instant.parse("2024-09-02T00:00:00Z");

  static final Instant OPENED = Instant.parse("2024-08-01T00:00:00Z");

  /** When the customer of {@link #inGrace} learns of it. */
  static final Instant RECEIVED = MORNING.plus(Duration.ofHours(5));

  static final Instant DEADLINE = RECEIVED.plus(Policies.DAY);

  private Accounts() {}

  static BigDecimal amount(String amount) {
    return new BigDecimal(amount);
  }

  /** So many hours after that morning. */
  static Instant hour(long hours) {
    return MORNING.plus(Duration.ofHours(hours));
  }

  /** So many times 24 hours after that morning. */
  static Instant day(long days) {
    return MORNING.plus(Duration.ofDays(days));
  }

  static Account.State state(String balance, String creditLimit) {
    return new Account.State(
        "acme",
        CNY,
        "standard",
        "ap-guangzhou",
        null,
        amount(creditLimit),
        BigDecimal.ZERO,
        amount(balance),
        amount(balance),
        0,
        0,
        new byte[0],
        0,
        null,
        null,
        null,
        false,
        1);
  }

  static Account account(String balance, String creditLimit) {
    return new Account(
        state(balance, creditLimit),
        List.of(Service.opened("css", OPENED)),
        Circumstances.NONE,
        product -> PolicyHistory.of(Policies.CSS));
  }

  /** As the next command finds it: stored and read again. */
  static Account reread(Account account) {
    return new Account(
        account.state(),
        List.copyOf(account.services().values()),
        Circumstances.NONE,
        product -> PolicyHistory.of(Policies.CSS));
  }

  /** Of a bill that has no due date. */
  static Receivable bill(String id, String unpaid) {
    return new Receivable(id, "css", amount(unpaid), OPENED, null);
  }

  static LedgerEntry.Draft charge(String amount, Instant at) {
    return draft(LedgerEntry.Kind.CHARGE, amount, at, "revenue:css");
  }

  static LedgerEntry.Draft payment(String amount, Instant at) {
    return draft(LedgerEntry.Kind.PAYMENT, amount, at, "cash");
  }

  static LedgerEntry.Draft adjustment(String amount, Instant at) {
    return draft(LedgerEntry.Kind.ADJUSTMENT, amount, at, "adjustments");
  }

  private static LedgerEntry.Draft draft(
      LedgerEntry.Kind kind, String amount, Instant at, String contraAccount) {
    return new LedgerEntry.Draft(
        kind, amount(amount), at, "reference", "", "tester", contraAccount, null);
  }

  /** Overdue by 5.00 since the morning; the customer knows. */
  static Account inGrace() {
    Account account = account("10.00", "0");
    account.post(charge("-15.00", MORNING), List.of(), MORNING);
    account.received(1, RECEIVED, RECEIVED, "customer");
    return reread(account);
  }

  static Account suspended() {
    Account account = inGrace();
    account.settle(DEADLINE, "job");
    return reread(account);
  }

  static ServiceState css(Account account) {
    return account.services().get("css").state();
  }

  static List<String> moves(Account account) {
    return account.transitions().stream().map(t -> t.rule() + " " + t.at()).toList();
  }
}
