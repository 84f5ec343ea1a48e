package io.arrears.core;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of an account's ledger, never changed afterwards. Its other side is the contra account,
 * so that the books of all accounts sum to zero.
 *
 * @param sequence position in the account's ledger, from 1
 * @param amount negative for a charge
 * @param balanceAfter the account's balance with this entry
 * @param at when it counts from: a payment counts from when it was paid
 * @param recordedAt when it was written down
 * @param referenceId the bill, payment or adjustment; unique per account and kind
 * @param contraAccount the other side, for example {@code revenue:css}, {@code cash}
 * @param requestDigest of the request that made it; null for what the service made itself
 */
public record LedgerEntry(
    String accountId,
    long sequence,
    Kind kind,
    BigDecimal amount,
    BigDecimal balanceAfter,
    Instant at,
    Instant recordedAt,
    String referenceId,
    String reason,
    String actor,
    String contraAccount,
    byte @Nullable [] requestDigest) {

  /** What an entry is about. */
  public enum Kind {
    /** A bill. */
    CHARGE,
    /** Money in. */
    PAYMENT,
    /** A correction, either way. */
    ADJUSTMENT
  }

  /**
   * An entry still to be posted: the ledger gives it its sequence and balance.
   *
   * @param at when it counts from
   */
  public record Draft(
      Kind kind,
      BigDecimal amount,
      Instant at,
      String referenceId,
      String reason,
      String actor,
      String contraAccount,
      byte @Nullable [] requestDigest) {}
}
