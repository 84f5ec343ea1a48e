package io.arrears.bench;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What a loop measured. */
record Outcome(long calls, double seconds, Histogram nanos, long failures, Throwable firstFailure) {

  double rate() {
    return calls / seconds;
  }

  double millis(double percentile) {
    return nanos.getValueAtPercentile(percentile) / 1e6;
  }

  /** A benchmark of failing calls measures nothing. */
  Outcome orFail(String what) {
    if (failures > 0) {
      throw new IllegalStateException(
          what + ": " + failures + " of " + calls + " calls failed", firstFailure);
    }
    System.err.printf(
        Locale.ROOT,
        "  %s: %.0f calls/s for %.1f s, p50 %.2f ms, p99 %.2f ms, max %.2f ms%n",
        what,
        rate(),
        seconds,
        millis(50),
        millis(99),
        millis(100));
    return this;
  }
}
