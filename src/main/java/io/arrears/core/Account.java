package io.arrears.core;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One account while one command works on it: read under its row lock, changed here, and written
 * back with everything that followed, in one transaction. Whoever reads and writes it, one account
 * at a time or thousands, the same thing happens to it here.
 */
public final class Account extends AccountSteps {

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
   * @param arrears the open one by the account's own limit, or null
   * @param clearedAt when the last one was cleared, or null
   * @param zone that the customer reads instants in; null means those of the products
   * @param termsSince when what decides about it last changed: its tier, a lifted restriction
   * @param runwayAlerted whether the customer was told that the balance will not last
   * @param version grows with every change
   */
  public record State(
      String accountId,
      Currency currency,
      String tier,
      String region,
      @Nullable ZoneId zone,
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
      @Nullable Instant termsSince,
      boolean runwayAlerted,
      long version) {}

  private boolean runwayAlerted;
  private long version;

  /**
   * @param policies all versions of a product's rules
   */
  public Account(
      State state,
      Collection<Service> services,
      Circumstances circumstances,
      Function<String, PolicyHistory> policies) {
    super(state, services, circumstances, policies);
    this.runwayAlerted = state.runwayAlerted();
    this.version = state.version();
  }

  /** As it is to be stored now. */
  public State state() {
    return new State(
        accountId,
        currency,
        portfolio.tier,
        portfolio.region,
        zone(),
        creditLimit,
        frozen,
        book.balance(),
        book.unallocated(),
        book.sequence(),
        journal.sequence(),
        journal.chainHash(),
        episodes.count(),
        portfolio.arrears,
        portfolio.clearedAt,
        portfolio.termsSince,
        runwayAlerted,
        version);
  }

  /** Bills that a payment may cover; to be told before it is posted. */
  public void owes(List<Receivable> bills) {
    bills.forEach(book::owe);
  }

  /** Charges a bill; what is unpaid of it, {@link #covered} says. */
  public LedgerEntry charge(LedgerEntry.Draft draft, Receivable bill, Instant now) {
    return post(draft, List.of(), List.of(bill), now);
  }

  /**
   * Appends to the ledger, covers bills, and takes every step that follows. An entry may count from
   * an earlier instant than {@code now} (a payment recorded late): what was due before that instant
   * happens first, what was due after it only if it still is.
   *
   * @param named ids of bills to cover before the others
   * @throws ArithmeticException if the balance would leave what can be represented
   */
  public LedgerEntry post(LedgerEntry.Draft draft, List<String> named, Instant now) {
    return post(draft, named, List.of(), now);
  }

  private LedgerEntry post(
      LedgerEntry.Draft draft, List<String> named, List<Receivable> bills, Instant now) {
    Instant at = draft.at().isAfter(now) ? now : draft.at();
    settle(at, now, draft.actor());
    bills.forEach(book::owe);
    LedgerEntry entry = book.post(draft, at, now);
    book.cover(named);
    if (draft.kind() == LedgerEntry.Kind.PAYMENT) {
      payPromises(draft.amount(), at, now);
    }
    runwayAlerted = runwayAlerted && draft.amount().signum() < 0;
    judge(at, now);
    settle(at, now, draft.actor());
    if (at.isBefore(now)) {
      settle(now, now, draft.actor());
    }
    version++;
    return entry;
  }

  private void payPromises(BigDecimal amount, Instant paidAt, Instant now) {
    for (Hold hold : List.copyOf(portfolio.holds.values())) {
      if (hold.cohort() == null && hold.awaits(paidAt)) {
        change(hold.paid(amount, now));
      }
    }
  }

  /** What is agreed with the account. */
  public record Terms(BigDecimal creditLimit, BigDecimal frozen, String tier, String region) {

    private Terms withMoney(Terms other) {
      return new Terms(other.creditLimit, other.frozen, tier, region);
    }
  }

  public Terms terms() {
    return new Terms(creditLimit, frozen, portfolio.tier, portfolio.region);
  }

  /** Changes the terms, and takes every step that follows. */
  public void agree(Terms terms, Instant now, String actor) {
    change(
        now,
        actor,
        () -> {
          if (!terms.equals(terms().withMoney(terms))) {
            portfolio.termsSince = now;
          }
          creditLimit = terms.creditLimit();
          frozen = terms.frozen();
          portfolio.tier = terms.tier();
          portfolio.region = terms.region();
        });
  }

  /** What was due before goes by what was known before; then the change, and what follows. */
  private void change(Instant now, String actor, Runnable change) {
    settle(now, now, actor);
    change.run();
    judge(now, now);
    settle(now, now, actor);
    version++;
  }

  /** The customer has received the notification of an open episode (S4). */
  public void received(long episode, Instant at, Instant now, String actor) {
    learn(episode, arrears -> arrears.received(at), at, now, actor);
  }

  /**
   * A channel that confirms has delivered the notification of an episode. Nothing changes if the
   * episode is over, or if that was known.
   *
   * @return whether something has changed
   */
  public boolean delivered(long episode, Instant at, Instant now, String actor) {
    Arrears open = arrears(episode);
    if (open == null || open.delivered(at).equals(open)) {
      return false;
    }
    learn(episode, arrears -> arrears.delivered(at), at, now, actor);
    return true;
  }

