package io.arrears.job;

import io.smallrye.mutiny.CompositeException;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A step that is repeated until it says that nothing is left, several at a time. */
final class Lanes {

  private Lanes() {}

  /** The step once, as mostly there is nothing to do, and if there is more, in lanes. */
  static Uni<Void> repeat(int lanes, Supplier<Uni<Boolean>> step) {
    return Uni.createFrom()
        .deferred(step::get)
        .chain(more -> more ? all(lanes, step) : Uni.createFrom().voidItem());
  }

  /** Lanes that each repeat the step. If one fails, the others still end what they have begun. */
  static Uni<Void> all(int lanes, Supplier<Uni<Boolean>> step) {
    AtomicBoolean failed = new AtomicBoolean();
    List<Uni<Void>> all = new ArrayList<>();
    for (int i = 0; i < lanes; i++) {
      all.add(
          whilst(() -> failed.get() ? Uni.createFrom().item(false) : step.get())
              .onFailure()
              .invoke(() -> failed.set(true)));
    }
    return Uni.join()
        .all(all)
        .andCollectFailures()
        .onFailure(CompositeException.class)
        .transform(failure -> failure.getCauses().get(0))
        .replaceWithVoid();
  }

  /** Not by recursion: a run may have a thousand batches. */
  private static Uni<Void> whilst(Supplier<Uni<Boolean>> step) {
    return Uni.createFrom()
        .deferred(step::get)
        .repeat()
        .whilst(more -> more)
        .collect()
        .last()
        .replaceWithVoid();
  }
}
