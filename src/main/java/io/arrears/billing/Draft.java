package io.arrears.billing;

import io.arrears.core.BillingPeriod;
import java.math.BigDecimal;

/**
 * What a closed period owes, not yet on a bill.
 *
 * @param late whether it holds only items that came after their period was billed
 */
record Draft(
    String accountId,
    String product,
    BillingPeriod period,
    boolean late,
    long epoch,
    BigDecimal exactAmount,
    long itemCount) {}
