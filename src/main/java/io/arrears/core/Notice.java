package io.arrears.core;

import java.math.BigDecimal;
import java.time.Instant;

/**
 * Something that the customer must be told; one per account, episode and rung (S3).
 *
 * @param at the instant of what it tells
 * @param amountDue what would clear the arrears, above zero
 */
public record Notice(String accountId, long episode, Rung rung, Instant at, BigDecimal amountDue) {

  /** What it is about. */
  public enum Rung {
    /** The account has become overdue. */
    OVERDUE
  }
}
