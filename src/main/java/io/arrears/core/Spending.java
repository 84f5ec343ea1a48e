package io.arrears.core;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an account was charged of late.
 *
 * @param charged in the window, zero or above
 * @param since when the first charge of the window was; null if there was none
 */
public record Spending(BigDecimal charged, @Nullable Instant since) {

  public static final Spending NONE = new Spending(BigDecimal.ZERO, null);

  /** How far back spending is looked at: a month, so that it holds one of each monthly bill. */
  public static final Duration WINDOW = Duration.ofDays(30);

  private static final BigDecimal DAY_SECONDS = BigDecimal.valueOf(Duration.ofDays(1).toSeconds());

  /** With charges of now. */
  Spending with(BigDecimal more, Instant now) {
    return new Spending(charged.add(more), since == null ? now : since);
  }

  /** The mean of a day, each charge being for the day before it; zero where nothing was charged. */
  BigDecimal daily(Instant now) {
    if (since == null || charged.signum() <= 0) {
      return BigDecimal.ZERO;
    }
    long seconds = Duration.between(since, now).plusDays(1).toSeconds();
    return charged.multiply(DAY_SECONDS).divide(BigDecimal.valueOf(seconds), MathContext.DECIMAL64);
  }
}
