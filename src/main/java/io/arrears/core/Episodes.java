package io.arrears.core;

import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * When an account, and each service that its policy judges by itself, becomes overdue and is
 * cleared.
 */
final class Episodes {

  private final Portfolio portfolio;
  private final Function<String, Overdue.Funds> funds;
  private final UnaryOperator<Instant> notified;
  private long count;

  /**
   * @param funds of a product; of none, the account's own
   * @param notified when the customer hears of what is known at an instant
   */
  Episodes(
      long count,
      Portfolio portfolio,
      Function<String, Overdue.Funds> funds,
      UnaryOperator<Instant> notified) {
    this.count = count;
    this.portfolio = portfolio;
    this.funds = funds;
    this.notified = notified;
  }

  long count() {
    return count;
  }

  /** What the money says at an instant. */
  void judge(Instant at, Instant now) {
    boolean overdue = Overdue.BELOW_LIMIT.since(funds.apply(""), portfolio.arrears != null) != null;
    if (overdue && portfolio.arrears == null) {
      portfolio.arrears = opened(Rule.BALANCE_BELOW_LIMIT, at, at, now);
      portfolio.all().stream()
          .filter(service -> !portfolio.judgedByItself(service, at))
          .forEach(service -> begin(service, at));
    } else if (!overdue && portfolio.arrears != null) {
      portfolio.clearedAt = happenedSince(at) ? now : at;
      portfolio.arrears = null;
    }
    for (Service service : portfolio.all()) {
      if (portfolio.judgedByItself(service, at)) {
        judge(service, at, now);
      }
    }
  }

  private void judge(Service service, Instant at, Instant now) {
    Overdue rule = portfolio.policy(service, at).overdue();
    Arrears open = service.arrears();
    Instant since = rule.since(funds.apply(service.product()), open != null);
    // A payment recorded late counts from before the episode, and does not end it by that alone.
    Instant when = open != null && open.overdueSince().isAfter(at) ? open.overdueSince() : at;
    boolean overdue = since != null && !since.isAfter(when);
    if (overdue && open == null) {
      open(service, at, now);
    } else if (!overdue && open != null) {
      portfolio.put(service.arrears(null, happenedSince(at) ? now : at));
    }
  }

  /** A service that judges by itself becomes overdue. */
  void open(Service service, Instant at, Instant now) {
    Overdue.Funds money = funds.apply(service.product());
    Overdue overdue = portfolio.policy(service, at).overdue();
    boolean below = overdue.balance() != null && overdue.balance().holds(money, false);
    Instant issuedAt =
        money.unpaid().stream().map(Receivable::issuedAt).min(Comparator.naturalOrder()).orElse(at);
    Rule cause = below ? Rule.BALANCE_BELOW_LIMIT : Rule.BILLS_PAST_DUE;
    Arrears arrears = opened(cause, at, below ? at : issuedAt, now);
    portfolio.put(service.arrears(arrears, service.clearedAt()));
    begin(portfolio.service(service.product()), at);
  }

  /** Spells that begin at the same instant are one episode, with one notice. */
  private Arrears opened(Rule cause, Instant at, Instant issuedAt, Instant now) {
    Arrears same =
        portfolio.episodes().filter(e -> e.overdueSince().equals(at)).findFirst().orElse(null);
    if (same == null) {
      count++;
    }
    return new Arrears(
        same == null ? count : same.episode(),
        cause,
        at,
        portfolio.arrears == null ? at : portfolio.arrears.overdueSince(),
        issuedAt,
        same == null ? notified.apply(now) : same.notifiedAt(),
        same == null ? null : same.receivedAt(),
        same == null ? null : same.deliveredAt());
  }

  /**
   * A new spell has its own reminders and goes by the rules of its day, also for what people have
   * suspended. The clock of a ban is none of its own.
   */
  private void begin(Service service, Instant at) {
    if (service.state() != ServiceState.BANNED && !service.standing().inArrearsCourse()) {
      long version = service.policyVersion() == 0 ? 0 : portfolio.history(service).at(at).version();
      portfolio.put(service.reminded(Map.of()).standing(service.standing(), version));
    }
  }

  /** A payment recorded late cannot undo in the past what has happened since it was made. */
  private boolean happenedSince(Instant at) {
    return portfolio.all().stream().anyMatch(s -> s.standing().movedAt().isAfter(at));
  }

  /** When a service becomes overdue by the mere passing of time, or null. */
  @Nullable Instant opensAt(Service service, Instant now) {
    return portfolio.opensAt(service, funds, now);
  }

  /** The first service to become so until an instant, or null. */
  @Nullable Service opensFirst(Instant until, Instant now) {
    Service first = null;
    Instant earliest = until.plusNanos(1);
    for (Service service : portfolio.all()) {
      Instant at = opensAt(service, now);
      if (at != null && at.isBefore(earliest)) {
        first = service;
        earliest = at;
      }
    }
    return first;
  }
}
