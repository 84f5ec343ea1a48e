package io.arrears.core;

import static io.arrears.core.Accounts.CNY;
import static io.arrears.core.Accounts.DEADLINE;
import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.RECEIVED;
import static io.arrears.core.Accounts.account;
import static io.arrears.core.Accounts.adjustment;
import static io.arrears.core.Accounts.amount;
import static io.arrears.core.Accounts.charge;
import static io.arrears.core.Accounts.css;
import static io.arrears.core.Accounts.inGrace;
import static io.arrears.core.Accounts.moves;
import static io.arrears.core.Accounts.payment;
import static io.arrears.core.Accounts.suspended;
import static io.arrears.core.Policies.DAY;
import static io.arrears.core.Policies.SIXTY_DAYS;
import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.GRACE;
import static io.arrears.core.ServiceState.OVERDUE;
import static io.arrears.core.ServiceState.REPOSSESSED;
import static io.arrears.core.ServiceState.SUSPENDED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One account: what follows from an entry, a receipt, new terms and the passing of time. */
class AccountTest {

  private static Account.Terms limit(Account account, String creditLimit) {
    Account.Terms terms = account.terms();
    return new Account.Terms(amount(creditLimit), terms.frozen(), terms.tier(), terms.region());
  }

  private static Notice overdueNotice(long episode, Instant at, String amountDue) {
    return new Notice(
        "acme",
        episode,
        Notice.Rung.OVERDUE,
        "",
        "",
        at,
        amount(amountDue),
        at,
        Policies.SHANGHAI,
        new Notice.Next(SUSPENDED, at.plus(DAY)));
  }

  @Test
  void isOverdueInTheEntryThatCausesIt() {
    Account account = account("10.00", "0");

    LedgerEntry entry = account.post(charge("-10.01", MORNING), List.of(), MORNING);

    assertEquals(amount("-0.01"), entry.balanceAfter());
    assertEquals(Arrears.belowLimit(1, MORNING, MORNING, null), account.arrears());
    assertEquals(OVERDUE, css(account));
    assertEquals(List.of("balance-below-limit " + MORNING), moves(account));
    assertEquals(List.of(overdueNotice(1, MORNING, "0.01")), account.notices());
    assertEquals(MORNING.plus(DAY), account.dueAt(MORNING));
  }

  @Test
  void isNotOverdueExactlyAtTheCreditLimit() {
    Account account = account("0", "100");

    account.post(charge("-100.00", MORNING), List.of(), MORNING);

    assertNull(account.arrears());
    assertEquals(ACTIVE, css(account));
    assertEquals(List.of(), account.notices());
  }

  @Test
  void isOverdueOneCentBelowTheCreditLimitAndOwesThatCent() {
    Account account = account("0", "100");

    account.post(charge("-100.01", MORNING), List.of(), MORNING);

    assertEquals(OVERDUE, css(account));
    assertEquals(amount("0.01"), account.amountDue(MORNING));
  }

  @Test
  void becomesOverdueWhenItsCreditLimitIsLoweredAndIsClearedWhenItIsRaised() {
    Account account = account("-50.00", "100");

    account.agree(limit(account, "49.99"), MORNING, "risk");

    assertEquals(OVERDUE, css(account));
    assertEquals(amount("0.01"), account.amountDue(MORNING));

    account.agree(limit(account, "50"), RECEIVED, "risk");

    assertEquals(ACTIVE, css(account));
    assertNull(account.dueAt(RECEIVED));
  }

  @Test
  void isClearedInThePaymentThatClearsItAndNoTimerIsLeft() {
    Account account = inGrace();
    Instant inTime = DEADLINE.minusSeconds(1);

    account.post(payment("5.00", inTime), List.of(), inTime);

    assertEquals(ACTIVE, css(account));
    assertEquals(List.of("arrears-cleared " + inTime), moves(account));
    assertNull(account.arrears());
    assertNull(account.dueAt(inTime));
    assertEquals(inTime, account.state().clearedAt());
  }

