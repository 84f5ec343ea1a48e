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
 * One that was never added is taken for known with a probability of 2<sup>-53</sup> at the most: it
 * is compared with eight. What does not fit is forgotten, and asked again.
 */
final class KnownServices {

  /** As many as share a cache line. */
  private static final int WAYS = 8;

  /** So often the table doubles; a fingerprint's lowest bits say where it belongs each time. */
  private static final int GROWTHS = 8;

  private static final int SMALLEST = 1 << 12;

  private final HashFunction hash;
  private final int most;
  private final int firstBits;
  private volatile Table table;

  /** Buckets of {@link #WAYS} fingerprints; 0 is none. */
  private record Table(AtomicLongArray prints, AtomicInteger used) {

    Table(int size) {
      this(new AtomicLongArray(size), new AtomicInteger());
    }

    int size() {
      return prints.length();
    }

    int bucketBits() {
      return Integer.numberOfTrailingZeros(size() / WAYS);
    }

    /** Where a fingerprint is, or -1. */
    int slot(int bucket, long print) {
      for (int i = bucket * WAYS; i < (bucket + 1) * WAYS; i++) {
        if (prints.get(i) == print) {
          return i;
        }
      }
      return -1;
    }
  }

  /**
   * @param home the bucket, by as many of its lowest bits as the table has
   */
  private record Key(long print, int home) {

    int bucket(Table table) {
      return home & (table.size() / WAYS - 1);
    }
  }

  /**
   * @param bytes that it fills at the most
   */
  KnownServices(long bytes) {
    SecureRandom random = new SecureRandom();
    this.hash = Hashing.sipHash24(random.nextLong(), random.nextLong());
    this.most = (int) Math.min(1 << 30, Math.max(SMALLEST, Long.highestOneBit(bytes / Long.BYTES)));
    this.table = new Table(Math.max(SMALLEST, most >>> GROWTHS));
    this.firstBits = table.bucketBits();
  }

  /** Whether the account, with its currency, and the service of an item were added. */
  boolean contains(Item item) {
    Table now = table;
    Key key = key(item);
    return now.slot(key.bucket(now), key.print()) >= 0;
  }

  /** The account of this item has its currency, and its service is open. */
  void add(Item item) {
    Table now = table;
    Key key = key(item);
    int bucket = key.bucket(now);
    if (now.slot(bucket, key.print()) >= 0) {
      return;
    }
    int free = now.slot(bucket, 0);
    int other = bucket * WAYS + ((int) (key.print() >>> GROWTHS) & (WAYS - 1));
    now.prints.set(free >= 0 ? free : other, key.print());
    if (free >= 0 && now.used.incrementAndGet() > now.size() / 2 && now.size() < most) {
      grow(now.size());
    }
  }

  /** What others add meanwhile may be lost, and is asked again. */
  private synchronized void grow(int from) {
    Table full = table;
    if (full.size() > from) {
      return;
    }
    Table larger = new Table(2 * from);
    int bits = full.bucketBits();
    for (int i = 0; i < from; i++) {
      long print = full.prints.get(i);
      if (print != 0) {
        int next = (int) (print >>> (bits - firstBits)) & 1;
        int bucket = (i / WAYS) | (next << bits);
        larger.prints.set(larger.slot(bucket, 0), print);
        larger.used.incrementAndGet();
      }
    }
    table = larger;
  }

  /** The home is by another hash than the print, save for the bits that are in both. */
  private Key key(Item item) {
    String text = item.accountId() + '\n' + item.product() + '\n' + item.currencyCode();
    long mixed = mixed(item.accountId().hashCode() + 31L * item.product().hashCode());
    int home = (int) (mixed >>> (Long.SIZE - firstBits - GROWTHS));
    long print = (hash.hashUnencodedChars(text).asLong() << GROWTHS) | (home >>> firstBits);
    return new Key(print == 0 ? 1L << GROWTHS : print, home);
  }

  /** Spreads what differs little over all bits; the end of MurmurHash3. */
  private static long mixed(long hash) {
    long mixed = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ (mixed >>> 33);
  }

  /** How many fingerprints fit now. */
  int size() {
    return table.size();
  }
}
