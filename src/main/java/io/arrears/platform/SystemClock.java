package io.arrears.platform;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Real time. */
final class SystemClock implements ArrearsClock {

  @Override
  public Instant instant() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public boolean virtual() {
    return false;
  }
}
