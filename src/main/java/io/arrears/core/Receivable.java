package io.arrears.core;

import java.math.BigDecimal;

/**
 * What is still to be paid of a bill.
 *
 * @param unpaid zero or above, in the account's currency
 */
public record Receivable(String billId, BigDecimal unpaid) {}
