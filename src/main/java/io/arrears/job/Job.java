package io.arrears.job;

import io.arrears.core.BillingCycle;
import java.util.Locale;

/** The jobs that this version carries out. */
public enum Job {
  /** Bills the daily items of a day (S1). */
  DAILY_BILLS,
  /** Bills the monthly items of a month (S2). */
  MONTHLY_BILLS,
  /** Takes every step that is due (S4, S7, S10). */
  DUE_TRANSITIONS,
  /** Tells products again what they have not done, and marks what has drifted. */
  RECONCILIATION,
  /** Tells products again to erase what they have not reported as erased (S10, S11). */
  DATA_CLEARING,
  /** Sends notifications that are due. */
  NOTIFICATIONS,
  /** Drops the items of days that are older than items are kept. */
  ITEM_RETENTION;

  /** The name on the command line and as an actor, for example {@code daily-bills}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Whether it works on accounts that it claims, so that chunks of them can be done side by side.
   */
  boolean ofAccounts() {
    return this == DAILY_BILLS || this == MONTHLY_BILLS || this == DUE_TRANSITIONS;
  }

  /** Of a job that makes bills; null for the others. */
  BillingCycle cycle() {
    return switch (this) {
      case DAILY_BILLS -> BillingCycle.DAILY;
      case MONTHLY_BILLS -> BillingCycle.MONTHLY;
      default -> null;
    };
  }

  String actor() {
    return "job:" + id();
  }
}
