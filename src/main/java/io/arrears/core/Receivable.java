package io.arrears.core;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is still to be paid of a bill.
 *
 * @param unpaid zero or above, in the account's currency
 * @param dueAt when it is to be paid by; null where the policy does not say
 */
public record Receivable(
    String billId, String product, BigDecimal unpaid, Instant issuedAt, @Nullable Instant dueAt) {

  /** When it is to be paid by, or {@link Instant#MAX}. */
  Instant due() {
    return dueAt == null ? Instant.MAX : dueAt;
  }

  Receivable withUnpaid(BigDecimal amount) {
    return new Receivable(billId, product, amount, issuedAt, dueAt);
  }
}
