package io.arrears.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Documents of products that nobody else has, for tests that need rules of their own. */
public final class Rules {

  private Rules() {}

  /** A name that no product has yet. */
  public static String newProduct() {
    return "test-" + UUID.randomUUID();
  }

  /**
   * A document: billed like the built-in products, 24 hours of grace from overdue, blocked then,
   * and repossessed after 60 days.
   *
   * @param sections in place of that, or besides; each begins with its key
   */
  public static String document(String product, String... sections) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("product", "product: " + product);
    all.put(
        "billing",
        "billing: {time-zone: Asia/Shanghai, daily-at: \"08:00\", monthly-day: 1,"
            + " monthly-at: \"08:00\"}");
    all.put("grace", "grace: {length: 24h, from: overdue}");
    all.put("suspension", "suspension: {access: blocked}");
    all.put("repossession", "repossession: {after-overdue: 60d}");
    for (String section : sections) {
      all.put(section.substring(0, section.indexOf(':')), section);
    }
    return all.values().stream().collect(Collectors.joining("\n", "", "\n"));
  }
}
