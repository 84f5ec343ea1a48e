package io.arrears.cli;

import com.google.protobuf.Timestamp;
import com.google.type.Date;
import com.google.type.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.Locale;

/** The contract's values, from and to those of Java, and for people to read. */
final class Wire {

  private static final BigDecimal NANOS = BigDecimal.TEN.pow(9);

  private Wire() {}

  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }

  static com.google.protobuf.Duration duration(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  static Date date(LocalDate date) {
    return Date.newBuilder()
        .setYear(date.getYear())
        .setMonth(date.getMonthValue())
        .setDay(date.getDayOfMonth())
        .build();
  }

  static LocalDate date(Date date) {
    return LocalDate.of(date.getYear(), date.getMonth(), date.getDay());
  }

  /**
   * @throws ArithmeticException beyond nine decimals or 64 bits of units
   */
  static Money money(BigDecimal amount, String currencyCode) {
    BigDecimal[] parts = amount.divideAndRemainder(BigDecimal.ONE);
    return Money.newBuilder()
        .setCurrencyCode(currencyCode)
        .setUnits(parts[0].longValueExact())
        .setNanos(parts[1].multiply(NANOS).intValueExact())
        .build();
  }

  static BigDecimal amount(Money money) {
    return BigDecimal.valueOf(money.getUnits()).add(BigDecimal.valueOf(money.getNanos(), 9));
  }

  /** With the currency's decimals, or more if it has more: {@code -0.43 USD}. */
  static String text(Money money) {
    BigDecimal amount = amount(money).stripTrailingZeros();
    int digits = Math.max(amount.scale(), digits(money.getCurrencyCode()));
    return amount.setScale(digits).toPlainString() + " " + money.getCurrencyCode();
  }

  /** The contract's empty product, in words. */
  static String orAll(String product) {
    return product.isEmpty() ? "every product" : product;
  }

  /** Decimals of a currency's minor unit; 2 if it is not known here. */
  static int digits(String currencyCode) {
    try {
      return Math.max(0, Currency.getInstance(currencyCode).getDefaultFractionDigits());
    } catch (IllegalArgumentException e) {
      return 2;
    }
  }

  /** To the second, in UTC: {@code 2024-09-12 00:00:00Z}. */
  static String text(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds()).toString().replace('T', ' ');
  }

  /** {@code SERVICE_STATE_ACTIVE} is {@code active} to a person. */
  static String word(Enum<?> value, String prefix) {
    return value.name().replaceFirst("^" + prefix, "").toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
