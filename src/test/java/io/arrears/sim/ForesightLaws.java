package io.arrears.sim;

import static io.arrears.core.SuspensionReason.AWAITING_START;

import io.arrears.core.Account;
import io.arrears.core.Policy;
import io.arrears.core.PolicyHistory;
import io.arrears.core.Reminder;
import io.arrears.core.Rule;
import io.arrears.core.Service;
import io.arrears.core.ServiceState;
import io.arrears.core.Step;
import io.arrears.core.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What an account that was just looked at says of what will happen is what happens. */
final class ForesightLaws {

  private static final int FARTHEST = 60;
  private static final Duration HORIZON = Duration.ofDays(800);

  private final World start;
  private final Verdict verdict;

  private ForesightLaws(World start, Verdict verdict) {
    this.start = start;
    this.verdict = verdict;
  }

  /**
   * @param world settled
   */
  static void check(World world, Verdict verdict) {
    ForesightLaws laws = new ForesightLaws(world, verdict);
    laws.twiceIsOnce();
    laws.refusals();
    laws.future();
  }

  private void twiceIsOnce() {
    Turn again = start.settle();
    World after = again.after();
    verdict.expect(
        again.transitions().isEmpty()
            && again.notices().isEmpty()
            && after.services().equals(start.services())
            && after.circumstances().equals(start.circumstances())
            && same(after.state(), start.state()),
        () -> "settled again, it changed: " + again.transitions() + again.notices());
  }

  private static boolean same(Account.State a, Account.State b) {
    return a.version() == b.version()
        && a.balance().compareTo(b.balance()) == 0
        && a.episodes() == b.episodes()
        && a.transitionSequence() == b.transitionSequence()
        && Arrays.equals(a.chainHash(), b.chainHash());
  }

  /** What is not for the customer's hand, and what cannot be reopened. */
  private void refusals() {
    for (Service service : start.services().values()) {
      String product = service.product();
      if (service.state() != ServiceState.SUSPENDED
          || !service.standing().reasons().equals(Set.of(AWAITING_START))) {
        refused("start " + service.standing(), a -> a.start(product, start.now(), "tester"));
      }
      boolean restricted =
          start.memory().stood().stream()
              .anyMatch(
                  each ->
                      each.to() == null
                          && (each.product().isEmpty() || each.product().equals(product)));
      if (restricted
          || !Set.of(ServiceState.CLEARED, ServiceState.REPOSSESSED).contains(service.state())) {
        refused("reopen " + service.standing(), a -> a.reopen(product, start.now(), "tester"));
      }
    }
  }

  private void refused(String what, Consumer<Account> command) {
    try {
      command.accept(start.read());
      verdict.expect(false, () -> "not refused: " + what);
    } catch (IllegalStateException expected) {
      // as it should be
    }
  }

  private record Moved(Rule rule, ServiceState to, Instant at) {

    static Moved by(Transition move) {
      return new Moved(TurnLaws.rule(move), move.to(), move.at());
    }

    static Moved by(Step step) {
      return new Moved(step.rule(), step.to(), step.at());
    }
  }

  /**
   * Looks at every deadline, and holds that against the promise and against one look at the end.
   */
  private void future() {
    Map<String, List<Moved>> promised = new TreeMap<>();
    Account account = start.read();
    for (String product : start.services().keySet()) {
      List<Step> schedule = account.schedule(product, start.now());
      promised.put(product, schedule.stream().map(Moved::by).toList());
      Step next = account.next(product, start.now());
      verdict.expect(
          changesAhead(product)
              || Objects.equals(next, schedule.isEmpty() ? null : schedule.get(0)),
          () -> "next is " + next + ", and the schedule begins otherwise: " + schedule);
    }
    Map<String, List<Moved>> happened = new TreeMap<>();
    World world = start;
    Instant end = start.now().plus(HORIZON);
    Instant due = world.read().dueAt(world.now());
    if (due != null && due.isBefore(end)) {
      quietUntil(due.minusNanos(1000), world);
    }
    for (int looks = 0; due != null && due.isBefore(end) && looks < FARTHEST; looks++) {
      Instant next = due;
      Instant before = world.now();
      verdict.expect(next.isAfter(before), () -> "to be looked at in the past, at " + next);
      if (!next.isAfter(before)) {
        return;
      }
      Turn turn = world.at(next).settle();
      add(happened, turn);
      world = turn.after();
      due = world.read().dueAt(world.now());
    }
    boolean complete = due == null;
    if (complete) {
      quietUntil(end, world);
    }
    compare(promised, happened, world, complete);
    inOneStep(happened, world);
  }

  /** Nothing happens by itself that was not announced. */
  private void quietUntil(Instant end, World world) {
    Turn turn = world.at(end).settle();
    boolean quiet =
        turn.transitions().isEmpty()
            && turn.notices().isEmpty()
            && turn.after().services().equals(world.services());
    verdict.expect(
        quiet,
        () ->
            "nothing was due: but at %s there happened %s, from %s to %s"
                .formatted(end, turn, world.services(), turn.after().services()));
  }

  private static void add(Map<String, List<Moved>> happened, Turn turn) {
    for (Transition move : turn.transitions()) {
      happened.computeIfAbsent(move.product(), key -> new ArrayList<>()).add(Moved.by(move));
    }
  }

  private boolean episodesBegan(World end) {
    return end.state().episodes() > start.state().episodes();
  }

  private void compare(
      Map<String, List<Moved>> promised,
      Map<String, List<Moved>> happened,
      World end,
      boolean complete) {
    for (Map.Entry<String, List<Moved>> each : promised.entrySet()) {
      if (episodesBegan(end) || changesAhead(each.getKey())) {
        continue;
      }
      List<Moved> then = happened.getOrDefault(each.getKey(), List.of());
      List<Moved> said = each.getValue();
      boolean kept =
          complete
              ? then.equals(said)
              : then.size() <= said.size() && said.subList(0, then.size()).equals(then);
      verdict.expect(
          kept, () -> each.getKey() + " was promised " + said + ", and there happened " + then);
    }
  }

  private boolean changesAhead(String product) {
    PolicyHistory history = start.policies().get(product);
    return history.nextChange(0, start.now()) != null;
  }

  private boolean promisesReminders() {
    return start.services().keySet().stream()
        .map(start.policies()::get)
        .flatMap(history -> history.versions().stream())
        .flatMap(version -> version.variants().stream())
        .map(variant -> variant.policy())
        .map(Policy::reminders)
        .flatMap(List::stream)
        .anyMatch(Reminder::promised);
  }

  private void inOneStep(Map<String, List<Moved>> inMany, World manyLater) {
    if (promisesReminders() || episodesBegan(manyLater)) {
      return;
    }
    Turn turn = start.at(manyLater.now()).settle();
    Map<String, List<Moved>> inOne = new TreeMap<>();
    add(inOne, turn);
    verdict.expect(
        inOne.equals(inMany), () -> "in one step " + inOne + ", in many steps " + inMany);
    turn.after()
        .services()
        .forEach(
            (product, service) ->
                verdict.expect(
                    service.standing().equals(manyLater.service(product).standing())
                        && service.desired().equals(manyLater.service(product).desired()),
                    () ->
                        product
                            + " in one step: "
                            + service
                            + ", in many: "
                            + manyLater.service(product)));
  }
}
