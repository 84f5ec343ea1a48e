package io.arrears.sim;

import io.arrears.core.Service;
import java.util.List;
import java.util.Map;

/** What products report. */
final class ProductEvents {

  private ProductEvents() {}

  /**
   * The product does what it was told.
   *
   * @param categories how many of those to erase it reports as erased, at most
   */
  static Event report(String product, int categories) {
    return new Event(
        "report of " + product + ", " + categories + " erased",
        world -> {
          Service service = world.service(product);
          return service != null
              && (!service.enforced() || (categories > 0 && !service.desired().clear().isEmpty()));
        },
        world -> {
          Service service = world.service(product);
          List<String> erased = service.desired().clear().stream().limit(categories).toList();
          return report(world, product, service.generation(), erased);
        });
  }

  /** It has done what it was told at first, and does not know yet what it is told now. */
  static Event lateReport(String product) {
    return new Event(
        "late report of " + product,
        world -> !world.memory().erasures(product).outstanding().isEmpty(),
        world -> {
          Memory.Erasures erasures = world.memory().erasures(product);
          return report(world, product, newest(erasures.asked()), erasures.outstanding());
        });
  }

  /** It has done what it was told before the service was reopened. */
  static Event staleReport(String product) {
    return new Event(
        "stale report of " + product,
        world -> !world.memory().erasures(product).former().isEmpty(),
        world -> {
          Map<String, Long> former = world.memory().erasures(product).former();
          return report(world, product, newest(former), List.copyOf(former.keySet()));
        });
  }

  private static long newest(Map<String, Long> asked) {
    return asked.values().stream().mapToLong(each -> each).max().orElse(0);
  }

  private static Turn report(World world, String product, long generation, List<String> erased) {
    boolean heard = generation >= world.service(product).observedGeneration();
    return world
        .command(
            account -> account.report(product, generation, erased, world.now(), "tester"),
            rows -> rows)
        .remembering(memory -> heard ? memory.reported(product, generation, erased) : memory);
  }
}
