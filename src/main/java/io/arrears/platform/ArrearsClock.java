package io.arrears.platform;

import java.time.Instant;
import java.time.InstantSource;

/**
 * The one clock of the service, to the microsecond, which is what the database keeps. Nothing else
 * asks the system for the time.
 */
public interface ArrearsClock extends InstantSource {

  /** Now, truncated to the microsecond. */
  @Override
  Instant instant();

  /** Whether it moves only when told to ({@code ARREARS_CLOCK=virtual}). */
  boolean virtual();
}
