package io.arrears.platform;

import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** Lets so many pieces of work run at a time; the others wait for their turn. */
public final class Turns {

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int free;

  public Turns(int atATime) {
    this.free = atATime;
  }

  /** Starts the work when it is its turn. */
  public <T> Uni<T> take(Supplier<Uni<T>> work) {
    return Uni.createFrom()
        .<Void>emitter(emitter -> enter(() -> emitter.complete(null)))
        .chain(() -> Uni.createFrom().<T>deferred(work::get).eventually(this::leave));
  }

  private void enter(Runnable start) {
    synchronized (waiting) {
      if (free == 0) {
        waiting.add(start);
        return;
      }
      free--;
    }
    start.run();
  }

  private void leave() {
    Runnable next;
    synchronized (waiting) {
      next = waiting.poll();
      if (next == null) {
        free++;
        return;
      }
    }
    next.run();
  }
}
