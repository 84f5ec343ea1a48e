package io.arrears.platform;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Supplier;

/**
 * Bounds how long work may take, and forgets at once what has ended. Mutiny's own timers stay until
 * their time has come, and hold whole calls: at thousands a second they fill the heap.
 */
@ApplicationScoped
public class Deadlines {

  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "deadlines");
            thread.setDaemon(true);
            return thread;
          });

  Deadlines() {
    timers.setRemoveOnCancelPolicy(true);
  }

  /** Fails if there is no answer by then; the work goes on, unless it minds being cancelled. */
  public <T> Uni<T> bound(Uni<T> work, Duration atMost, Supplier<Throwable> failure) {
    return work.ifNoItem().after(atMost).on(timers).failWith(failure);
  }

  /** How much is under way. */
  int waiting() {
    return timers.getQueue().size();
  }

  @PreDestroy
  void stop() {
    timers.shutdownNow();
  }
}
