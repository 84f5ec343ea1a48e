package io.arrears.core;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One account while one command works on it: read under its row lock, changed here, and written
 * back with everything that followed, in one transaction. Whoever reads and writes it, one account
 * at a time or thousands, the same thing happens to it here.
 */
public final class Account {

  /**
   * An account as it is stored, without its services.
   *
   * @param creditLimit how far below zero the balance may go, zero or above
   * @param frozen the part of the balance that is held back, zero or above
   * @param unallocated money that covers no bill yet; below zero, debits that are on no bill
   * @param ledgerSequence of the newest entry
   * @param transitionSequence of the newest transition
   * @param chainHash of the newest transition; empty before the first
   * @param episodes how many there were
   * @param arrears the open one, or null
   * @param clearedAt when the last one was cleared, or null
   * @param version grows with every change
   */
  public record State(
      String accountId,
      Currency currency,
      BigDecimal creditLimit,
      BigDecimal frozen,
      BigDecimal balance,
      BigDecimal unallocated,
      long ledgerSequence,
      long transitionSequence,
      byte[] chainHash,
      long episodes,
      @Nullable Arrears arrears,
      @Nullable Instant clearedAt,
      long version) {}

  private final String accountId;
  private final Currency currency;
  private final Function<String, Policy> policies;
  private final NavigableMap<String, Service> services = new TreeMap<>();
  private final List<LedgerEntry> entries = new ArrayList<>();
  private final List<Transition> transitions = new ArrayList<>();
  private final List<Notice> notices = new ArrayList<>();
  private BigDecimal creditLimit;
  private BigDecimal frozen;
  private BigDecimal balance;
  private BigDecimal unallocated;
  private long ledgerSequence;
  private long transitionSequence;
  private byte[] chainHash;
  private long episodes;
  private @Nullable Arrears arrears;
  private @Nullable Instant clearedAt;
  private long version;

  /**
   * @param policies the policy in force of a product
   */
  public Account(State state, List<Service> services, Function<String, Policy> policies) {
    this.accountId = state.accountId();
    this.currency = state.currency();
    this.policies = policies;
    this.creditLimit = state.creditLimit();
    this.frozen = state.frozen();
    this.balance = state.balance();
    this.unallocated = state.unallocated();
    this.ledgerSequence = state.ledgerSequence();
    this.transitionSequence = state.transitionSequence();
    this.chainHash = state.chainHash();
    this.episodes = state.episodes();
    this.arrears = state.arrears();
    this.clearedAt = state.clearedAt();
    this.version = state.version();
    services.forEach(service -> this.services.put(service.product(), service));
  }

  /** As it is to be stored now. */
  public State state() {
    return new State(
        accountId,
        currency,
        creditLimit,
        frozen,
        balance,
        unallocated,
        ledgerSequence,
        transitionSequence,
        chainHash,
        episodes,
        arrears,
        clearedAt,
        version);
  }

  /**
   * Appends to the ledger, and takes every step that follows. An entry may count from an earlier
   * instant than {@code now} (a payment recorded late): what was due before that instant happens
   * first, what was due after it only if it still is.
   *
   * @throws ArithmeticException if the balance would leave what can be represented
   */
  public LedgerEntry post(LedgerEntry.Draft draft, Instant now) {
    Instant at = draft.at().isAfter(now) ? now : draft.at();
    settle(at, now, draft.actor());
    BigDecimal after = balance.add(draft.amount());
    if (after.abs().compareTo(Money.LIMIT) >= 0) {
      throw new ArithmeticException("the balance would reach " + after + " " + currency);
    }
    LedgerEntry entry =
        new LedgerEntry(
            accountId,
            ++ledgerSequence,
            draft.kind(),
            draft.amount(),
            after,
            at,
            now,
            draft.referenceId(),
            draft.reason(),
            draft.actor(),
            draft.contraAccount(),
            draft.requestDigest());
    balance = after;
    if (draft.kind() != LedgerEntry.Kind.CHARGE || draft.amount().signum() > 0) {
      unallocated = unallocated.add(draft.amount());
    }
    entries.add(entry);
    noticeArrears(at, now);
    settle(at, now, draft.actor());
    settle(now, now, draft.actor());
    version++;
    return entry;
  }

  /** Changes the credit limit and what is frozen, and takes every step that follows. */
  public void limit(BigDecimal newCreditLimit, BigDecimal newFrozen, Instant now, String actor) {
    settle(now, now, actor);
    creditLimit = newCreditLimit;
    frozen = newFrozen;
    noticeArrears(now, now);
    settle(now, now, actor);
    version++;
  }

  /** The customer has received the notification of the open episode (S4). */
  public void received(Instant at, Instant now, String actor) {
    Arrears open = Objects.requireNonNull(arrears, "no episode is open");
    settle(at, now, actor);
    arrears = open.received(at);
    settle(now, now, actor);
    version++;
  }