  @Test
  void isSuspendedFirstWhenThePaymentComesAtTheVeryDeadline() {
    Account account = inGrace();

    account.post(payment("5.00", DEADLINE), List.of(), DEADLINE);

    assertEquals(
        List.of("grace-expired " + DEADLINE, "arrears-cleared " + DEADLINE), moves(account));
    assertEquals(ACTIVE, css(account));
  }

  @Test
  void aPartPaymentThatDoesNotClearChangesNoStateAndNoDeadline() {
    Account account = inGrace();

    account.post(payment("4.99", RECEIVED.plusSeconds(60)), List.of(), RECEIVED.plusSeconds(60));

    assertEquals(GRACE, css(account));
    assertEquals(List.of(), account.transitions());
    assertEquals(amount("0.01"), account.amountDue(MORNING));
    assertEquals(DEADLINE, account.dueAt(RECEIVED.plusSeconds(60)));
  }

  @Test
  void aFullPaymentRestoresASuspendedServiceInTheSameCommand() {
    Account account = suspended();
    Instant later = DEADLINE.plus(DAY);

    account.post(payment("5.00", later), List.of(), later);

    Service css = account.services().get("css");
    assertEquals(ACTIVE, css.state());
    assertEquals(Access.ALLOWED, css.access());
    assertEquals(3, css.generation(), "blocked was the second, allowed again is the third");
  }

  @Test
  void anAdjustmentThatClearsRestoresLikeAPayment() {
    Account account = suspended();

    account.post(adjustment("5.00", DEADLINE.plusSeconds(1)), List.of(), DEADLINE.plusSeconds(1));

    assertEquals(ACTIVE, css(account));
  }

  @Test
  void goesOnBeingChargedWhileSuspendedWithoutAnotherNotice() {
    Account account = suspended();
    Instant nextMorning = MORNING.plus(DAY).plus(DAY);

    account.post(charge("-15.00", nextMorning), List.of(), nextMorning);

    assertEquals(amount("-20.00"), account.balance());
    assertEquals(SUSPENDED, css(account));
    assertEquals(List.of(), account.notices());
    assertEquals(1, account.state().episodes());
  }

  @Test
  void aSecondEpisodeHasItsOwnNoticeAndItsOwnWholeGrace() {
    Account account = inGrace();
    account.post(payment("5.00", RECEIVED.plusSeconds(1)), List.of(), RECEIVED.plusSeconds(1));
    Instant second = MORNING.plus(DAY).plus(DAY);

    account.post(charge("-1.00", second), List.of(), second);

    assertEquals(Arrears.belowLimit(2, second, second, null), account.arrears());
    assertEquals(List.of(overdueNotice(2, second, "1.00")), account.notices());
    account.received(2, second.plusSeconds(7), second.plusSeconds(7), "customer");
    assertEquals(second.plusSeconds(7).plus(DAY), account.dueAt(second.plusSeconds(7)));
  }

  @Test
  void moneyAfterTheRepossessionStaysOnTheAccountAndTheServiceWhereItIs() {
    Account account = suspended();
    Instant end = MORNING.plus(SIXTY_DAYS);

    account.post(payment("100.00", end.plusSeconds(1)), List.of(), end.plusSeconds(1));

    assertEquals(
        List.of(
            "overdue-retention-expired " + end,
            "clearing-started " + end,
            "clearing-withdrawn " + end.plusSeconds(1)),
        moves(account));
    assertEquals(REPOSSESSED, css(account));
    assertEquals(amount("95.00"), account.balance());
    assertNull(account.arrears());
    assertNull(account.dueAt(end.plusSeconds(1)));
  }

  @Test
  void settlingWithNothingDueChangesNothing() {
    Account account = inGrace();
    long version = account.state().version();

    account.settle(DEADLINE.minusSeconds(1), "job");

    assertEquals(List.of(), account.transitions());
    assertEquals(version, account.state().version());
  }

