package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.OPENED;
import static io.arrears.core.Accounts.amount;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One customer as the service treats it: every command finds the account as the one before left it,
 * stored and read again, with all that people have decided meanwhile.
 */
final class Customer {

  private static final String ACTOR = "tester";

  private final Map<String, PolicyHistory> policies = new HashMap<>();
  private final Map<String, Service> services = new TreeMap<>();
  private final Map<String, Restriction> restrictions = new LinkedHashMap<>();
  private final Map<String, Hold> holds = new LinkedHashMap<>();
  private final List<Deactivation> deactivations = new ArrayList<>();
  private final Map<String, PrepaidPackage> packages = new LinkedHashMap<>();
  private final Map<String, Receivable> bills = new LinkedHashMap<>();
  private final List<Transition> transitions = new ArrayList<>();
  private final List<Notice> notices = new ArrayList<>();
  private final List<BilledChange> billedChanges = new ArrayList<>();
  private Account.State state;
  private Instant latest = OPENED;
  private int references;

  private Customer(Account.State state) {
    this.state = state;
  }

  /**
   * Of one product or more, each opened a month before that morning; with no money, on no credit.
   */
  static Customer of(Policy... policies) {
    Customer customer = new Customer(Accounts.state("0.00", "0"));
    for (Policy policy : policies) {
      customer.opens(PolicyHistory.of(policy), OPENED);
    }
    return customer;
  }

  /** Of a product with several versions of its rules. */
  static Customer of(PolicyVersion... versions) {
    Customer customer = new Customer(Accounts.state("0.00", "0"));
    customer.opens(new PolicyHistory(List.of(versions)), OPENED);
    return customer;
  }

  /** One of {@code css} that is below the limit by 5.00 since that morning. */
  static Customer owing(Policy policy) {
    return of(policy).charged("5.00", MORNING);
  }

  /** Bills may wait: the account's own limit is far away. */
  static Customer onCredit(Policy policy) {
    Customer customer = new Customer(Accounts.state("0.00", "10000"));
    return customer.opens(PolicyHistory.of(policy), OPENED);
  }

  /** The first item of a product comes. */
  Customer opens(PolicyHistory history, Instant at) {
    String product = history.versions().get(0).product();
    policies.put(product, history);
    services.put(product, Service.opened(product, at));
    return this;
  }

  /** The product's rules from now on. */
  Customer governed(PolicyHistory history) {
    policies.put(history.versions().get(0).product(), history);
    return this;
  }

  private Account account() {
    return new Account(
        state,
        List.copyOf(services.values()),
        new Circumstances(
            List.copyOf(restrictions.values()),
            List.copyOf(holds.values()),
            List.copyOf(deactivations),
            List.copyOf(packages.values()),
            List.copyOf(bills.values())),
        policies::get);
  }

  /** As the next command finds it: to be asked, not to be changed. */
  Account read() {
    return account();
  }

  private Customer command(Instant now, Consumer<Account> work) {
    return command(now, work, () -> {});
  }

  /**
   * @param recorded what is written down of the command besides what follows from it
   */
  private Customer command(Instant now, Consumer<Account> work, Runnable recorded) {
    latest = now;
    Account account = account();
    work.accept(account);
    recorded.run();
    transitions.addAll(account.transitions());
    notices.addAll(account.notices());
    billedChanges.addAll(account.billedChanges());
    account.changedHolds().forEach(hold -> holds.put(hold.holdId(), hold));
    account.covered().forEach(bill -> bills.put(bill.billId(), bill));
    bills.values().removeIf(bill -> bill.unpaid().signum() == 0);
    account.changedServices().forEach(service -> services.put(service.product(), service));
    state = account.state();
    return this;
  }

  /** A bill that is never past due. */
  Customer charged(String sum, Instant at) {
    return billed("bill-" + ++references, sum, at, null);
  }

  /** A bill of the first product. */
  Customer billed(String billId, String sum, Instant at, @Nullable Instant dueAt) {
    String product = services.keySet().iterator().next();
    Receivable bill = new Receivable(billId, product, amount(sum), at, dueAt);
    return command(
        at,
        account -> account.charge(Accounts.charge("-" + sum, at), bill, at),
        () -> bills.put(billId, bill));
  }

  Customer pays(String sum, Instant at) {
    return pays(sum, at, at);
  }

  Customer pays(String sum, Instant paidAt, Instant recordedAt, String... named) {
    return command(
        recordedAt,
        account -> account.post(Accounts.payment(sum, paidAt), List.of(named), recordedAt));
  }

  Customer adjusted(String sum, Instant at) {
    return command(at, account -> account.post(Accounts.adjustment(sum, at), List.of(), at));
  }

  /** The notification of the newest episode. */
  Customer received(Instant at) {
    return command(at, account -> account.received(state.episodes(), at, at, ACTOR));
  }

  /** A channel has delivered the notification of the newest episode. */
  Customer delivered(Instant at) {
    return command(at, account -> account.delivered(state.episodes(), at, at, ACTOR));
  }

  /** The sweep comes by. */
  Customer settled(Instant now) {
    return command(now, account -> account.settle(now, "job"));
  }

