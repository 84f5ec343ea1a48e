package io.arrears.platform;

import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;

/**
 * Work that goes on to its end when whoever asked for it has gone. A transaction that is abandoned
 * half way would go back to the pool with its locks.
 */
public final class Detached {

  private Detached() {}

  /** Starts the work now; to stop waiting for the answer does not stop the work. */
  public static <T> Uni<T> start(Uni<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    work.subscribe().with(done::complete, done::completeExceptionally);
    return Uni.createFrom().completionStage(done::copy);
  }
}
