package io.arrears.testkit;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** A stream that is being watched. */
public final class Watching<Q, A> implements ClientResponseObserver<Q, A>, AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  private final BlockingQueue<A> answers = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();
  private final boolean everything;
  private ClientCallStreamObserver<Q> call;
  private StreamObserver<Q> requests;

  private Watching(boolean everything) {
    this.everything = everything;
  }

  /** Watches, and takes all that comes. */
  public static <Q, A> Watching<Q, A> of(BiConsumer<Q, StreamObserver<A>> method, Q request) {
    Watching<Q, A> watching = new Watching<>(true);
    method.accept(request, watching);
    return watching;
  }

  /** Watches, and takes only what {@link #take} asks for. */
  public static <Q, A> Watching<Q, A> slowly(BiConsumer<Q, StreamObserver<A>> method, Q request) {
    Watching<Q, A> watching = new Watching<>(false);
    method.accept(request, watching);
    return watching;
  }

  /** Watches what answers the requests that {@link #send} sends. */
  public static <Q, A> Watching<Q, A> both(Function<StreamObserver<A>, StreamObserver<Q>> method) {
    Watching<Q, A> watching = new Watching<>(true);
    watching.requests = method.apply(watching);
    return watching;
  }

  /** Sends requests, and that there are no more. */
  public void send(Iterable<Q> all) {
    all.forEach(requests::onNext);
    requests.onCompleted();
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> started) {
    call = started;
    if (!everything) {
      started.disableAutoRequestWithInitial(0);
    }
  }

  @Override
  public void onNext(A answer) {
    answers.add(answer);
  }

  @Override
  public void onError(Throwable failure) {
    end.complete(Status.fromThrowable(failure));
  }

  @Override
  public void onCompleted() {
    end.complete(Status.OK);
  }

  /** The next answer, which must come. */
  public A next() throws InterruptedException {
    A answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(answer, () -> "nothing came; the call " + end);
    return answer;
  }

  /** The next answer that is wanted, whatever comes before it. */
  public A next(Predicate<A> wanted) throws InterruptedException {
    List<A> all = until(wanted);
    return all.get(all.size() - 1);
  }

  /** All answers until one that is wanted, and that one. */
  public List<A> until(Predicate<A> wanted) throws InterruptedException {
    List<A> all = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    do {
      assertTrue(System.nanoTime() < end, () -> "what is wanted is not among " + all);
      all.add(next());
    } while (!wanted.test(all.get(all.size() - 1)));
    return all;
  }

  /** The next answer of one who takes them one by one. */
  public A take() throws InterruptedException {
    call.request(1);
    return next();
  }

  /** What has come and was not looked at. */
  public List<A> rest() {
    List<A> all = new ArrayList<>();
    answers.drainTo(all);
    return all;
  }

  /** How the call ended, which it must. */
  public Status end() throws Exception {
    return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  public StatusRuntimeException failure() throws Exception {
    return end().asRuntimeException();
  }

  public void assertGoesOn() {
    assertNull(end.getNow(null));
  }

  @Override
  public void close() {
    call.cancel("the test is over", null);
  }
}
