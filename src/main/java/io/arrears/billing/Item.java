package io.arrears.billing;

import io.arrears.core.BillingCycle;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/**
 * One line of priced usage.
 *
 * @param itemId the sender's, unique per account, product and usage day
 * @param cost exact, without trailing zeros; negative for a discount or refund
 * @param currencyCode the sender's; must be the account's
 */
public record Item(
    String itemId,
    String accountId,
    String product,
    String sku,
    BillingCycle cycle,
    BigDecimal cost,
    Instant usageStart,
    Instant usageEnd,
    String quantity,
    String unit,
    String currencyCode) {

  /** Costs that are equal are the same, however many zeros they were written with. */
  public Item {
    cost = cost.stripTrailingZeros();
  }

  /** What makes an item the same one. */
  record Key(String accountId, String product, LocalDate usageDay, String itemId) {}
}
