package io.arrears.job;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A round of a bill run, in lanes: what is closed is summed, part by part, and what is summed is
 * billed, chunk by chunk, by whichever lane is free. So no lane is idle while there is something to
 * bill, however uneven the parts are.
 */
final class BillRound {

  private static final Duration POLL = Duration.ofMillis(20);

  private final Supplier<Uni<Boolean>> sum;
  private final Supplier<Uni<Boolean>> bill;
  private final AtomicBoolean toSum = new AtomicBoolean(true);
  private final AtomicInteger summing = new AtomicInteger();

  /**
   * @param sum one part; false if nothing is left to sum
   * @param bill one chunk; false if none is queued
   */
  BillRound(Supplier<Uni<Boolean>> sum, Supplier<Uni<Boolean>> bill) {
    this.sum = sum;
    this.bill = bill;
  }

  /** What a lane repeats; false once all is summed and billed. */
  Uni<Boolean> step() {
    return toSum.get() ? sumOrBill() : billOrWait();
  }

  private Uni<Boolean> sumOrBill() {
    summing.incrementAndGet();
    return sum.get()
        .onTermination()
        .invoke(summing::decrementAndGet)
        .chain(
            summed -> {
              if (summed) {
                return Uni.createFrom().item(true);
              }
              toSum.set(false);
              return billOrWait();
            });
  }

  /** A part may be summed while nothing is found to bill: that is asked about before. */
  private Uni<Boolean> billOrWait() {
    boolean more = summing.get() > 0;
    return bill.get()
        .chain(
            billed -> {
              Uni<Boolean> next = Uni.createFrom().item(billed || more);
              return billed || !more ? next : next.onItem().delayIt().by(POLL);
            });
  }
}
