package io.arrears.sim;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Somebody who sends piece after piece, each again with the same ids until it is acknowledged, save
 * every other one that is refused, which is given up; and who remembers everything.
 */
final class Sender {

  /** How one sends the pieces of a round and hears that they are stored. */
  interface Way {
    void send(int round, Sender sender) throws InterruptedException;
  }

  /**
   * What was sent under an id.
   *
   * @param amount without zeros at its end
   */
  record Sent(String accountId, BigDecimal amount) {}

  private static final Duration PAUSE = Duration.ofMillis(20);

  final String name;
  final Map<String, Sent> sent = new ConcurrentHashMap<>();
  final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  final Set<Status.Code> failures = ConcurrentHashMap.newKeySet();
  final AtomicInteger failed = new AtomicInteger();
  final AtomicInteger underWay = new AtomicInteger();
  private final Way way;

  Sender(String name, Way way) {
    this.name = name;
    this.way = way;
  }

  void run(AtomicBoolean stopped) throws InterruptedException {
    boolean insists = true;
    for (int round = 0; !stopped.get(); round++) {
      if (!sent(round)) {
        insists = !insists;
        do {
          LockSupport.parkNanos(PAUSE.toNanos());
        } while (insists && !stopped.get() && !sent(round));
      }
    }
  }

  private boolean sent(int round) throws InterruptedException {
    underWay.set(1);
    try {
      way.send(round, this);
      return true;
    } catch (StatusRuntimeException e) {
      failures.add(e.getStatus().getCode());
      failed.incrementAndGet();
      return false;
    } finally {
      underWay.set(0);
    }
  }

  /** To be called before it leaves. */
  void sends(String id, String accountId, BigDecimal amount) {
    sent.put(id, new Sent(accountId, amount.stripTrailingZeros()));
  }

  @Override
  public String toString() {
    return "%s: %d sent, %d acknowledged, %d times refused"
        .formatted(name, sent.size(), acknowledged.size(), failed.get());
  }
}
