package io.arrears.bench;

import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * The two ways to offer load. The closed loop keeps a number of calls in flight and finds out how
 * many a second that makes; the open loop starts calls when they are due, whatever became of the
 * ones before, and counts a call's time from the instant when it was due.
 */
final class Loops {

  private static final long MAX_NANOS = 120_000_000_000L;
  private static final int DIGITS = 3;

  private final AtomicLong failures = new AtomicLong();
  private final AtomicReference<Throwable> firstFailure = new AtomicReference<>();
  private final ConcurrentHistogram nanos = new ConcurrentHistogram(MAX_NANOS, DIGITS);

  private Loops() {}

  /**
   * Ends after {@code calls} or {@code seconds}, whichever is first.
   *
   * @param next the index of the next call; moved on
   */
  static Outcome closed(
      Operation operation, int inFlight, AtomicLong next, long calls, double seconds)
      throws InterruptedException {
    return new Loops().runClosed(operation, inFlight, next, calls, seconds);
  }

  /** Poisson arrivals at a mean rate, the same ones every time. */
  static Outcome open(Operation operation, AtomicLong next, long calls, double perSecond) {
    return new Loops().runOpen(operation, next, calls, perSecond);
  }

  private Outcome runClosed(
      Operation operation, int inFlight, AtomicLong next, long calls, double seconds)
      throws InterruptedException {
    long first = next.get();
    long begin = System.nanoTime();
    long end = begin + (long) Math.min(seconds * 1e9, 1e15);
    CountDownLatch lanes = new CountDownLatch(inFlight);
    for (int i = 0; i < inFlight; i++) {
      lane(operation, next, first + calls, end, lanes);
    }
    lanes.await();
    double took = (System.nanoTime() - begin) / 1e9;
    return outcome(nanos.getTotalCount(), took);
  }

  private void lane(
      Operation operation, AtomicLong next, long limit, long end, CountDownLatch lanes) {
    long index = next.getAndUpdate(i -> i < limit ? i + 1 : i);
    if (index >= limit || System.nanoTime() >= end) {
      lanes.countDown();
      return;
    }
    long start = System.nanoTime();
    operation.start(
        index,
        failure -> {
          ended(start, failure);
          lane(operation, next, limit, end, lanes);
        });
  }

  private Outcome runOpen(Operation operation, AtomicLong next, long calls, double perSecond) {
    SplittableRandom random = new SplittableRandom(42);
    AtomicInteger pending = new AtomicInteger();
    long begin = System.nanoTime();
    double due = begin;
    for (long i = 0; i < calls; i++) {
      due += -Math.log(1 - random.nextDouble()) / perSecond * 1e9;
      long dueAt = (long) due;
      for (long wait = dueAt - System.nanoTime(); wait > 0; wait = dueAt - System.nanoTime()) {
        LockSupport.parkNanos(wait);
      }
      pending.incrementAndGet();
      operation.start(
          next.getAndIncrement(),
          failure -> {
            ended(dueAt, failure);
            pending.decrementAndGet();
          });
    }
    while (pending.get() > 0) {
      LockSupport.parkNanos(1_000_000);
    }
    return outcome(calls, (System.nanoTime() - begin) / 1e9);
  }

  private void ended(long since, Throwable failure) {
    nanos.recordValue(Math.min(System.nanoTime() - since, MAX_NANOS));
    if (failure != null) {
      failures.incrementAndGet();
      firstFailure.compareAndSet(null, failure);
    }
  }

  private Outcome outcome(long calls, double seconds) {
    return new Outcome(calls, seconds, nanos, failures.get(), firstFailure.get());
  }
}
