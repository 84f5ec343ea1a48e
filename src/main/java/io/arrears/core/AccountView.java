package io.arrears.core;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What can be asked of an account; {@link Account} is what can be done to it. */
public abstract sealed class AccountView permits AccountSteps {

  final String accountId;
  final Currency currency;
  final Book book;
  final Portfolio portfolio;
  final Journal journal;
  final Announcements announcements;
  final Episodes episodes;
  private final @Nullable ZoneId zone;
  final List<Hold> changedHolds = new ArrayList<>();
  BigDecimal creditLimit;
  BigDecimal frozen;

  AccountView(
      Account.State state,
      Collection<Service> services,
      Circumstances circumstances,
      Function<String, PolicyHistory> policies) {
    this.accountId = state.accountId();
    this.currency = state.currency();
    this.book = new Book(state, circumstances.unpaid());
    this.portfolio = new Portfolio(state, services, circumstances, policies);
    this.creditLimit = state.creditLimit();
    this.frozen = state.frozen();
    this.journal = new Journal(state);
    this.announcements = new Announcements(state, portfolio);
    this.zone = state.zone();
    this.episodes =
        new Episodes(
            state.episodes(), portfolio, this::funds, now -> announcements.sendAt("", now));
  }

  final Overdue.Funds funds(String product) {
    return new Overdue.Funds(
        book.balance(),
        frozen,
        creditLimit,
        book.unpaid(product),
        portfolio.packages.isEmpty()
            ? List.of()
            : portfolio.packages.values().stream()
                .filter(each -> each.product().equals(product))
                .toList());
  }

  /**
   * What comes next for a service if nobody acts; null when no timer runs. It may be in the past: a
   * service that opens while the account is overdue is due at once.
   */
  public @Nullable Step next(String product, Instant now) {
    return portfolio.through(portfolio.service(product), now).first();
  }

  /** Every step to come for a service if nobody acts. */
  public List<Step> schedule(String product, Instant now) {
    return portfolio.schedule(portfolio.service(product), now);
  }

  /** Until when a hold keeps a service's timers still; null if none does. */
  public @Nullable Instant heldUntil(String product, Instant now) {
    return portfolio.heldUntil(portfolio.service(product), now);
  }

  /** Why features of a service are not available, by feature. */
  public Map<String, String> causes(String product, Instant now) {
    return portfolio.causes(portfolio.service(product), now);
  }

  /** The rules that govern a service at an instant; if there is none yet, one opened then. */
  public Policy policy(String product, Instant at) {
    Service service = portfolio.byProduct().get(product);
    return portfolio.policy(service == null ? Service.opened(product, at) : service, at);
  }

  /** When to look again: the earliest thing to happen by itself, or null. */
  public @Nullable Instant dueAt(Instant now) {
    Instant due = null;
    for (Service service : portfolio.byProduct().values()) {
      due = Portfolio.earlier(due, portfolio.dueAt(service, this::funds, now));
    }
    for (Hold hold : portfolio.holds.values()) {
      if (hold.cohort() == null && hold.breaksAt(hold.until())) {
        due = Portfolio.earlier(due, hold.until());
      }
    }
    return due;
  }

  /** What a payment must reach to clear the arrears; zero when there are none. */
  public BigDecimal amountDue(Instant now) {
    BigDecimal due =
        portfolio.arrears == null
            ? BigDecimal.ZERO
            : creditLimit.add(book.balance()).negate().max(BigDecimal.ZERO);
    BigDecimal smallest = BigDecimal.ONE.movePointLeft(Money.digits(currency));
    for (Service service : portfolio.all()) {
      Arrears own = service.arrears();
      if (own != null) {
        Overdue rule = portfolio.policy(service, own.overdueSince()).overdue();
        due = due.max(rule.amountDue(funds(service.product()), smallest, now));
      }
    }
    return due;
  }

  public String accountId() {
    return accountId;
  }

