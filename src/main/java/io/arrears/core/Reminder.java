package io.arrears.core;

/**
 * Something to tell the customer before or after a deadline.
 *
 * @param of the deadline
 * @param by how long before or after it
 * @param promised whether what it announces waits until it was given for that long
 */
public record Reminder(Deadline of, boolean before, Span by, boolean promised) {

  /** What can be reminded of. */
  public enum Deadline {
    /** When it became overdue; only afterwards. */
    OVERDUE,
    SUSPENSION,
    REPOSSESSION,
    CLEARING
  }

  /** Names it within its policy, for example {@code 4 hours before suspension}. */
  public String id() {
    return by + (before ? " before " : " after ") + of.name().toLowerCase(java.util.Locale.ROOT);
  }
}
