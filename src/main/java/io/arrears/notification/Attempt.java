package io.arrears.notification;

/**
 * How an attempt to deliver ended.
 *
 * @param error for whoever looks for the reason; empty when there was none
 * @param receiverWorks whether the receiver did its part, whatever it said of this notification
 */
record Attempt(Result result, String error, boolean receiverWorks) {

  /** What it means for the notification. */
  enum Result {
    /** The receiver confirmed that it has it. */
    DELIVERED,
    /** It may work later. */
    FAILED,
    /** The receiver said that it never will. */
    REFUSED,
    /** The account has no address for this channel any more. */
    POINTLESS
  }

  static final Attempt DELIVERED = new Attempt(Result.DELIVERED, "", true);
  static final Attempt POINTLESS = new Attempt(Result.POINTLESS, "", true);
  private static final int LONGEST_ERROR = 500;

  /** The receiver is broken, or cannot be reached. */
  static Attempt failed(String error) {
    return new Attempt(Result.FAILED, cut(error), false);
  }

  /** The receiver works, and does not take this one now. */
  static Attempt later(String error) {
    return new Attempt(Result.FAILED, cut(error), true);
  }

  static Attempt refused(String error) {
    return new Attempt(Result.REFUSED, cut(error), true);
  }

  private static String cut(String error) {
    String one = error.replaceAll("\\p{Cntrl}", " ");
    return one.length() > LONGEST_ERROR ? one.substring(0, LONGEST_ERROR) : one;
  }
}
