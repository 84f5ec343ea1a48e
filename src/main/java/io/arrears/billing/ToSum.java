package io.arrears.billing;

/** What is still to be summed of closed periods. */
public enum ToSum {
  /** On most mornings of most products. */
  NOTHING,

  /**
   * A part can be billed while another is still summed: all of an account is in one of them, so
   * that its bills are made in the same order however fast each part is.
   */
  PARTS_APART,

  /** All must be summed first: an account can be in two parts, or what was summed before waits. */
  PARTS_MIXED
}
