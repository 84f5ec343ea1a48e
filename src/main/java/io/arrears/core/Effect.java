package io.arrears.core;

/** What becomes of one feature or artefact of a product, from the mildest on (S6, S8). */
public enum Effect {
  AVAILABLE,
  /** Works in part, because a product it needs is suspended. */
  DEGRADED,
  /** Kept, but not to be read. */
  INACCESSIBLE,
  ERASED
}
