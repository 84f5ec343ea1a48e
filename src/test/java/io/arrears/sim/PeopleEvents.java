package io.arrears.sim;

import io.arrears.core.Account;
import io.arrears.core.Deactivation;
import io.arrears.core.Hold;
import io.arrears.core.Restriction;
import io.arrears.core.ServiceState;
import io.arrears.core.SuspensionReason;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What operators decide and customers ask for. */
final class PeopleEvents {

  private PeopleEvents() {}

  /** Timers of the account stand still, where none does yet. */
  static Event hold(Duration length) {
    return new Event(
        "hold for " + length,
        world -> running(world).isEmpty(),
        world -> place(world, placed(world, length, null, null)));
  }

  /** A promise to pay a part, in per cent, of what is due. */
  static Event promise(Duration length, int percent) {
    return new Event(
        "promise to pay " + percent + " % within " + length,
        world -> running(world).isEmpty() && world.amountDue().signum() > 0,
        world -> {
          BigDecimal share =
              world
                  .amountDue()
                  .multiply(BigDecimal.valueOf(percent))
                  .divide(BigDecimal.valueOf(100), 2, RoundingMode.UP);
          return place(world, placed(world, length, null, share));
        });
  }

  private static Turn place(World world, Hold hold) {
    return world.command(account -> account.hold(hold, world.now(), "tester"), Rows.hold(hold));
  }

  /** A hold for a product's services of a whole region; nobody looks at the account for it. */
  static Event moratorium(String product, Duration length) {
    Hold.Cohort cohort = new Hold.Cohort(product, "", "north");
    return new Event(
        "moratorium on " + product + " for " + length,
        world -> running(world).isEmpty(),
        world -> world.written(Rows.hold(placed(world, length, cohort, null))));
  }

  private static Hold placed(
      World world, Duration length, Hold.@Nullable Cohort cohort, @Nullable BigDecimal promised) {
    return new Hold(
        "hold-" + world.circumstances().holds().size(),
        cohort,
        world.now(),
        world.now().plus(length),
        null,
        promised,
        BigDecimal.ZERO,
        null);
  }

  private static Optional<Hold> running(World world) {
    return world.circumstances().holds().stream()
        .filter(hold -> hold.runsAt(world.now()))
        .findFirst();
  }

  static Event release() {
    return new Event(
        "release",
        world -> running(world).isPresent(),
        world -> {
          Hold hold = running(world).orElseThrow();
          return hold.cohort() != null
              ? world.written(Rows.released(hold.ended(world.now())))
              : world.command(
                  account -> account.release(hold.holdId(), world.now(), "tester"), rows -> rows);
        });
  }

  /**
   * @param product empty for all
   */
  static Event restrict(SuspensionReason reason, String product) {
    String id = reason + "/" + product;
    return new Event(
        "restrict for " + id,
        world -> !stands(world, id),
        world -> {
          Restriction restriction = new Restriction(id, product, reason, world.now());
          Memory.Stood stood = new Memory.Stood(id, product, reason, world.now(), null);
          return world
              .command(
                  account -> account.restrict(restriction, world.now(), "tester"),
                  Rows.restriction(restriction))
              .remembering(memory -> memory.restricted(stood));
        });
  }

  /**
   * @param product as it was restricted
   */
  static Event lift(SuspensionReason reason, String product) {
    String id = reason + "/" + product;
    return new Event(
        "lift " + id,
        world -> stands(world, id),
        world ->
            world
                .command(account -> account.lift(id, world.now(), "tester"), Rows.lifted(id))
                .remembering(memory -> memory.lifted(id, world.now())));
  }

  private static boolean stands(World world, String id) {
    return world.circumstances().restrictions().stream()
        .anyMatch(each -> each.restrictionId().equals(id));
  }

  /**
   * Asked for by one person, approved by another.
   *
   * @param product empty for all
   */
  static Event deactivate(String product) {
    return new Event(
        "deactivate " + (product.isEmpty() ? "everything" : product),
        world ->
            world.services().values().stream()
                .filter(each -> product.isEmpty() || each.product().equals(product))
                .anyMatch(each -> each.state() != ServiceState.DEACTIVATING),
        world -> {
          String ticket = "ticket-" + world.circumstances().deactivations().size();
          Deactivation deactivation = new Deactivation(ticket, product, world.now());
          return world.command(
              account -> account.deactivate(deactivation, world.now(), "tester"),
              Rows.deactivation(deactivation));
        });
  }

  /** All that a leaving service used is billed and paid. */
  static Event settled(String product) {
    return new Event(
        product + " is billed and paid",
        world ->
            world.has(product)
                && world.settled().service(product).state() == ServiceState.DEACTIVATING
                && world.service(product).settledAt() == null,
        world ->
            world.command(
                account -> account.settled(product, world.now(), "tester"), rows -> rows));
  }

  static Event opens(String product) {
    return new Event(
        product + " opens", world -> !world.has(product), world -> world.opens(product).settle());
  }

  static Event start(String product) {
    return new Event(
        "start " + product,
        world -> world.has(product) && looked(world).obstacleToStart(product) == null,
        world ->
            world.command(account -> account.start(product, world.now(), "tester"), rows -> rows));
  }

  static Event reopen(String product) {
    return new Event(
        "reopen " + product,
        world -> world.has(product) && looked(world).obstacleToReopen(product, world.now()) == null,
        world ->
            world
                .command(account -> account.reopen(product, world.now(), "tester"), rows -> rows)
                .remembering(memory -> memory.reopened(product)));
  }

  private static Account looked(World world) {
    return world.settled().read();
  }
}
