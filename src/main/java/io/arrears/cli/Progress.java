package io.arrears.cli;

import java.io.PrintWriter;
import java.time.Duration;

/** How far a long command is: a bar on a terminal, a plain line now and then elsewhere. */
final class Progress {

  /**
   * The property that says whether standard error is a terminal: the launcher knows, Java does not.
   */
  static final String ON_TERMINAL = "arrears.terminal";

  private static final int WIDTH = 30;
  private static final Duration REDRAW = Duration.ofMillis(100);
  private static final Duration SAY_AGAIN = Duration.ofSeconds(10);

  private final PrintWriter err;
  private final boolean terminal;
  private final long start = System.nanoTime();
  private long last = start;
  private boolean drawn;

  Progress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /**
   * @param part done of {@code whole}
   */
  void show(long part, long whole, String text) {
    long now = System.nanoTime();
    if (now - last < (terminal ? REDRAW : SAY_AGAIN).toNanos()) {
      return;
    }
    last = now;
    draw(part, whole, text);
  }

  private void draw(long part, long whole, String text) {
    int percent = whole <= 0 ? 100 : (int) Math.min(100, part * 100 / whole);
    if (terminal) {
      int done = percent * WIDTH / 100;
      err.printf(
          "\r[%s%s] %3d%%  %s\u001b[K", "#".repeat(done), ".".repeat(WIDTH - done), percent, text);
      drawn = true;
    } else {
      err.printf("%3d%%  %s%n", percent, text);
    }
    err.flush();
  }

  /** The bar, if one was drawn, stays with what was true in the end. */
  void end(String text) {
    if (drawn) {
      draw(1, 1, text);
      err.println();
      err.flush();
    }
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