  Customer agreed(Account.Terms terms, Instant now) {
    return command(now, account -> account.agree(terms, now, ACTOR));
  }

  /** For every product, present and future. */
  Customer restricted(SuspensionReason reason, Instant now) {
    return restricted(reason.name(), "", reason, now);
  }

  Customer restricted(String id, String product, SuspensionReason reason, Instant now) {
    Restriction restriction = new Restriction(id, product, reason, now);
    return command(
        now,
        account -> account.restrict(restriction, now, ACTOR),
        () -> restrictions.put(id, restriction));
  }

  Customer lifted(SuspensionReason reason, Instant now) {
    return lifted(reason.name(), now);
  }

  Customer lifted(String id, Instant now) {
    return command(now, account -> account.lift(id, now, ACTOR), () -> restrictions.remove(id));
  }

  Customer held(String id, Instant now, Instant until) {
    return held(new Hold(id, null, now, until, null, null, amount("0"), null), now);
  }

  Customer promised(String id, String sum, Instant now, Instant until) {
    return held(new Hold(id, null, now, until, null, amount(sum), amount("0"), null), now);
  }

  Customer held(Hold hold, Instant now) {
    return command(
        now, account -> account.hold(hold, now, ACTOR), () -> holds.put(hold.holdId(), hold));
  }

  /** Of a whole cohort, as the next command finds it: no account is asked when it is placed. */
  Customer cohortHeld(Hold hold) {
    holds.put(hold.holdId(), hold);
    return this;
  }

  Customer released(String id, Instant now) {
    return command(now, account -> account.release(id, now, ACTOR));
  }

  Customer deactivated(String product, Instant now) {
    Deactivation deactivation = new Deactivation("ticket-" + ++references, product, now);
    return command(
        now,
        account -> account.deactivate(deactivation, now, ACTOR),
        () -> deactivations.add(deactivation));
  }

  /** All usage of a product that the customer leaves is billed and paid. */
  Customer paidUp(String product, Instant now) {
    return command(now, account -> account.settled(product, now, ACTOR));
  }

  Customer prepaid(String product, String remaining, @Nullable Instant expiresAt, Instant now) {
    PrepaidPackage prepaid = new PrepaidPackage("pack", product, amount(remaining), expiresAt);
    return command(
        now, account -> account.prepaid(prepaid, now, ACTOR), () -> packages.put("pack", prepaid));
  }

  Customer started(String product, Instant now) {
    return command(now, account -> account.start(product, now, ACTOR));
  }

  Customer reopened(String product, Instant now) {
    return command(now, account -> account.reopen(product, now, ACTOR));
  }

  /** The product reports its newest generation, and categories as erased. */
  Customer reported(String product, Instant now, String... erased) {
    return reported(product, service(product).generation(), now, erased);
  }

  Customer reported(String product, long generation, Instant now, String... erased) {
    return command(
        now, account -> account.report(product, generation, List.of(erased), now, product));
  }

  /** A look at how long the balance lasts, as after every charge. */
  Customer watched(Spending before, Instant now) {
    return command(now, account -> account.alertRunway(before, now));
  }

  Account.State state() {
    return state;
  }

  Service service(String product) {
    return services.get(product);
  }

  ServiceState stateOf(String product) {
    return service(product).state();
  }

  Desired desired(String product) {
    return service(product).desired();
  }

  Hold hold(String id) {
    return holds.get(id);
  }

  List<Transition> transitions() {
    return transitions;
  }

  /** Each move with how long it was after that morning: {@code grace-expired 48h}. */
  List<String> moves() {
    return transitions.stream().map(t -> t.rule() + " " + since(t.at())).toList();
  }

  List<String> moves(String product) {
    return transitions.stream()
        .filter(t -> t.product().equals(product))
        .map(t -> t.rule() + " " + since(t.at()))
        .toList();
  }

  List<Notice> notices() {
    return notices;
  }

  /** Each of them with when it happened: {@code OVERDUE 0s}. */
  List<String> told() {
    return notices.stream().map(n -> n.rung() + " " + since(n.at())).toList();
  }

  List<Notice> told(Notice.Rung rung) {
    return notices.stream().filter(n -> n.rung() == rung).toList();
  }

  List<BilledChange> billedChanges() {
    return billedChanges;
  }

  Collection<Service> all() {
    return services.values();
  }

  /** What comes next for a product: {@code grace-expired 48h}; nothing if no timer runs. */
  String next(String product) {
    return step(account().next(product, latest));
  }

  List<String> schedule(String product, Instant now) {
    return account().schedule(product, now).stream().map(Customer::step).toList();
  }

  /** When to look again, since that morning. */
  String due(Instant now) {
    Instant due = account().dueAt(now);
    return due == null ? "never" : since(due);
  }

  private static String step(@Nullable Step step) {
    return step == null ? "nothing" : step.rule().id() + " " + since(step.at());
  }

  static String since(Instant at) {
    Duration passed = Duration.between(MORNING, at);
    String text = passed.toString().substring(2).toLowerCase(Locale.ROOT);
    return text;
  }
}
