package io.arrears.core;

/** Where one product of one account stands. {@link Rule} is the table of moves between these. */
public enum ServiceState {
  /** In good standing. */
  ACTIVE,
  /** The account is overdue; the customer has not received the notification yet (S3). */
  OVERDUE,
  /** The customer has received the notification; the grace period runs (S4). */
  GRACE,
  /** Suspended; restored when the last reason is gone. */
  SUSPENDED,
  /** Suspended for a violation; nothing restores it (S9). */
  BANNED,
  /** Its resources were taken back (S7, S10); a payment does not bring them back. */
  REPOSSESSED,
  /** The customer's request to leave is approved (S11): being cleared. */
  DEACTIVATING,
  /** Data and records are cleared (S10, S11). */
  CLEARED
}
