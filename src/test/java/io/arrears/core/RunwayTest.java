package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.amount;
import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.PolicyBuilder.css;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The customer is told, once, that the balance will not last. */
class RunwayTest {

  private static final Policy FIVE_DAYS = css().runwayDays(5).build();

  /** 30.00 in the three days before that morning: 10.00 a day. */
  private static final Spending TEN_A_DAY = spending("30.00", day(-2));

  private static Spending spending(String charged, Instant since) {
    return new Spending(amount(charged), since);
  }

  private static List<Notice> told(Customer customer) {
    return customer.told(Notice.Rung.RUNWAY);
  }

  @Test
  void isToldWithSoManyDaysLeftOrFewer() {
    Customer five = Customer.of(FIVE_DAYS).pays("50.00", MORNING).watched(TEN_A_DAY, MORNING);
    Customer more = Customer.of(FIVE_DAYS).pays("50.01", MORNING).watched(TEN_A_DAY, MORNING);

    assertEquals(
        List.of(
            new Notice(
                "acme",
                0,
                Notice.Rung.RUNWAY,
                "",
                "1: 5.0 days",
                MORNING,
                BigDecimal.ZERO,
                MORNING,
                Policies.SHANGHAI,
                null)),
        told(five));
    assertEquals(List.of(), told(more));
  }

  @Test
  void isToldOnceUntilMoneyComesIn() {
    Customer customer =
        Customer.of(FIVE_DAYS)
            .pays("40.00", MORNING)
            .watched(TEN_A_DAY, MORNING)
            .charged("5.00", hour(1))
            .watched(TEN_A_DAY, hour(1));
    assertEquals(1, told(customer).size());
    assertTrue(customer.state().runwayAlerted());

    customer.pays("1.00", hour(2));
    assertFalse(customer.state().runwayAlerted());

    assertEquals("3: 3.6 days", told(customer.watched(TEN_A_DAY, hour(2))).get(1).detail());
  }

  @Test
  void theCreditThatIsLeftCounts() {
    Customer customer =
        Customer.of(FIVE_DAYS)
            .agreed(
                new Account.Terms(amount("100"), BigDecimal.ZERO, "standard", "ap-guangzhou"),
                MORNING)
            .charged("40.00", MORNING);

    assertEquals(List.of(), told(customer.watched(TEN_A_DAY, MORNING)));
    assertEquals(
        "2: 4.9 days",
        told(customer.charged("10.50", hour(1)).watched(TEN_A_DAY, MORNING)).get(0).detail(),
        "rounded down");
  }

  @Test
  void nobodyIsToldWhoOwesAlreadyOrSpendsNothing() {
    assertEquals(List.of(), told(Customer.owing(FIVE_DAYS).watched(TEN_A_DAY, MORNING)));
    assertEquals(List.of(), told(Customer.of(FIVE_DAYS).watched(Spending.NONE, MORNING)));
    assertEquals(List.of(), told(Customer.of(FIVE_DAYS).watched(spending("0", day(-1)), MORNING)));
    assertEquals(List.of(), told(Customer.of(FIVE_DAYS).watched(spending("-9", day(-1)), MORNING)));
  }

  @Test
  void thePolicyThatLooksFarthestAheadDecides() {
    Policy ten = css().product("vod").runwayDays(10).build();
    Policy never = css().product("cos").build();
    Customer customer = Customer.of(FIVE_DAYS, ten, never).pays("100.00", MORNING);

    assertEquals(1, told(customer.watched(TEN_A_DAY, MORNING)).size());
  }

  @Test
  void aPolicyThatDoesNotAlertIsNotWatched() {
    Customer silent = Customer.of(Policies.CSS).pays("1.00", MORNING);

    assertFalse(silent.read().watchesRunway(MORNING));
    assertTrue(
        Customer.of(Policies.CSS, css().product("vod").runwayDays(5).build())
            .read()
            .watchesRunway(MORNING));
    assertEquals(List.of(), told(silent.watched(TEN_A_DAY, MORNING)));
  }

  @Test
  void whatWasChargedSinceItWasReadCountsToo() {
    Account account =
        new Account(
            Accounts.state("60.00", "0"),
            List.of(Service.opened("css", MORNING)),
            Circumstances.NONE,
            product -> PolicyHistory.of(FIVE_DAYS));
    account.post(Accounts.charge("-10.00", MORNING), List.of(), MORNING);
    account.post(Accounts.payment("1.00", MORNING), List.of(), MORNING);

    account.alertRunway(spending("20.00", day(-2)), MORNING);

    assertEquals(List.of(), account.notices(), "51.00 for 10.00 a day");

    account.alertRunway(spending("30.00", day(-2)), MORNING);
    assertEquals("2: 3.8 days", account.notices().get(0).detail());
  }

  @Test
  void theMeanOfADayCountsTheDayThatTheFirstChargeWasFor() {
    assertEquals(0, amount("10").compareTo(TEN_A_DAY.daily(MORNING)));
    assertEquals(0, amount("30").compareTo(spending("30.00", MORNING).daily(MORNING)));
    assertEquals(
        0, amount("20").compareTo(spending("30.00", hour(-12)).daily(MORNING)), "a day and a half");
    assertEquals(BigDecimal.ZERO, Spending.NONE.daily(MORNING));
    assertEquals(spending("5.00", MORNING), Spending.NONE.with(amount("5.00"), MORNING));
    assertEquals(spending("35.00", day(-2)), TEN_A_DAY.with(amount("5.00"), MORNING));
  }
}
