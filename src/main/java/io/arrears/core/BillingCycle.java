package io.arrears.core;

/** How often a kind of pay-as-you-go usage is billed (S1, S2). */
public enum BillingCycle {
  /** One calendar day, billed on the morning of the next day (S1). */
  DAILY,
  /** One calendar month, billed on the first day of the next month (S2). */
  MONTHLY
}
