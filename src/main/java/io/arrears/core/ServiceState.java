package io.arrears.core;

/** Where one product of one account stands. {@link Rule} is the table of moves between these. */
public enum ServiceState {
  ACTIVE("In good standing."),
  OVERDUE("The account is overdue; the customer has not received the notification yet (S3)."),
  GRACE("The customer has received the notification; the grace period runs (S4)."),
  SUSPENDED("Suspended; restored when the last reason is gone."),
  BANNED("Suspended for a violation; nothing restores it (S9)."),
  REPOSSESSED("Its resources were taken back (S7, S10); a payment does not bring them back."),
  DEACTIVATING("The customer's request to leave is approved (S11): being cleared."),
  CLEARED("Data and records are cleared (S10, S11).");

  private final String meaning;

  ServiceState(String meaning) {
    this.meaning = meaning;
  }

  /** What it means, in a sentence. */
  public String meaning() {
    return meaning;
  }
}