  private void learn(
      long episode, UnaryOperator<Arrears> what, Instant at, Instant now, String actor) {
    settle(at, now, actor);
    if (portfolio.arrears != null && portfolio.arrears.episode() == episode) {
      portfolio.arrears = what.apply(portfolio.arrears);
    }
    for (Service service : portfolio.all()) {
      Arrears own = service.arrears();
      if (own != null && own.episode() == episode) {
        portfolio.put(service.arrears(what.apply(own), service.clearedAt()));
      }
    }
    settle(now, now, actor);
    version++;
  }

  /** A reason that money does not lift; services opened later are concerned like all others. */
  public void restrict(Restriction restriction, Instant now, String actor) {
    change(now, actor, () -> portfolio.restrictions.put(restriction.restrictionId(), restriction));
  }

  /** The owner of a restriction lifts it; what it kept from happening is due from now on. */
  public void lift(String restrictionId, Instant now, String actor) {
    change(
        now,
        actor,
        () -> {
          portfolio.restrictions.remove(restrictionId);
          portfolio.termsSince = now;
        });
  }

  /** Timers stand still from now on. */
  public void hold(Hold hold, Instant now, String actor) {
    change(now, actor, () -> portfolio.holds.put(hold.holdId(), hold));
  }

  /** A hold ends before its time; timers go on with the time that was left. */
  public void release(String holdId, Instant now, String actor) {
    change(
        now,
        actor,
        () -> change(Objects.requireNonNull(portfolio.holds.get(holdId), holdId).ended(now)));
  }

  /** The customer leaves, as approved (S11). */
  public void deactivate(Deactivation deactivation, Instant now, String actor) {
    change(now, actor, () -> portfolio.deactivations.add(deactivation));
  }

  /** All usage of a service that leaves is billed and paid. */
  public void settled(String product, Instant now, String actor) {
    change(now, actor, () -> portfolio.put(portfolio.service(product).settled(now)));
  }

  /** What is left of a package. */
  public void prepaid(PrepaidPackage prepaid, Instant now, String actor) {
    change(now, actor, () -> portfolio.packages.put(prepaid.packageId(), prepaid));
  }

  /**
   * The customer starts a service that waits for nothing else.
   *
   * @throws IllegalStateException if something else stands in the way
   */
  public void start(String product, Instant now, String actor) {
    change(
        now,
        actor,
        () -> {
          refuse(product + " cannot be started", obstacleToStart(product));
          take(product, Rule.STARTED, now, actor);
        });
  }

  /**
   * A cleared or repossessed service starts afresh.
   *
   * @throws IllegalStateException if it is neither, or something stands in the way
   */
  public void reopen(String product, Instant now, String actor) {
    change(
        now,
        actor,
        () -> {
          refuse(product + " cannot be reopened", obstacleToReopen(product, now));
          take(product, Rule.REOPENED, now, actor);
          portfolio.put(portfolio.service(product).reopened(now));
        });
  }

  private static void refuse(String what, @Nullable String obstacle) {
    if (obstacle != null) {
      throw new IllegalStateException(what + ": " + obstacle);
    }
  }

  private void take(String product, Rule rule, Instant now, String actor) {
    Policy policy = portfolio.policy(portfolio.service(product), now);
    Step step = new Step(rule, ServiceState.ACTIVE, now);
    move(product, new Course.Move(step, policy, 0), now, actor);
  }

  /**
   * What the product has done. An older generation than one reported before changes nothing, and
   * nothing counts as erased of a service that is not on its way out: the report is about one that
   * was there before it.
   *
   * @param erased categories that are now erased
   */
  public void report(
      String product, long generation, List<String> erased, Instant now, String actor) {
    Service before = portfolio.service(product);
    if (generation < before.observedGeneration()) {
      return;
    }
    change(
        now,
        actor,
        () -> {
          Service service = portfolio.service(product);
          Map<String, Service.Erasure> all = new TreeMap<>(service.erased());
          if (Farewell.leaving(service.state())) {
            erased.forEach(each -> all.putIfAbsent(each, new Service.Erasure(now, generation)));
          }
          portfolio.put(service.reported(all, generation));
        });
  }

  /** Takes the steps that have fallen due. Nothing changes if there are none. */
  public void settle(Instant now, String actor) {
    List<Service> before = portfolio.all();
    int told = announcements.notices().size();
    settle(now, now, actor);
    if (announcements.notices().size() > told || !portfolio.all().equals(before)) {
      version++;
    }
  }

  /**
   * Tells the customer, once until money comes in, that the balance lasts for only so many days.
   *
   * @param before what was charged of late, without what was charged since it was read
   */
  public void alertRunway(Spending before, Instant now) {
    Spending spending = before;
    for (LedgerEntry entry : book.entries()) {
      if (entry.kind() == LedgerEntry.Kind.CHARGE) {
        spending = spending.with(entry.amount().negate(), now);
      }
    }
    int days =
        portfolio.all().stream()
            .map(service -> portfolio.policy(service, now).runwayDays())
            .filter(Objects::nonNull)
            .mapToInt(Integer::intValue)
            .max()
            .orElse(0);
    BigDecimal daily = spending.daily(now);
    BigDecimal left = creditLimit.add(book.balance());
    boolean soonSpent = left.compareTo(daily.multiply(BigDecimal.valueOf(days))) <= 0;
    if (portfolio.arrears == null && !runwayAlerted && daily.signum() > 0 && soonSpent) {
      runwayAlerted = true;
      BigDecimal lasts = left.divide(daily, 1, RoundingMode.DOWN);
      notice(Notice.Rung.RUNWAY, "", book.sequence() + ": " + lasts + " days", now, now);
    }
  }
}
