package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.amount;
import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.bills;
import static io.arrears.core.Policies.byBills;
import static io.arrears.core.Policies.hours;
import static io.arrears.core.PolicyBuilder.css;
import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.GRACE;
import static io.arrears.core.ServiceState.OVERDUE;
import static io.arrears.core.ServiceState.SUSPENDED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.arrears.core.Overdue.ByBalance;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What policies mean by overdue, and by cleared. */
class OverdueRuleTest {

  private static final Overdue FROZEN_IS_GONE =
      new Overdue(new ByBalance(true, false), null, false, false);
  private static final Overdue CLEARED_ABOVE =
      new Overdue(new ByBalance(false, true), null, false, false);
  private static final Overdue COVERED =
      new Overdue(new ByBalance(false, false), null, false, true);

  private static Overdue.Funds funds(String balance, String frozen, Receivable... unpaid) {
    return new Overdue.Funds(
        amount(balance), amount(frozen), amount("0"), List.of(unpaid), List.of());
  }

  private static Receivable due(String unpaid, Instant dueAt) {
    return new Receivable("bill-" + dueAt, "css", amount(unpaid), MORNING, dueAt);
  }

  private static Policy by(Overdue rule) {
    return css().overdue(rule).build();
  }

  private static Account.Terms frozen(String frozen) {
    return new Account.Terms(BigDecimal.ZERO, amount(frozen), "standard", "ap-guangzhou");
  }

  @Test
  void moneyThatIsHeldBackCountsAsThereUnlessThePolicySaysOtherwise() {
    assertNull(Overdue.BELOW_LIMIT.since(funds("10", "10.01"), false));
    assertEquals(Instant.MIN, FROZEN_IS_GONE.since(funds("10", "10.01"), false));
    assertNull(FROZEN_IS_GONE.since(funds("10", "10"), false));
  }

  @Test
  void freezingMoneyMakesOnlyThoseServicesOverdueWhosePolicyCountsIt() {
    Customer customer =
        Customer.of(by(FROZEN_IS_GONE), css().product("vod").build()).pays("10.00", MORNING);

    customer.agreed(frozen("10.01"), hour(1));

    assertEquals(OVERDUE, customer.stateOf("css"));
    assertEquals(ACTIVE, customer.stateOf("vod"));
    assertEquals(amount("0.01"), customer.read().amountDue(hour(1)));
    assertEquals(List.of("OVERDUE 1h"), customer.told());
    assertEquals(ACTIVE, customer.agreed(frozen("10"), hour(2)).stateOf("css"));
  }

  @Test
  void isClearedAtTheLimitUnlessThePolicySaysStrictlyAbove() {
    Customer atTheLimit = Customer.owing(css().build()).pays("5.00", hour(1));
    Customer above = Customer.owing(by(CLEARED_ABOVE)).pays("5.00", hour(1));

    assertEquals(ACTIVE, atTheLimit.stateOf("css"));
    assertEquals(OVERDUE, above.stateOf("css"));
    assertEquals(amount("0.01"), above.read().amountDue(hour(1)));
    assertEquals(ACTIVE, above.pays("0.01", hour(2)).stateOf("css"));
  }

  @Test
  void isNotOverdueAtTheLimitHoweverItIsCleared() {
    assertNull(CLEARED_ABOVE.since(funds("0", "0"), false));
    assertEquals(Instant.MIN, CLEARED_ABOVE.since(funds("0", "0"), true));
    assertNull(CLEARED_ABOVE.since(funds("0.01", "0"), true));
  }

  @ParameterizedTest(name = "{0} bills of {1} at least, the oldest for {2} h: since {3} h")
  @CsvSource({
    "1, 0, 0, 10",
    "1, 0, 5, 15",
    "2, 0, 0, 20",
    "2, 0, 5, 20",
    "2, 0, 15, 25",
    "3, 0, 0, 30",
    "1, 5.01, 0, 20",
    "1, 12.00, 0, 30",
    "1, 12.00, 100, 110",
    "2, 12.00, 0, 30",
  })
  void billsArePastDueForSoLongSoManyAndSoMuch(
      int count, String amount, long pastDueHours, long since) {
    Overdue rule = byBills(hours(pastDueHours), count, amount);
    Overdue.Funds funds =
        funds("0", "0", due("4.00", hour(30)), due("5.00", hour(10)), due("3.00", hour(20)));

    assertEquals(hour(since), rule.since(funds, false));
  }

