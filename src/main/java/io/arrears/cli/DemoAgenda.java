package io.arrears.cli;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** What is going to happen, in the order of the virtual clock. */
final class DemoAgenda {

  private record Act(Instant at, long order, Runnable what) {}

  private final PriorityQueue<Act> acts =
      new PriorityQueue<>(Comparator.comparing(Act::at).thenComparing(Act::order));
  private Instant now;
  private long order;

  DemoAgenda(Instant start) {
    now = start;
  }

  void at(Instant when, Runnable what) {
    acts.add(new Act(when, order++, what));
  }

  /** The instant of the next act, or the end if there is none until then. */
  Instant next(Instant end) {
    Act next = acts.peek();
    return next == null || next.at().isAfter(end) ? end : next.at();
  }

  /** Lets all happen that is planned for an instant. */
  void happen(Instant instant) {
    now = instant;
    while (!acts.isEmpty() && !acts.peek().at().isAfter(instant)) {
      acts.remove().what().run();
    }
  }

  Instant now() {
    return now;
  }
}
