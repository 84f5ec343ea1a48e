package io.arrears.core;

/** What a product must allow an account to do. */
public enum Access {
  /** Everything works. */
  ALLOWED,
  /** Nothing new starts; what runs goes on and is billed (S5). */
  NEW_BLOCKED,
  /** Nothing starts, and what runs is stopped. */
  BLOCKED,
  /** Resources are released (S7, S10). */
  RELEASED,
  /** Data and records are erased (S10, S11). */
  ERASED
}
