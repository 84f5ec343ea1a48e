package io.arrears.billing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.core.BillingCycle;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What ingestion remembers is bounded, and never made up. */
class KnownServicesTest {

  private static final int MANY = 100_000;

  private static Item item(String account, String product, String currency) {
    return new Item(
        "item",
        account,
        product,
        "sku",
        BillingCycle.DAILY,
        BigDecimal.ONE,
        Instant.EPOCH,
        Instant.EPOCH,
        "",
        "",
        currency);
  }

  private static Item item(int account) {
    return item("account-" + account, "product", "EUR");
  }

  private static long known(KnownServices services, int from, int to) {
    return IntStream.range(from, to).filter(i -> services.contains(item(i))).count();
  }

  @Test
  void what_was_added_is_known_and_nothing_that_differs_in_anything() {
    KnownServices services = new KnownServices(1 << 20);

    services.add(item("a", "css", "EUR"));

    assertTrue(services.contains(item("a", "css", "EUR")));
    assertFalse(services.contains(item("b", "css", "EUR")));
    assertFalse(services.contains(item("a", "oss", "EUR")));
    assertFalse(services.contains(item("a", "css", "USD")));
  }

  @Test
  void it_grows_until_all_are_known() {
    KnownServices services = new KnownServices(8L << 20);

    IntStream.range(0, MANY).forEach(i -> services.add(item(i)));

    assertTrue(known(services, 0, MANY) > MANY * 0.98, "known: " + known(services, 0, MANY));
    assertEquals(0, known(services, MANY, 2 * MANY));
  }

  @Test
  void it_never_fills_more_than_it_may_and_forgets_instead() {
    KnownServices services = new KnownServices(64 << 10);

    IntStream.range(0, MANY).forEach(i -> services.add(item(i)));

    assertEquals((64 << 10) / Long.BYTES, services.size());
    assertTrue(known(services, 0, MANY) > services.size() / 2);
    assertTrue(services.contains(item(MANY - 1)));
  }

  @Test
  void many_may_add_at_a_time() {
    KnownServices services = new KnownServices(8L << 20);

    for (int again = 0; again < 2; again++) { // What is added while it grows may be lost.
      IntStream.range(0, MANY).parallel().forEach(i -> services.add(item(i)));
    }

    assertTrue(known(services, 0, MANY) > MANY * 0.99, "known: " + known(services, 0, MANY));
    assertEquals(0, known(services, MANY, 2 * MANY));
  }
}
