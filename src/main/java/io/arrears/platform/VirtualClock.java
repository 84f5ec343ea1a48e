package io.arrears.platform;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Time that moves only when told to, forward only. */
public final class VirtualClock implements ArrearsClock {

  private final AtomicReference<Instant> now;

  VirtualClock(Instant start) {
    now = new AtomicReference<>(start.truncatedTo(ChronoUnit.MICROS));
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  /** Moves to an instant; an earlier one than now is ignored. */
  public void advanceTo(Instant instant) {
    Instant to = instant.truncatedTo(ChronoUnit.MICROS);
    now.accumulateAndGet(to, (a, b) -> a.isAfter(b) ? a : b);
  }

  @Override
  public boolean virtual() {
    return true;
  }
}
