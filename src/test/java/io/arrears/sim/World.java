package io.arrears.sim;

import io.arrears.core.Account;
import io.arrears.core.Circumstances;
import io.arrears.core.Hold;
import io.arrears.core.Policy;
import io.arrears.core.PolicyHistory;
import io.arrears.core.Receivable;
import io.arrears.core.Service;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One account as it is stored between two commands, what time it is, and what the test itself
 * remembers. Never changed: every command reads the account afresh and leads to another world.
 */
final class World {

  /** Before a leap day, so that months are not all alike. */
  static final Instant BEGINNING = Instant.parse("2024-02-27T03:00:00Z");

  private final Map<String, PolicyHistory> policies;
  private final Instant now;
  private final Account.State state;
  private final NavigableMap<String, Service> services;
  private final Circumstances circumstances;
  private final Memory memory;
  private @Nullable Turn look;
  private boolean dueKnown;
  private @Nullable Instant due;

  private World(
      Map<String, PolicyHistory> policies,
      Instant now,
      Account.State state,
      NavigableMap<String, Service> services,
      Circumstances circumstances,
      Memory memory) {
    this.policies = policies;
    this.now = now;
    this.state = state;
    this.services = services;
    this.circumstances = circumstances;
    this.memory = memory;
  }

  /** An account with money on it and no services yet. */
  static World beginning(Map<String, PolicyHistory> policies, String balance) {
    BigDecimal money = new BigDecimal(balance);
    Account.State state =
        new Account.State(
            "acme",
            Currency.getInstance("CNY"),
            "standard",
            "north",
            null,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            money,
            money,
            0,
            0,
            new byte[0],
            0,
            null,
            null,
            null,
            false,
            1);
    return new World(
        policies, BEGINNING, state, new TreeMap<>(), Circumstances.NONE, Memory.of(money));
  }

  Map<String, PolicyHistory> policies() {
    return policies;
  }

  Instant now() {
    return now;
  }

  Account.State state() {
    return state;
  }

  NavigableMap<String, Service> services() {
    return services;
  }

  Circumstances circumstances() {
    return circumstances;
  }

  Memory memory() {
    return memory;
  }

  boolean has(String product) {
    return services.containsKey(product);
  }

  Service service(String product) {
    return services.get(product);
  }

  /** The rules that govern a service now. */
  Policy policy(String product) {
    Service service = services.get(product);
    return policies
        .get(product)
        .governing(service.policyVersion(), now)
        .policyFor(state.tier(), service.openedAt());
  }

  /** As the next command finds it. */
  Account read() {
    return new Account(state, services.values(), circumstances, policies::get);
  }

  /** When to look again, or null. */
  @Nullable Instant dueAt() {
    if (!dueKnown) {
      due = read().dueAt(now);
      dueKnown = true;
    }
    return due;
  }

  BigDecimal amountDue() {
    return read().amountDue(now);
  }

  /** Time passes, and nobody looks. */
  World at(Instant later) {
    return new World(policies, later, state, services, circumstances, memory);
  }

  /** The product's first item opens its service. */
  World opens(String product) {
    NavigableMap<String, Service> more = new TreeMap<>(services);
    more.put(product, Service.opened(product, now));
    return new World(policies, now, state, more, circumstances, memory);
  }

  World remembering(UnaryOperator<Memory> change) {
    return new World(policies, now, state, services, circumstances, change.apply(memory));
  }

  /** Rows are written while nobody looks at the account. */
  Turn written(UnaryOperator<Circumstances> rows) {
    return command(account -> {}, rows);
  }

  /** What falls due until now happens. */
  Turn settle() {
    if (look == null) {
      look = command(account -> account.settle(now, "sweep"), rows -> rows);
    }
    return look;
  }

  World settled() {
    return settle().after();
  }

  /**
   * Carries out a command, and writes everything back.
   *
   * @param besides what the command's own room writes down beside the account
   */
  Turn command(Consumer<Account> work, UnaryOperator<Circumstances> besides) {
    Account account = read();
    work.accept(account);
    NavigableMap<String, Service> rows = new TreeMap<>(services);
    account.changedServices().forEach(service -> rows.put(service.product(), service));
    World after =
        new World(
            policies,
            now,
            account.state(),
            rows,
            changed(besides.apply(circumstances), account),
            memory.heard(account.notices(), rows.values(), now).billing(account.billedChanges()));
    return new Turn(this, after, account.transitions(), account.notices());
  }

  private static Circumstances changed(Circumstances rows, Account account) {
    Map<String, Hold> holds = new LinkedHashMap<>();
    rows.holds().forEach(hold -> holds.put(hold.holdId(), hold));
    account.changedHolds().forEach(hold -> holds.put(hold.holdId(), hold));
    Map<String, Receivable> bills = new LinkedHashMap<>();
    rows.unpaid().forEach(bill -> bills.put(bill.billId(), bill));
    account.covered().forEach(bill -> bills.put(bill.billId(), bill));
    bills.values().removeIf(bill -> bill.unpaid().signum() == 0);
    return new Circumstances(
        rows.restrictions(),
        List.copyOf(holds.values()),
        rows.deactivations(),
        rows.packages(),
        List.copyOf(bills.values()));
  }
}