  public Currency currency() {
    return currency;
  }

  public BigDecimal balance() {
    return book.balance();
  }

  public BigDecimal unallocated() {
    return book.unallocated();
  }

  /** The open episode: the account's own, else the oldest of a service; null if there is none. */
  public @Nullable Arrears arrears() {
    return portfolio.arrears != null
        ? portfolio.arrears
        : portfolio.episodes().min(Comparator.comparing(Arrears::overdueSince)).orElse(null);
  }

  /** The open episode with a number, the account's own or a service's; null if it is not open. */
  public @Nullable Arrears arrears(long episode) {
    return portfolio.episodes().filter(e -> e.episode() == episode).findFirst().orElse(null);
  }

  /** By product. */
  public NavigableMap<String, Service> services() {
    return portfolio.byProduct();
  }

  /** Those that are not as they were read. */
  public List<Service> changedServices() {
    return portfolio.changed();
  }

  /** Holds that payments or time have changed since it was read. */
  public List<Hold> changedHolds() {
    return changedHolds;
  }

  /** What is unpaid now of each bill that was covered since it was read. */
  public List<Receivable> covered() {
    return book.covered();
  }

  /** Ledger entries made since it was read. */
  public List<LedgerEntry> entries() {
    return book.entries();
  }

  /** Transitions made since it was read, in the order of the chain. */
  public List<Transition> transitions() {
    return journal.transitions();
  }

  /** Notices due since it was read. */
  public List<Notice> notices() {
    return announcements.notices();
  }

  /** What need not be told any more, because the arrears that it announces are cleared by now. */
  public List<Notice.Withdrawal> withdrawals(Instant now) {
    return announcements.withdrawals(episodes.count(), now);
  }

  /** That the customer reads instants in; null means those of the products. */
  public @Nullable ZoneId zone() {
    return zone;
  }

  /** Where what is billed of a service has changed since it was read. */
  public List<BilledChange> billedChanges() {
    return journal.billedChanges();
  }

  /** Why a service cannot be started by hand; null if it can. */
  public @Nullable String obstacleToStart(String product) {
    Standing standing = portfolio.service(product).standing();
    return standing.state() != ServiceState.SUSPENDED
        ? "it is " + standing.state()
        : standing.reasons().equals(Set.of(SuspensionReason.AWAITING_START))
            ? null
            : "it is suspended for " + standing.reasons();
  }

  /** Whether a service that awaits its start was suspended for so long that it takes a ticket. */
  public boolean ticketNeeded(String product, Instant now) {
    Service service = portfolio.service(product);
    Suspension suspension = portfolio.policy(service, now).suspension();
    Span limit = suspension == null ? null : suspension.restore().ticketAfter();
    Standing standing = service.standing();
    return limit != null && !limit.after(standing.since()).isAfter(standing.movedAt());
  }

  /** Why a service cannot start afresh; null if it can. */
  public @Nullable String obstacleToReopen(String product, Instant now) {
    Service service = portfolio.service(product);
    Set<SuspensionReason> standing = portfolio.facts(service, now).restrictions().keySet();
    if (service.state() == ServiceState.BANNED || standing.contains(SuspensionReason.VIOLATION)) {
      return "it is banned, for good";
    }
    if (!Rule.REOPENED.leads(service.state(), ServiceState.ACTIVE)) {
      return "it is " + service.state();
    }
    if (portfolio.arrears(service, now) != null) {
      return "the account is overdue; what it owes is " + amountDue(now) + " " + currency;
    }
    return standing.isEmpty() ? null : "a restriction stands: " + standing;
  }

  /** Whether one of the account's products alerts to a short runway. */
  public boolean watchesRunway(Instant now) {
    for (Service service : portfolio.byProduct().values()) {
      if (portfolio.policy(service, now).runwayDays() != null) {
        return true;
      }
    }
    return false;
  }
}
