package io.arrears.sim;

import io.arrears.core.Account;
import io.arrears.core.Arrears;
import io.arrears.core.LedgerEntry;
import io.arrears.core.PrepaidPackage;
import io.arrears.core.Receivable;
import io.arrears.core.Span;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Bills, payments, and what else it depends on whether an account is overdue. */
final class MoneyEvents {

  private static final BigDecimal CENT = new BigDecimal("0.01");
  private static final BigDecimal ENOUGH_DEBT = new BigDecimal("-250");

  private MoneyEvents() {}

  /**
   * A bill.
   *
   * @param late how long before it is charged it counts from
   */
  static Event charge(String product, String amount, Duration late) {
    BigDecimal charged = new BigDecimal(amount);
    return new Event(
        "charge " + product + " " + amount + ago(late),
        world -> world.has(product) && world.memory().balance().compareTo(ENOUGH_DEBT) > 0,
        world -> {
          Instant at = world.now().minus(late);
          Span term = world.policy(product).bills().payWithin();
          String id = "bill-" + (world.state().ledgerSequence() + 1);
          Receivable bill =
              new Receivable(id, product, charged, at, term == null ? null : term.after(at));
          LedgerEntry.Draft draft = draft(LedgerEntry.Kind.CHARGE, charged.negate(), at, id);
          return world
              .command(account -> account.charge(draft, bill, world.now()), Rows.bill(bill))
              .remembering(
                  memory -> memory.posted(charged.negate(), at, world.state().creditLimit()));
        });
  }

  private static String ago(Duration late) {
    return late.isZero() ? "" : " from " + late + " ago";
  }

  /** A payment of all that is due. */
  static Event payInFull(Duration late) {
    return pay("in full", Event.Kind.FULL_PAYMENT, late, due -> due);
  }

  /** The part payment that comes closest to clearing the arrears. */
  static Event payAllButACent() {
    return pay("all but a cent", Event.Kind.PAYMENT, Duration.ZERO, due -> due.subtract(CENT));
  }

  static Event payHalf(Duration late) {
    BigDecimal two = BigDecimal.valueOf(2);
    return pay("half", Event.Kind.PAYMENT, late, due -> due.divide(two, 2, RoundingMode.DOWN));
  }

  private static Event pay(
      String what, Event.Kind kind, Duration late, Function<BigDecimal, BigDecimal> part) {
    return new Event(
        "pay " + what + ago(late),
        kind,
        world -> part.apply(world.amountDue()).signum() > 0,
        world -> pay(world, part.apply(world.amountDue()), late));
  }

  static Event topUp(String amount) {
    return new Event(
        "top up " + amount,
        Event.Kind.PAYMENT,
        world -> world.memory().balance().signum() <= 0,
        world -> pay(world, new BigDecimal(amount), Duration.ZERO));
  }

  private static Turn pay(World world, BigDecimal amount, Duration late) {
    Instant at = world.now().minus(late);
    String id = "payment-" + (world.state().ledgerSequence() + 1);
    LedgerEntry.Draft draft = draft(LedgerEntry.Kind.PAYMENT, amount, at, id);
    return world
        .command(account -> account.post(draft, List.of(), world.now()), rows -> rows)
        .remembering(memory -> memory.posted(amount, at, world.state().creditLimit()));
  }

  private static LedgerEntry.Draft draft(
      LedgerEntry.Kind kind, BigDecimal amount, Instant at, String id) {
    return new LedgerEntry.Draft(kind, amount, at, id, "", "tester", "other side", null);
  }

  /**
   * The customer received the notification of the open episode.
   *
   * @param late how long ago, if it had been sent by then
   */
  static Event receipt(Duration late) {
    return new Event(
        "receipt" + ago(late),
        world -> {
          Arrears open = world.read().arrears();
          return notified(world, open) && open.receivedAt() == null;
        },
        world -> {
          Arrears open = world.read().arrears();
          Instant then = world.now().minus(late);
          Instant at = then.isBefore(open.notifiedAt()) ? open.notifiedAt() : then;
          return world
              .command(
                  account -> account.received(open.episode(), at, world.now(), "tester"),
                  rows -> rows)
              .remembering(memory -> memory.received(open.episode(), at));
        });
  }

  private static boolean notified(World world, @Nullable Arrears open) {
    return open != null && !open.notifiedAt().isAfter(world.now());
  }

  /** A channel that confirms has delivered the notification, where that matters to a product. */
  static Event delivery() {
    return new Event(
        "delivery",
        world -> {
          Arrears open = world.read().arrears();
          return notified(world, open)
              && open.deliveredAt() == null
              && world.services().keySet().stream()
                  .anyMatch(product -> world.policy(product).grace().deliveryIsReceipt());
        },
        world -> {
          Arrears open = world.read().arrears();
          return world.command(
              account -> account.delivered(open.episode(), world.now(), world.now(), "tester"),
              rows -> rows);
        });
  }

  /** Other terms. */
  static Event agree(String creditLimit, String frozen, String tier) {
    Account.Terms terms =
        new Account.Terms(new BigDecimal(creditLimit), new BigDecimal(frozen), tier, "north");
    return new Event(
        "agree on a limit of " + creditLimit + ", " + frozen + " frozen, tier " + tier,
        world -> !world.read().terms().equals(terms),
        world ->
            world
                .command(account -> account.agree(terms, world.now(), "tester"), rows -> rows)
                .remembering(
                    memory -> memory.judged(memory.balance(), world.now(), terms.creditLimit())));
  }

  /**
   * What is left of a package.
   *
   * @param lasts null if it does not expire
   */
  static Event prepaid(String product, String remaining, @Nullable Duration lasts) {
    return new Event(
        "package of " + product + ": " + remaining + (lasts == null ? "" : " for " + lasts),
        world -> world.has(product),
        world -> {
          Instant expires = lasts == null ? null : world.now().plus(lasts);
          PrepaidPackage prepaid =
              new PrepaidPackage("package-" + product, product, new BigDecimal(remaining), expires);
          return world.command(
              account -> account.prepaid(prepaid, world.now(), "tester"), Rows.prepaid(prepaid));
        });
  }
}