  @Test
  void theStepsOfSeveralProductsAreTakenInTheOrderTheyHappened() {
    Policy vod =
        PolicyBuilder.from(Policies.suspendedTo(Access.BLOCKED))
            .grace(Policies.exactly(DAY), Grace.Anchor.DEDUCTION)
            .build();
    Account account =
        new Account(
            Accounts.state("0", "0"),
            List.of(
                Service.opened("css", MORNING.minus(DAY)),
                Service.opened("vod", MORNING.minus(DAY))),
            Circumstances.NONE,
            product -> PolicyHistory.of(product.equals("css") ? Policies.CSS : vod));
    account.post(charge("-1.00", MORNING), List.of(), MORNING);

    account.settle(MORNING.plus(DAY).plus(DAY), "job");

    assertEquals(
        List.of(
            "css balance-below-limit",
            "vod balance-below-limit",
            "vod grace-started",
            "css receipt-assumed",
            "vod grace-expired",
            "css grace-expired"),
        account.transitions().stream().map(t -> t.product() + " " + t.rule()).toList());
    assertEquals(Access.NEW_BLOCKED, account.services().get("css").access());
    assertEquals(Access.BLOCKED, account.services().get("vod").access());
    assertEquals(3, account.transitions().get(2).policyVersion());
  }

  /** As after a first item for an account that is overdue: opened, and not settled yet. */
  @Test
  void aServiceOpenedWhileTheAccountIsOverdueIsDueAtOnce() {
    Account overdue = inGrace();
    Instant opened = RECEIVED.plusSeconds(60);

    Account account =
        new Account(
            overdue.state(),
            List.of(overdue.services().get("css"), Service.opened("vod", opened)),
            Circumstances.NONE,
            product -> PolicyHistory.of(Policies.CSS));

    assertEquals(new Step(Rule.BALANCE_BELOW_LIMIT, OVERDUE, opened), account.next("vod", opened));
    assertEquals(opened, account.dueAt(opened));
  }

  @Test
  void refusesAnEntryThatTheBalanceCannotHoldAndStaysAsItWas() {
    Account account = account("999999999999999999.99", "0");

    assertThrows(
        ArithmeticException.class,
        () -> account.post(payment("0.01", MORNING), List.of(), MORNING));

    assertEquals(amount("999999999999999999.99"), account.balance());
    assertEquals(List.of(), account.entries());
    assertEquals(0, account.state().ledgerSequence());
  }

  @Test
  void aTransitionSaysInASentenceWhatTheRuleSaw() {
    Account account = suspended();

    account.settle(MORNING.plus(SIXTY_DAYS), "job");

    assertEquals(
        "Overdue since 2024-09-02T00:00:00Z, longer than the 1440 hours for which resources are"
            + " kept; the balance is -5.00 CNY.",
        account.transitions().get(0).explanation());
    assertEquals(CNY, account.currency());
  }

  @Test
  void itsVersionGrowsByOneWithEveryCommandThatChangesIt() {
    Account account = account("0", "0");
    account.post(charge("-1.00", MORNING), List.of(), MORNING);
    assertEquals(2, account.state().version());
    account.received(1, RECEIVED, RECEIVED, "customer");
    assertEquals(3, account.state().version());
    account.agree(limit(account, "50"), RECEIVED, "risk");
    assertEquals(4, account.state().version());
  }

  @Test
  void onlyServicesThatAreNotAsTheyWereReadAreChanged() {
    Account account =
        new Account(
            Accounts.state("0", "0"),
            List.of(Service.opened("css", MORNING), Service.opened("vod", MORNING)),
            Circumstances.NONE,
            product -> PolicyHistory.of(Policies.CSS));
    assertEquals(List.of(), account.changedServices());

    account.restrict(
        new Restriction("r", "vod", SuspensionReason.MANUAL, RECEIVED), RECEIVED, "risk");

    assertEquals(List.of(account.services().get("vod")), account.changedServices());
  }

  @Test
  void keepsTheEntriesOfTheCommand() {
    Account account = account("10.00", "0");

    LedgerEntry entry = account.post(payment("5.00", MORNING), List.of(), MORNING);

    assertEquals(List.of(entry), account.entries());
    assertEquals("acme", account.accountId());
    assertEquals(1, entry.sequence());
  }
}
