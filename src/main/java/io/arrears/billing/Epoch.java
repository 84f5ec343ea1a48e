package io.arrears.billing;

import io.arrears.core.BillingCycle;
import io.arrears.core.BillingPeriod;
import io.vertx.mutiny.sqlclient.Row;
import java.time.LocalDate;
import java.util.Comparator;

/**
 * Where the billing of a product and cycle stands.
 *
 * @param number that items carry which arrive now; closing a period moves it on by one
 * @param closedThrough last day of the newest closed period; null before the first
 */
record Epoch(long number, LocalDate closedThrough) {

  static final Epoch FIRST = new Epoch(1, null);

  /** What is closed together. */
  record Key(String product, BillingCycle cycle) implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::product).thenComparing(Key::cycle);

    static Key of(Row row) {
      return new Key(row.getString("product"), BillingCycle.valueOf(row.getString("cycle")));
    }

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  static Epoch of(Row row) {
    return new Epoch(row.getLong("epoch"), row.getLocalDate("closed_through"));
  }

  /** Whether an item of this day comes after its period was billed. */
  boolean late(BillingCycle cycle, LocalDate usageDay) {
    return closedThrough != null
        && !BillingPeriod.containing(cycle, usageDay).last().isAfter(closedThrough);
  }
}