  /** Takes the steps that have fallen due. Nothing changes if there are none. */
  public void settle(Instant now, String actor) {
    long before = transitionSequence;
    settle(now, now, actor);
    if (transitionSequence > before) {
      version++;
    }
  }

  /**
   * Covers bills with the money that covers none yet: those named first, then in the order given.
   *
   * @param open what is unpaid, oldest first
   * @param named bills to cover before the others
   * @return what is unpaid now of each bill that was covered, in whole or in part
   */
  public List<Receivable> cover(List<Receivable> open, List<String> named) {
    List<Receivable> order = new ArrayList<>(open);
    order.sort(Comparator.comparingInt(bill -> rank(named, bill.billId())));
    List<Receivable> covered = new ArrayList<>();
    for (Receivable bill : order) {
      if (unallocated.signum() <= 0) {
        break;
      }
      BigDecimal paid = unallocated.min(bill.unpaid());
      if (paid.signum() > 0) {
        unallocated = unallocated.subtract(paid);
        covered.add(new Receivable(bill.billId(), bill.unpaid().subtract(paid)));
      }
    }
    return covered;
  }

  private static int rank(List<String> named, String billId) {
    int index = named.indexOf(billId);
    return index < 0 ? Integer.MAX_VALUE : index;
  }

  private void noticeArrears(Instant at, Instant now) {
    boolean overdue = balance.compareTo(creditLimit.negate()) < 0;
    if (overdue && arrears == null) {
      arrears = new Arrears(++episodes, at, at, null);
      notices.add(new Notice(accountId, episodes, Notice.Rung.OVERDUE, at, amountDue()));
    } else if (!overdue && arrears != null) {
      clearedAt = happenedSince(at) ? now : at;
      arrears = null;
    }
  }

  /** A payment recorded late cannot undo in the past what has happened since it was made. */
  private boolean happenedSince(Instant at) {
    return services.values().stream().anyMatch(service -> service.stateSince().isAfter(at));
  }

  private void settle(Instant until, Instant now, String actor) {
    record Due(String product, Step step) {}
    List<Due> due = new ArrayList<>();
    for (Service service : services.values()) {
      decide(service, until).steps().forEach(step -> due.add(new Due(service.product(), step)));
    }
    due.sort(Comparator.comparing(d -> d.step().at()));
    due.forEach(d -> move(d.product(), d.step(), now, actor));
  }

  private void move(String product, Step step, Instant now, String actor) {
    Service service = service(product);
    Policy policy = policies.apply(product);
    ServiceState to = step.rule().to();
    services.put(product, service.moved(to, step.at(), policy.access(to)));
    Transition transition =
        new Transition(
                accountId,
                ++transitionSequence,
                product,
                service.state(),
                to,
                step.at(),
                now,
                step.rule().id(),
                policy.version(),
                actor,
                explain(step.rule(), policy),
                chainHash,
                new byte[0])
            .sealed();
    transitions.add(transition);
    chainHash = transition.hash();
  }

  private String explain(Rule rule, Policy policy) {
    return Explanations.of(rule, policy, money(balance), money(creditLimit), arrears, clearedAt);
  }

  private Money money(BigDecimal amount) {
    return new Money(amount, currency);
  }

  private Decision decide(Service service, Instant at) {
    Facts facts = new Facts(service.state(), service.stateSince(), arrears, clearedAt);
    return Lifecycle.decide(facts, policies.apply(service.product()), at);
  }

  /**
   * What comes next for a service if nobody acts; null when no timer runs. It may be in the past: a
   * service that opens while the account is overdue is due at once.
   */
  public @Nullable Step next(String product) {
    return decide(service(product), Instant.MIN).next();
  }

  /** When to look again: the earliest next step of all services, or null. */
  public @Nullable Instant dueAt() {
    return services.keySet().stream()
        .map(this::next)
        .filter(Objects::nonNull)
        .map(Step::at)
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  /** What a payment must reach to clear the arrears; zero when there are none. */
  public BigDecimal amountDue() {
    return arrears == null
        ? BigDecimal.ZERO
        : creditLimit.add(balance).negate().max(BigDecimal.ZERO);
  }

  private Service service(String product) {
    return Objects.requireNonNull(services.get(product), product);
  }

  public String accountId() {
    return accountId;
  }

  public Currency currency() {
    return currency;
  }

  public BigDecimal balance() {
    return balance;
  }

  public BigDecimal unallocated() {
    return unallocated;
  }

  public @Nullable Arrears arrears() {
    return arrears;
  }

  /** By product. */
  public NavigableMap<String, Service> services() {
    return Collections.unmodifiableNavigableMap(services);
  }

  /** Ledger entries made since it was read. */
  public List<LedgerEntry> entries() {
    return entries;
  }

  /** Transitions made since it was read, in the order of the chain. */
  public List<Transition> transitions() {
    return transitions;
  }

  /** Notices due since it was read. */
  public List<Notice> notices() {
    return notices;
  }
}
