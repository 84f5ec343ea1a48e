package io.arrears.billing;

import java.util.List;

/**
 * What became of a batch.
 *
 * @param accepted newly stored
 * @param duplicates stored before with the same content
 */
public record Ingested(int accepted, int duplicates, List<Refusal> refusals) {

  /** Why an item was not stored. */
  public enum Reason {
    INVALID,
    ACCOUNT_NOT_FOUND,
    PRODUCT_NOT_FOUND,
    CURRENCY_MISMATCH,
    CONFLICT,
    /** Its data is erased; nothing more can be billed. */
    SERVICE_CLOSED
  }

  /**
   * An item that was not stored.
   *
   * @param index its position in the request, from 0
   */
  public record Refusal(int index, String itemId, Reason reason, String message) {}
}
