package io.arrears.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Amounts: exact until a bill is made, then rounded once. */
class MoneyTest {

  @ParameterizedTest(name = "{0} {1} is billed as {2}")
  @CsvSource({
    "0.005, USD, 0.01 USD",
    "0.00499999999, USD, 0.00 USD",
    "-0.005, USD, -0.01 USD",
    "-0.00499999999, USD, 0.00 USD",
    "2.345, EUR, 2.35 EUR",
    "-2.345, EUR, -2.35 EUR",
    "2.355, EUR, 2.36 EUR",
    "0.5, JPY, 1 JPY",
    "-0.5, JPY, -1 JPY",
    "1234.49, JPY, 1234 JPY",
    "0.0005, KWD, 0.001 KWD",
    "1.23449, KWD, 1.234 KWD",
    "7, KWD, 7.000 KWD",
  })
  void roundsHalfUpToTheMinorUnitAwayFromZeroOnBothSides(
      BigDecimal exact, String currency, String billed) {
    assertEquals(billed, Money.rounded(exact, Currency.getInstance(currency)).toString());
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"0.001, USD", "0.5, JPY", "0.0001, KWD", "-0.001, USD"})
  void refusesWhatIsMoreExactThanTheMinorUnit(BigDecimal amount, String currency) {
    assertThrows(
        ArithmeticException.class, () -> new Money(amount, Currency.getInstance(currency)));
  }

  @Test
  void equalAmountsAreEqualHoweverManyZerosTheyWereWrittenWith() {
    Currency dollar = Currency.getInstance("USD");

    assertEquals(
        new Money(new BigDecimal("1"), dollar), new Money(new BigDecimal("1.0000"), dollar));
    assertEquals("1.00 USD", new Money(BigDecimal.ONE, dollar).toString());
  }

  @Test
  void showsLargeAmountsWithoutAnExponent() {
    Money large = new Money(new BigDecimal("1E+17"), Currency.getInstance("JPY"));

    assertEquals("100000000000000000 JPY", large.toString());
  }

  @Test
  void negatesAndKnowsZero() {
    Currency dollar = Currency.getInstance("USD");

    assertEquals("-3.20 USD", new Money(new BigDecimal("3.2"), dollar).negated().toString());
    assertEquals("0.00 USD", Money.zero(dollar).toString());
    assertEquals(Money.zero(dollar), Money.zero(dollar).negated());
  }

  @ParameterizedTest(name = "{0} has {1} decimals")
  @CsvSource({"USD, 2", "JPY, 0", "KWD, 3", "CNY, 2"})
  void knowsTheMinorUnitOfACurrency(String code, int digits) {
    assertEquals(Optional.of(digits), Money.currency(code).map(Money::digits));
  }

  @ParameterizedTest(name = "''{0}''")
  @ValueSource(strings = {"XXX", "XAU", "XTS", "ZZZ", "usd", "", "US", "USDT", "$"})
  void refusesCodesThatAreNoCurrencyWithAMinorUnit(String code) {
    assertEquals(Optional.empty(), Money.currency(code));
  }

  @ParameterizedTest(name = "{0} {1} is billed in steps of {2} as {3}")
  @CsvSource({
    "0.024, USD, 0.05, 0.00 USD",
    "0.025, USD, 0.05, 0.05 USD",
    "-0.025, USD, 0.05, -0.05 USD",
    "12.30, CHF, 0.05, 12.30 CHF",
    "149.99, JPY, 100, 100 JPY",
    "150, JPY, 100, 200 JPY",
    "7.005, USD, 0.01, 7.01 USD",
    "7.005, USD, 0.001, 7.01 USD",
    "7.005, USD, 0.010, 7.01 USD",
    "7.5, USD, 1, 8.00 USD",
  })
  void roundsToAMultipleOfWhatThePolicySays(
      BigDecimal exact, String currency, BigDecimal step, String billed) {
    assertEquals(billed, Money.rounded(exact, step, Currency.getInstance(currency)).toString());
  }

  @Test
  void roundsToTheMinorUnitWhereThePolicySaysNothing() {
    Currency dollar = Currency.getInstance("USD");

    assertEquals("0.13 USD", Money.rounded(new BigDecimal("0.125"), null, dollar).toString());
  }
}
