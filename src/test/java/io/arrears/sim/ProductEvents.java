package io.arrears.sim;

import io.arrears.core.Service;
import java.util.List;

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
          return report(world, product, erasures.newest(), erasures.outstanding());
        });
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
