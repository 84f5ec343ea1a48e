package io.arrears.billing;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What ingestion has found once and need not ask again: that an account is there, has a currency,
 * and has a service open for a product. All of that stays true: a currency never changes, and the
 * row of a service is never removed.
 *
 * <p>Ten million are remembered in 128 MiB, because of each only 64 bits are kept, by a keyed hash.
 * One that was never added is taken for known with a probability of 2<sup>-61</sup>, as it is
 * compared with eight at the most. What does not fit is forgotten, and asked again.
 */
final class KnownServices {

  /** As many as share a cache line. */
  private static final int WAYS = 8;

  private static final int SMALLEST = 1 << 12;

  private final HashFunction hash;
  private final int most;
  private volatile Table table;

  /** Buckets of {@link #WAYS} fingerprints; 0 is none. */
  private record Table(AtomicLongArray prints, AtomicInteger used) {

    Table(int size) {
      this(new AtomicLongArray(size), new AtomicInteger());
    }

    int size() {
      return prints.length();
    }
  }

  /**
   * @param bytes that it fills at the most
   */
  KnownServices(long bytes) {
    SecureRandom random = new SecureRandom();
    this.hash = Hashing.sipHash24(random.nextLong(), random.nextLong());
    this.most = (int) Math.min(1 << 30, Math.max(SMALLEST, Long.highestOneBit(bytes / Long.BYTES)));
    this.table = new Table(SMALLEST);
  }

  /** Whether the account, with its currency, and the service of an item were added. */
  boolean contains(Item item) {
    Table now = table;
    return slot(now, bucket(now, item), print(item)) >= 0;
  }

  /** The account of this item has its currency, and its service is open. */
  void add(Item item) {
    Table now = table;
    long print = print(item);
    int bucket = bucket(now, item);
    if (slot(now, bucket, print) >= 0) {
      return;
    }
    int free = slot(now, bucket, 0);
    now.prints.set(free >= 0 ? free : bucket + (int) (print & (WAYS - 1)), print);
    if (free >= 0 && now.used.incrementAndGet() > now.size() / 2 && now.size() < most) {
      grow(now);
    }
  }

  private synchronized void grow(Table full) {
    if (table.size() == full.size()) {
      table = new Table(2 * full.size()); // Nothing is taken along: it is asked once more.
    }
  }

  /** Where a fingerprint is, or -1. */
  private static int slot(Table table, int bucket, long print) {
    for (int i = bucket; i < bucket + WAYS; i++) {
      if (table.prints.get(i) == print) {
        return i;
      }
    }
    return -1;
  }

  /** By other bits than the fingerprint's. */
  private static int bucket(Table table, Item item) {
    long mixed =
        (item.accountId().hashCode() + 31L * item.product().hashCode()) * 0x9E3779B97F4A7C15L;
    int buckets = table.size() / WAYS;
    return (int) (mixed >>> (Long.numberOfLeadingZeros(buckets) + 1)) * WAYS;
  }

  private long print(Item item) {
    String key = item.accountId() + '\n' + item.product() + '\n' + item.currencyCode();
    long print = hash.hashUnencodedChars(key).asLong();
    return print == 0 ? 1 : print;
  }

  /** How many fingerprints fit now. */
  int size() {
    return table.size();
  }
}
