package io.arrears.platform;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Lets concurrent calls share round trips and commits. A call that comes alone starts at once.
 * While a batch is under way, those who come gather until as many wait as it holds, so that two
 * halves take turns: one with the database while the other is answered and asks anew. Further
 * batches start only because those under way hang. A batch that fails is done again call by call,
 * so that one poisoned call fails alone: the work must be repeatable. A call that is cancelled
 * while it waits is not carried out.
 */
public final class Batcher<Q, A> {

  /** If no batch has started for so long, those who wait are one. */
  static final long GATHER_MILLIS = 5;

  /** Runs something after so many milliseconds. */
  public interface Timer {
    void after(long millis, Runnable action);
  }

  /**
   * How much at a time.
   *
   * @param batches under way
   * @param weight of one batch
   * @param waiting weight of the calls that may wait; further ones are refused
   */
  public record Bounds(int batches, int weight, int waiting) {}

  /** What is asked, and how it is gathered. */
  public interface Work<Q, A> {

    /** Answers in the order of the questions; a question that is refused throws from its own. */
    Uni<List<Supplier<A>>> answer(List<Q> questions);

    /** What a question adds to a batch. */
    default int weight(Q question) {
      return 1;
    }

    /** No two questions with the same key share a batch; null keeps company with all. */
    default Object key(Q question) {
      return null;
    }
  }

  private static final class Call<Q, A> {
    final Q question;
    final UniEmitter<? super A> answer;
    volatile boolean ended;

    Call(Q question, UniEmitter<? super A> answer) {
      this.question = question;
      this.answer = answer;
      answer.onTermination(() -> ended = true);
    }
  }

  /** What is done together, and what it weighs. */
  private record Batch<Q, A>(List<Call<Q, A>> calls, int weight) {}

  private final Bounds bounds;
  private final Timer timer;
  private final Work<Q, A> work;
  private final Deque<Call<Q, A>> waiting = new ArrayDeque<>();
  private int waitingWeight;
  private long started;
  private int underWay;
  private int weightUnderWay;
  private boolean gathering;

  public Batcher(Bounds bounds, Timer timer, Work<Q, A> work) {
    this.bounds = bounds;
    this.timer = timer;
    this.work = work;
  }

  /** Of calls that look something up by its key. */
  public static <Q, A> Batcher<Q, A> lookup(
      Bounds bounds,
      Timer timer,
      Function<Set<Q>, Uni<Map<Q, A>>> find,
      Function<Q, Rejection> missing) {
    return new Batcher<>(
        bounds,
        timer,
        questions ->
            find.apply(new HashSet<>(questions))
                .map(
                    found -> questions.stream().map(each -> found(found, each, missing)).toList()));
  }

  private static <Q, A> Supplier<A> found(
      Map<Q, A> found, Q question, Function<Q, Rejection> missing) {
    return () -> {
      A answer = found.get(question);
      if (answer == null) {
        throw missing.apply(question);
      }
      return answer;
    };
  }

  /**
   * @throws Rejection RESOURCE_EXHAUSTED if too many wait
   */
  public Uni<A> ask(Q question) {
    return Uni.createFrom().emitter(answer -> enter(new Call<>(question, answer)));
  }

  private void enter(Call<Q, A> call) {
    boolean full;
    synchronized (waiting) {
      int weight = work.weight(call.question);
      full = !waiting.isEmpty() && waitingWeight + weight > bounds.waiting();
      if (!full) {
        waiting.add(call);
        waitingWeight += weight;
      }
    }
    if (full) {
      call.answer.fail(Rejection.overloaded());
    } else {
      start(false);
    }
  }

  /**
   * @param gathered whether those who wait have waited long enough
   */
  private void start(boolean gathered) {
    Batch<Q, A> batch;
    synchronized (waiting) {
      if (waiting.isEmpty() || underWay == bounds.batches()) {
        return;
      }
      if (!gathered && !worthABatch()) {
        gather();
        return;
      }
      batch = next();
      if (batch.calls.isEmpty()) {
        return;
      }
      started++;
      underWay++;
      weightUnderWay += batch.weight;
    }
    run(batch.calls)
        .onFailure()
        .recoverWithUni(failure -> oneByOne(batch.calls, failure))
        .subscribe()
        .with(done -> ended(batch), failure -> ended(batch));
  }

  private boolean worthABatch() {
    return underWay == 0
        || waitingWeight >= bounds.weight()
        || (underWay == 1 && waitingWeight >= weightUnderWay);
  }

  private void gather() {
    if (!gathering) {
      gathering = true;
      long before = started;
      timer.after(
          GATHER_MILLIS,
          () -> {
            boolean none;
            synchronized (waiting) {
              gathering = false;
              none = started == before;
            }
            start(none);
          });
    }
  }

  private void ended(Batch<Q, A> batch) {
    synchronized (waiting) {
      underWay--;
      weightUnderWay -= batch.weight;
    }
    start(false);
  }

  /** Takes from those who wait, in the order of their coming; nobody works for who has gone. */
  private Batch<Q, A> next() {
    Map<Object, Call<Q, A>> taken = new LinkedHashMap<>();
    int weight = 0;
    for (Iterator<Call<Q, A>> calls = waiting.iterator(); calls.hasNext(); ) {
      Call<Q, A> call = calls.next();
      int added = work.weight(call.question);
      if (call.ended) {
        calls.remove();
        waitingWeight -= added;
        continue;
      }
      if (weight + added > bounds.weight() && !taken.isEmpty()) {
        break;
      }
      Object key = work.key(call.question);
      if (taken.putIfAbsent(key == null ? call : key, call) == null) {
        calls.remove();
        weight += added;
      }
    }
    waitingWeight -= weight;
    return new Batch<>(List.copyOf(taken.values()), weight);
  }

  private Uni<Void> run(List<Call<Q, A>> batch) {
    return Uni.createFrom()
        .deferred(() -> work.answer(batch.stream().map(call -> call.question).toList()))
        .invoke(
            answers -> {
              for (int i = 0; i < batch.size(); i++) {
                answer(batch.get(i), answers.get(i));
              }
            })
        .replaceWithVoid();
  }

  private static <Q, A> void answer(Call<Q, A> call, Supplier<A> answer) {
    A found;
    try {
      found = answer.get();
    } catch (RuntimeException refused) {
      call.answer.fail(refused);
      return;
    }
    call.answer.complete(found);
  }

  private Uni<Void> oneByOne(List<Call<Q, A>> batch, Throwable failure) {
    if (batch.size() == 1) {
      batch.get(0).answer.fail(failure);
      return Uni.createFrom().voidItem();
    }
    return Multi.createFrom()
        .iterable(batch)
        .onItem()
        .transformToUniAndConcatenate(
            call ->
                run(List.of(call))
                    .onFailure()
                    .recoverWithItem(
                        own -> {
                          call.answer.fail(own);
                          return null;
                        }))
        .collect()
        .last()
        .replaceWithVoid();
  }
}
