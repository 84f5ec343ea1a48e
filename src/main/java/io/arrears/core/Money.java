package io.arrears.core;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An amount of one currency, at most as exact as the currency's minor unit. Rounding happens once,
 * in {@link #rounded}, when a bill is made.
 *
 * @param amount at the scale of the currency's minor unit
 * @param currency ISO 4217, with a minor unit
 */
public record Money(BigDecimal amount, Currency currency) {

  /** Every amount and balance stays below this, so that it fits the wire's 64 bits of units. */
  public static final BigDecimal LIMIT = BigDecimal.TEN.pow(18);

  /**
   * @throws ArithmeticException if the amount is more exact than the minor unit
   */
  public Money {
    amount = amount.setScale(digits(currency), RoundingMode.UNNECESSARY);
  }

  /** Half up to the minor unit: the one rounding of a bill (design, section 5). */
  public static Money rounded(BigDecimal exact, Currency currency) {
    return new Money(exact.setScale(digits(currency), RoundingMode.HALF_UP), currency);
  }

  /**
   * The same to a multiple of a step.
   *
   * @param step above zero; null, or one finer than the minor unit, means the minor unit
   */
  public static Money rounded(BigDecimal exact, @Nullable BigDecimal step, Currency currency) {
    if (step == null || step.stripTrailingZeros().scale() > digits(currency)) {
      return rounded(exact, currency);
    }
    return new Money(exact.divide(step, 0, RoundingMode.HALF_UP).multiply(step), currency);
  }

  public static Money zero(Currency currency) {
    return new Money(BigDecimal.ZERO, currency);
  }

  /** The currency of an ISO 4217 code that has a minor unit; gold and test codes have none. */
  public static Optional<Currency> currency(String code) {
    try {
      return Optional.of(Currency.getInstance(code)).filter(c -> c.getDefaultFractionDigits() >= 0);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Decimals of the currency's minor unit: 2 for USD, 0 for JPY. */
  public static int digits(Currency currency) {
    return currency.getDefaultFractionDigits();
  }

  public Money negated() {
    return new Money(amount.negate(), currency);
  }

  @Override
  public String toString() {
    return amount.toPlainString() + " " + currency.getCurrencyCode();
  }
}