  @ParameterizedTest(name = "{0} bills of {1} at least")
  @CsvSource({"4, 0", "1, 12.01", "3, 13"})
  void billsThatAreTooFewOrTooSmallAreNeverPastDue(int count, String amount) {
    Overdue.Funds funds =
        funds("-12", "0", due("4.00", hour(30)), due("5.00", hour(10)), due("3.00", hour(20)));

    assertNull(byBills(Span.NONE, count, amount).since(funds, false));
  }

  @Test
  void paidBillsAndBillsWithoutADueDateDoNotCount() {
    Receivable undated = new Receivable("august", "css", amount("9.00"), MORNING, null);

    assertNull(
        byBills(Span.NONE, 1, "0").since(funds("-9", "0", undated, due("0.00", hour(1))), false));
  }

  @Test
  void aServiceBecomesOverdueByTheMerePassingOfTime() {
    Customer customer = Customer.of(by(byBills(hours(48), 1, "0")));
    customer.billed("august", "5.00", MORNING, day(15));

    assertEquals("408h", customer.due(MORNING), "day 15 and two days more");
    customer.settled(day(17).minusSeconds(1));
    assertEquals(ACTIVE, customer.stateOf("css"));

    customer.settled(day(17));

    assertEquals(List.of("bills-past-due 408h"), customer.moves());
    assertEquals(
        "Bills are past due since 2024-09-19T00:00:00Z, for as long as the policy waits.",
        customer.transitions().get(0).explanation());
    Arrears arrears = customer.read().arrears();
    assertNotNull(arrears);
    assertEquals(MORNING, arrears.billIssuedAt());
    assertEquals(amount("5.00"), customer.told(Notice.Rung.OVERDUE).get(0).amountDue());
  }

  @Test
  void payingThePastDueBillClearsItAndADebtThatIsNotDueYetDoesNotMatter() {
    Customer customer =
        Customer.of(by(byBills(Span.NONE, 1, "0")))
            .billed("august", "5.00", MORNING, day(15))
            .billed("september", "7.00", day(10), day(40))
            .settled(day(16));

    customer.pays("5.00", day(16));

    assertEquals(ACTIVE, customer.stateOf("css"));
    assertEquals("960h", customer.due(day(16)), "when the next one is due");
  }

  @Test
  void aBillThatIsDueAtOnceAndPaidFromWhatIsThereMakesNobodyOverdue() {
    Customer customer = Customer.of(by(byBills(Span.NONE, 1, "0"))).pays("100.00", MORNING);

    customer.billed("august", "5.00", hour(1), hour(1));

    assertEquals(ACTIVE, customer.stateOf("css"));
    assertEquals(List.of(), customer.told());
    assertEquals(OVERDUE, customer.billed("more", "95.01", hour(2), hour(2)).stateOf("css"));
  }

  @Test
  void whatIsDueGrowsWithEachBillThatFallsDueWhileItIsOverdue() {
    Customer customer =
        Customer.onCredit(by(byBills(Span.NONE, 1, "0")))
            .billed("august", "5.00", MORNING, day(15))
            .billed("september", "7.00", day(1), day(20))
            .settled(day(16));

    assertEquals(amount("5.00"), customer.read().amountDue(day(19)));
    assertEquals(amount("12.00"), customer.read().amountDue(day(20)));
  }

