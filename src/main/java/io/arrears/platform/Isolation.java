package io.arrears.platform;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Keeps one poisoned piece of work from spoiling those that are done with it: a chunk that fails is
 * done again alone, and if that fails too, piece by piece; a piece that fails alone is set aside.
 */
public final class Isolation<K, T> {

  private final Function<List<K>, Uni<T>> work;
  private final BiFunction<K, Throwable, Uni<T>> setAside;
  private final BinaryOperator<T> sum;

  /**
   * @param work on pieces, in a transaction: what fails has changed nothing
   * @param setAside so that nobody tries the piece again at once
   */
  public Isolation(
      Function<List<K>, Uni<T>> work,
      BiFunction<K, Throwable, Uni<T>> setAside,
      BinaryOperator<T> sum) {
    this.work = work;
    this.setAside = setAside;
    this.sum = sum;
  }

  /**
   * A chunk that has failed. Where the database is away no piece is to blame, and it fails again.
   */
  public Uni<T> again(List<K> chunk, Throwable failure) {
    if (chunk.isEmpty()) {
      return Uni.createFrom().failure(failure);
    }
    return tried(() -> work.apply(chunk), again -> oneByOne(chunk));
  }

  private Uni<T> oneByOne(List<K> chunk) {
    return Multi.createFrom()
        .iterable(chunk)
        .onItem()
        .transformToUniAndConcatenate(
            piece ->
                tried(() -> work.apply(List.of(piece)), failure -> setAside.apply(piece, failure)))
        .collect()
        .asList()
        .map(all -> all.stream().reduce(sum).orElseThrow());
  }

  private Uni<T> tried(Supplier<Uni<T>> attempt, Function<Throwable, Uni<T>> otherwise) {
    return Uni.createFrom()
        .deferred(attempt::get)
        .onFailure(failure -> !Outage.is(failure))
        .recoverWithUni(failed -> otherwise.apply(failed));
  }
}
