package io.arrears.cli;

import java.math.BigDecimal;
import java.time.Instant;

/** What a line of a FOCUS file means to the service. */
sealed interface FocusLine {

  /** Where it is in the file; the first line is 1, and holds the columns' names. */
  long line();

  /**
   * Priced usage: it becomes a billing item.
   *
   * @param cost exact, below zero for a refund
   * @param end the last instant that it was used: FOCUS's half open period, closed
   */
  record Usage(
      long line,
      String accountId,
      String currency,
      String itemId,
      String product,
      String sku,
      BigDecimal cost,
      Instant start,
      Instant end,
      String quantity,
      String unit)
      implements FocusLine {}

  /**
   * A credit or an adjustment: it corrects the balance at once and is on no bill.
   *
   * @param exact what the line says that the customer gets
   * @param amount the same, half up to the currency's minor unit; may be zero
   * @param at when it counts from
   */
  record Correction(
      long line,
      String accountId,
      String currency,
      String adjustmentId,
      BigDecimal exact,
      BigDecimal amount,
      String reason,
      Instant at)
      implements FocusLine {}

  /**
   * A line that cannot be taken in.
   *
   * @param reason UPPER_SNAKE_CASE, for counting
   */
  record Refused(long line, String reason, String message) implements FocusLine {}
}
