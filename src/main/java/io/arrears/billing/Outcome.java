package io.arrears.billing;

/**
 * What became of an item.
 *
 * @param message why it was refused; empty if it was not
 */
public record Outcome(Kind kind, String message) {

  /** Stored, or why not. */
  public enum Kind {
    ACCEPTED,
    /** Stored before with the same content. */
    DUPLICATE,
    INVALID,
    ACCOUNT_NOT_FOUND,
    PRODUCT_NOT_FOUND,
    CURRENCY_MISMATCH,
    CONFLICT,
    /** Its data is erased; nothing more can be billed. */
    SERVICE_CLOSED
  }

  static final Outcome ACCEPTED = new Outcome(Kind.ACCEPTED, "");
  static final Outcome DUPLICATE = new Outcome(Kind.DUPLICATE, "");
  static final Outcome CONFLICT =
      new Outcome(
          Kind.CONFLICT, "item_id: an item with this id was stored before with other content");
}
