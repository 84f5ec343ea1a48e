package io.arrears.core;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * Something that the customer must be told, once (S3).
 *
 * @param product that it is about; empty for the account as a whole
 * @param detail tells notices of one rung apart: which reminder, which promise
 * @param at the instant of what it tells
 * @param amountDue what would clear the arrears, zero or above
 */
public record Notice(
    String accountId,
    long episode,
    Rung rung,
    String product,
    String detail,
    Instant at,
    BigDecimal amountDue) {

  /** What it is about. */
  public enum Rung {
    /** The account has become overdue. */
    OVERDUE,
    /** A deadline is near, or was passed for some time. */
    REMINDER,
    SUSPENDED,
    RESTORED,
    REPOSSESSED,
    CLEARED,
    /** The balance lasts for only so many more days. */
    RUNWAY,
    /** A promise to pay was not kept. */
    PROMISE_BROKEN
  }
}