  @Test
  void whereBothMustHoldTheSmallerOfTheTwoIsDue() {
    ByBalance balance = new ByBalance(false, false);
    Overdue both = new Overdue(balance, bills(Span.NONE, 1, "0"), true, false);
    Overdue either = new Overdue(balance, bills(Span.NONE, 1, "0"), false, false);
    Overdue.Funds funds = funds("-3", "0", due("5.00", hour(10)), due("9.00", hour(30)));
    BigDecimal cent = amount("0.01");

    assertEquals(0, amount("3").compareTo(both.amountDue(funds, cent, hour(10))));
    assertEquals(0, amount("5").compareTo(either.amountDue(funds, cent, hour(10))));
    assertEquals(0, amount("3").compareTo(either.amountDue(funds, cent, hour(9))));
    assertEquals(0, BigDecimal.ZERO.compareTo(either.amountDue(funds("3", "0"), cent, hour(10))));
  }

  @Test
  void aBillThatIsPaidOnTheDayItIsDueMakesNobodyOverdue() {
    Customer customer =
        Customer.of(by(byBills(Span.NONE, 1, "0")))
            .billed("august", "5.00", MORNING, day(15))
            .pays("5.00", day(15).minusSeconds(1))
            .settled(day(16));

    assertEquals(List.of(), customer.moves());
  }

  @Test
  void balanceAndBillsTogetherMustBothHold() {
    Overdue both = new Overdue(new ByBalance(false, false), bills(Span.NONE, 1, "0"), true, false);
    Receivable past = due("5.00", hour(10));

    assertNull(both.since(funds("0", "0", past), false), "there is money");
    assertNull(both.since(funds("-5", "0"), false), "no bill is due");
    assertEquals(hour(10), both.since(funds("-5", "0", past), false));
  }

  @Test
  void balanceOrBillsAloneAreEnoughWhereThePolicyDoesNotSayTogether() {
    Overdue either =
        new Overdue(new ByBalance(false, false), bills(Span.NONE, 1, "0"), false, false);
    Receivable past = due("5.00", hour(10));

    assertEquals(hour(10), either.since(funds("0", "0", past), false));
    assertEquals(Instant.MIN, either.since(funds("-5", "0"), false));
    assertEquals(Instant.MIN, either.since(funds("-5", "0", past), false));
    assertNull(either.since(funds("0", "0"), false));
  }

  @Test
  void aPackageThatIsNeitherUsedUpNorExpiredKeepsAServiceFromBeingOverdue() {
    Customer customer =
        Customer.of(by(COVERED)).prepaid("css", "100", day(30), MORNING).charged("5.00", hour(1));

    assertEquals(ACTIVE, customer.stateOf("css"));
    assertEquals("720h", customer.due(hour(1)), "when the package expires");

    customer.settled(day(30));

    assertEquals(List.of("balance-below-limit 720h"), customer.moves());
  }

  @Test
  void aServiceIsOverdueOnceItsPackageIsUsedUpAndClearedWithANewOne() {
    Customer customer =
        Customer.of(by(COVERED))
            .prepaid("css", "100", null, MORNING)
            .charged("5.00", hour(1))
            .prepaid("css", "0", null, hour(2));
    assertEquals(List.of("balance-below-limit 2h"), customer.moves());

    customer.prepaid("css", "50", null, hour(3));

    assertEquals(ACTIVE, customer.stateOf("css"));
  }

  @Test
  void aPackageOfAnotherProductAndAnExpiredOneCoverNothing() {
    Customer other = Customer.of(by(COVERED)).prepaid("vod", "100", null, MORNING);
    Customer expired = Customer.of(by(COVERED)).prepaid("css", "100", hour(1), MORNING);

    assertEquals(OVERDUE, other.charged("5.00", hour(2)).stateOf("css"));
    assertEquals(OVERDUE, expired.charged("5.00", hour(2)).stateOf("css"));
    assertEquals("balance-below-limit 2h", expired.moves().get(0));
  }

  @Test
  void thePackageThatLastsLongestDecides() {
    Overdue.Funds funds =
        new Overdue.Funds(
            amount("-5"),
            amount("0"),
            amount("0"),
            List.of(),
            List.of(
                new PrepaidPackage("a", "css", amount("1"), hour(30)),
                new PrepaidPackage("b", "css", amount("1"), hour(90)),
                new PrepaidPackage("c", "css", amount("0"), null),
                new PrepaidPackage("d", "css", amount("1"), hour(60))));

    assertEquals(hour(90), COVERED.since(funds, false));
    assertEquals(Instant.MIN, Overdue.BELOW_LIMIT.since(funds, false), "it does not care");
  }

