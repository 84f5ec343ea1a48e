package io.arrears.job;

import io.arrears.billing.BillRunService;
import java.util.Map;
import java.util.TreeMap;

/** What one batch of a run did. */
final class Tally {

  long examined;
  long changed;
  long failed;
  final Map<String, Long> counts = new TreeMap<>();
  final StringBuilder sample = new StringBuilder();

  static Tally of(BillRunService.Chunk chunk) {
    Tally tally = new Tally();
    tally.examined = chunk.examined();
    tally.changed = chunk.bills();
    tally.failed = chunk.failed();
    tally.count("bills", chunk.bills());
    tally.count("overdue", chunk.overdue());
    return tally;
  }

  void count(String what, long many) {
    if (many > 0) {
      counts.merge(what, many, Long::sum);
    }
  }

  Tally plus(Tally other) {
    add(other);
    return this;
  }

  void add(Tally other) {
    examined += other.examined;
    changed += other.changed;
    failed += other.failed;
    other.counts.forEach(this::count);
    if (sample.length() < 1000) {
      sample.append(other.sample);
    }
  }
}
