package io.arrears.sim;

import io.arrears.core.Arrears;
import io.arrears.core.Notice;
import io.arrears.core.Receivable;
import io.arrears.core.Rule;
import io.arrears.core.Service;
import io.arrears.core.ServiceState;
import io.arrears.core.Transition;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What holds of every command, whatever it is and whatever the policy says. */
final class TurnLaws {

  private final Turn turn;
  private final Verdict verdict;

  private TurnLaws(Turn turn, Verdict verdict) {
    this.turn = turn;
    this.verdict = verdict;
  }

  static void check(Turn turn, Event event, Verdict verdict) {
    TurnLaws laws = new TurnLaws(turn, verdict);
    laws.chain();
    laws.moves();
    laws.overdueNotices();
    laws.generations();
    if (event.pays()) {
      laws.payment();
    }
    if (event.kind() == Event.Kind.FULL_PAYMENT) {
      laws.fullPayment();
    }
  }

  static Rule rule(Transition transition) {
    return Rule.valueOf(transition.rule().toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  static String told(Transition move) {
    return "%s %s -> %s by %s at %s"
        .formatted(move.product(), move.from(), move.to(), move.rule(), move.at());
  }

  private void chain() {
    long sequence = turn.before().state().transitionSequence();
    byte[] hash = turn.before().state().chainHash();
    for (Transition move : turn.transitions()) {
      verdict.expect(move.follows(sequence, hash), () -> "the chain breaks: " + told(move));
      sequence = move.sequence();
      hash = move.hash();
    }
    verdict.expect(
        sequence == turn.after().state().transitionSequence()
            && Arrays.equals(hash, turn.after().state().chainHash()),
        () -> "the account does not keep the end of its chain");
  }

  /** Only moves of the table, from where it was, in the order of time; some states are for good. */
  private void moves() {
    Map<String, ServiceState> states = new HashMap<>();
    Map<String, Instant> moved = new HashMap<>();
    for (Service service : turn.before().services().values()) {
      states.put(service.product(), service.state());
      moved.put(service.product(), service.standing().movedAt());
    }
    for (Transition move : turn.transitions()) {
      verdict.expect(
          rule(move).leads(move.from(), move.to()) && move.from() == states.get(move.product()),
          () -> "no move of the table from where it was: " + told(move));
      verdict.expect(
          !move.at().isBefore(moved.get(move.product()))
              && !move.at().isAfter(turn.after().now())
              && move.recordedAt().equals(turn.after().now()),
          () -> "out of time: " + told(move));
      verdict.expect(
          !move.explanation().contains("null") && !move.explanation().contains("?"),
          () -> "explained by nothing: " + move.explanation());
      verdict.expect(mayLeave(move), () -> "what is for good was left: " + told(move));
      states.put(move.product(), move.to());
      moved.put(move.product(), move.at());
    }
    states.forEach(
        (product, state) ->
            verdict.expect(
                turn.after().service(product).state() == state,
                () -> product + " is not where its transitions lead"));
  }

  private static boolean mayLeave(Transition move) {
    return switch (move.from()) {
      case BANNED -> move.to() == ServiceState.BANNED;
      case CLEARED -> rule(move) == Rule.REOPENED;
      default -> true;
    };
  }

  private void overdueNotices() {
    long told = turn.notices().stream().filter(each -> each.rung() == Notice.Rung.OVERDUE).count();
    long begun = turn.after().state().episodes() - turn.before().state().episodes();
    verdict.expect(told == begun, () -> begun + " episodes began, " + told + " were told");
  }

  /**
   * They only grow, and one command that finds everything settled changes them once at most; a
   * reopening leaves one out that nobody was told, so that no report of the old service fits it.
   */
  private void generations() {
    boolean once = turn.before().settled().services().equals(turn.before().services());
    for (Service before : turn.before().services().values()) {
      Service after = turn.after().service(before.product());
      long grown = after.generation() - before.generation();
      long changed = before.desired().equals(after.desired()) ? 0 : 1;
      long least = reopened(before.product()) ? changed + 1 : changed;
      verdict.expect(
          once ? grown == least : grown >= least,
          () -> "generations: from %s to %s".formatted(before, after));
      verdict.expect(
          after.observedGeneration() >= before.observedGeneration(),
          () -> "what was observed is forgotten: " + before.product());
    }
  }

  private boolean reopened(String product) {
    return turn.transitions().stream()
        .anyMatch(move -> move.product().equals(product) && rule(move) == Rule.REOPENED);
  }

  private void payment() {
    // A kept promise ends its hold, and what that held up may happen.
    boolean promised =
        turn.before().circumstances().holds().stream()
            .anyMatch(hold -> hold.promised() != null && hold.runsAt(turn.before().now()));
    if (!promised) {
      World unpaid = turn.before().settled();
      unpaid.services().values().forEach(this::notWorse);
      partPayment(unpaid, turn.after());
    }
  }

  /** From the mildest state on, in the order in which they are declared. */
  private void notWorse(Service before) {
    Service after = turn.after().service(before.product());
    boolean worse =
        after.state().compareTo(before.state()) > 0
            || after.access().compareTo(before.access()) > 0
            || after.standing().stage() > before.standing().stage();
    verdict.expect(!worse, () -> "a payment made it worse: from %s to %s".formatted(before, after));
  }

  /** A payment that clears nothing changes nothing but the money. */
  private void partPayment(World before, World after) {
    boolean cleared =
        !Objects.equals(before.state().arrears(), after.state().arrears())
            || before.services().values().stream()
                .anyMatch(
                    each ->
                        !Objects.equals(each.arrears(), after.service(each.product()).arrears()));
    verdict.expect(
        cleared || before.services().equals(after.services()),
        () -> "a part payment: from %s to %s".formatted(before.services(), after.services()));
  }

  /** Money covers the oldest bills first; where products share it, not always those past due. */
  private void fullPayment() {
    World before = turn.before();
    boolean shared =
        before.circumstances().unpaid().stream().map(Receivable::product).distinct().count() > 1;
    boolean settled = before.settled().services().equals(before.services());
    Arrears left = shared ? turn.after().state().arrears() : turn.after().read().arrears();
    verdict.expect(
        left == null || !settled, () -> "all that was due is paid, and still there is " + left);
  }
}
