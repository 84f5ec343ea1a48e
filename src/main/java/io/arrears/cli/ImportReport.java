package io.arrears.cli;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What became of the lines of an import. Answers arrive on another thread than lines are read. */
final class ImportReport {

  private static final int NAMED = 10;

  private final Map<String, Long> rejected = new TreeMap<>();
  private final List<String> named = new ArrayList<>();
  private final Map<String, BigDecimal> leftByRounding = new TreeMap<>();
  private long lines;
  private long accepted;
  private long repeated;
  private long adjusted;
  private long roundedToZero;
  private long accounts;
  private long settledThrough;

  synchronized void line() {
    lines++;
  }

  synchronized void account() {
    accounts++;
  }

  synchronized void accepted(long many) {
    accepted += many;
  }

  synchronized void repeated(long many) {
    repeated += many;
  }

  /** A correction, and what its rounding left. */
  synchronized void corrected(FocusLine.Correction correction) {
    if (correction.amount().signum() == 0) {
      roundedToZero++;
    } else {
      adjusted++;
    }
    BigDecimal left = correction.exact().subtract(correction.amount());
    if (left.signum() != 0) {
      leftByRounding.merge(correction.currency(), left, BigDecimal::add);
    }
  }

  synchronized void rejected(long line, String reason, String message) {
    rejected.merge(reason, 1L, Long::sum);
    if (named.size() < NAMED) {
      named.add("line %d: %s: %s".formatted(line, reason, message));
    }
  }

  /** Every line up to this one has its answer. */
  synchronized void settled(long line) {
    settledThrough = line;
  }

  synchronized long settledThrough() {
    return settledThrough;
  }

  synchronized long lines() {
    return lines;
  }

  synchronized long rejectedLines() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }

  /** In a line, while it goes on. */
  synchronized String sofar() {
    return "%,d lines, %,d accepted, %,d repeated, %,d rejected"
        .formatted(lines, accepted, repeated, rejectedLines());
  }

  synchronized void print(PrintWriter out) {
    out.printf("lines        %,d of %,d accounts%n", lines, accounts);
    out.printf("accepted     %,d items%n", accepted);
    out.printf("repeated     %,d items, stored before%n", repeated);
    out.printf("adjustments  %,d posted, now or before%n", adjusted);
    if (roundedToZero > 0) {
      out.printf("             %,d rounded to zero and not posted%n", roundedToZero);
    }
    leftByRounding.forEach(
        (currency, left) ->
            out.printf(
                "             their rounding left %s %s%n",
                left.stripTrailingZeros().toPlainString(), currency));
    out.printf("rejected     %,d%n", rejectedLines());
    rejected.forEach((reason, many) -> out.printf("             %,d %s%n", many, reason));
    named.forEach(each -> out.println("  " + each));
    if (rejectedLines() > named.size()) {
      out.printf("  and %,d more%n", rejectedLines() - named.size());
    }
    out.flush();
  }
}