  @Test
  void servicesOfOneAccountEachGoByTheirOwnRule() {
    Customer customer =
        Customer.of(by(byBills(Span.NONE, 1, "0")), css().product("vod").build())
            .billed("august", "5.00", MORNING, day(15));
    assertEquals(OVERDUE, customer.stateOf("vod"));
    assertEquals(ACTIVE, customer.stateOf("css"));

    customer.settled(day(15));

    assertEquals(OVERDUE, customer.stateOf("css"));
    assertEquals(SUSPENDED, customer.stateOf("vod"));
    assertEquals(List.of("OVERDUE 0s", "SUSPENDED 48h", "OVERDUE 360h"), customer.told());
    assertEquals(2, customer.state().episodes());
  }

  @Test
  void aReceiptIsForTheEpisodeThatItNames() {
    Customer customer =
        Customer.of(by(byBills(Span.NONE, 1, "0")), css().product("vod").build())
            .billed("august", "5.00", MORNING, day(15))
            .settled(day(15));

    customer.received(day(15));

    assertEquals(GRACE, customer.stateOf("css"));
    assertEquals(2, customer.service("css").arrears().episode());
    assertNull(customer.state().arrears().receivedAt());
  }

  @Test
  void billsOfAnotherProductDoNotMatter() {
    Policy policy = by(byBills(Span.NONE, 1, "0"));
    Receivable other = new Receivable("vod", "vod", amount("5.00"), MORNING, hour(1));
    Account account =
        new Account(
            Accounts.state("0.00", "100"),
            List.of(Service.opened("css", MORNING)),
            new Circumstances(List.of(), List.of(), List.of(), List.of(), List.of(other)),
            product -> PolicyHistory.of(policy));

    account.settle(day(1), "job");

    assertEquals(List.of(), account.transitions());
    assertNull(account.dueAt(day(1)));
  }

  @Test
  void spellsThatBeginAtTheSameInstantAreOneEpisodeWithOneNotice() {
    Customer customer = Customer.of(by(CLEARED_ABOVE), css().product("vod").build());

    customer.charged("5.00", MORNING);

    assertEquals(List.of("OVERDUE 0s"), customer.told());
    assertEquals(1, customer.state().episodes());
    customer.received(hour(1));
    assertEquals(GRACE, customer.stateOf("css"));
    assertEquals(GRACE, customer.stateOf("vod"));
  }

  @Test
  void theAccountsOwnEpisodeIsShownBeforeThoseOfItsServices() {
    Customer customer =
        Customer.onCredit(by(byBills(Span.NONE, 1, "0")))
            .billed("august", "5.00", MORNING, day(1))
            .settled(day(1));
    assertEquals(1, customer.read().arrears().episode());

    customer.charged("20000.00", day(2));

    assertEquals(2, customer.read().arrears().episode());
  }

  @Test
  void aPaymentRecordedLateClearsAServicesOwnEpisodeNowIfItWasSuspendedSince() {
    Customer customer =
        Customer.onCredit(by(byBills(Span.NONE, 1, "0")))
            .billed("august", "5.00", MORNING, day(1))
            .settled(day(1))
            .settled(day(4));
    assertEquals(SUSPENDED, customer.stateOf("css"));

    customer.pays("5.00", day(2), day(5));

    assertEquals("arrears-cleared 120h", customer.moves().get(3));
    assertEquals(day(5), customer.service("css").clearedAt());
  }

  @Test
  void aPartPaymentFromBeforeTheEpisodeThatIsRecordedLateDoesNotEndIt() {
    Customer customer =
        Customer.onCredit(by(byBills(Span.NONE, 1, "0")))
            .billed("august", "5.00", MORNING, day(1))
            .settled(day(1));

    customer.pays("4.99", hour(20), hour(30));

    assertEquals(OVERDUE, customer.stateOf("css"));
    assertEquals(1, customer.state().episodes());
    assertEquals(amount("0.01"), customer.read().amountDue(hour(30)));
  }
}
