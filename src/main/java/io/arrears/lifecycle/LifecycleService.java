package io.arrears.lifecycle;

import io.arrears.account.AccountEntity;
import io.arrears.account.AccountRepository;
import io.arrears.account.BillRepository;
import io.arrears.account.LedgerRepository;
import io.arrears.core.Account;
import io.arrears.core.Service;
import io.arrears.core.Transition;
import io.arrears.notification.NotificationRepository;
import io.arrears.notification.Outbox;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Rejection;
import io.arrears.policy.PolicyService;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Changes one account: under its row lock, with all that follows, in one transaction. */
@ApplicationScoped
public class LifecycleService {

  private final AccountRepository accounts;
  private final ServiceRepository services;
  private final CircumstanceRepository circumstances;
  private final LedgerRepository ledger;
  private final BillRepository bills;
  private final TransitionRepository transitions;
  private final HoldRepository holds;
  private final UnbilledSpanRepository spans;
  private final NotificationRepository notifications;
  private final Outbox outbox;
  private final News news;
  private final TransitionMeters meters;
  private final PolicyService policies;
  private final ArrearsClock clock;

  LifecycleService(
      AccountRepository accounts,
      ServiceRepository services,
      CircumstanceRepository circumstances,
      LedgerRepository ledger,
      BillRepository bills,
      TransitionRepository transitions,
      HoldRepository holds,
      UnbilledSpanRepository spans,
      NotificationRepository notifications,
      Outbox outbox,
      News news,
      TransitionMeters meters,
      PolicyService policies,
      ArrearsClock clock) {
    this.accounts = accounts;
    this.services = services;
    this.circumstances = circumstances;
    this.ledger = ledger;
    this.bills = bills;
    this.transitions = transitions;
    this.holds = holds;
    this.spans = spans;
    this.notifications = notifications;
    this.outbox = outbox;
    this.news = news;
    this.meters = meters;
    this.policies = policies;
    this.clock = clock;
  }

  /** A locked account, as the heart sees it and as its rows. */
  public record Locked(Account account, AccountEntity row, List<ServiceEntity> services) {

    /**
     * @throws Rejection NOT_FOUND if the account has no such service
     */
    public ServiceEntity service(String product) {
      return services.stream()
          .filter(each -> each.product.equals(product))
          .findFirst()
          .orElseThrow(
              () ->
                  Rejection.of(
                      Rejection.Kind.NOT_FOUND,
                      "SERVICE_NOT_FOUND",
                      "account " + row.accountId + " has no service of " + product));
    }
  }

  /**
   * Locks an account, lets {@code work} change it, and writes what follows. If the work fails,
   * nothing has happened.
   *
   * @return what the work returned
   * @throws Rejection NOT_FOUND if there is no such account
   */
  public <T> Uni<T> change(String accountId, Function<Locked, Uni<T>> work) {
    return Panache.withTransaction(() -> lock(accountId).chain(locked -> carryOut(locked, work)))
        .invoke(done -> tell(done.account()))
        .map(Done::answer)
        .onFailure(Behind.class)
        .recoverWithUni(
            behind -> policies.catchUp(behind.stored).chain(() -> change(accountId, work)));
  }

  /**
   * There are versions of policies that are not known here. They are read once the transaction is
   * over: if all connections were held by those who wait for another one, all would wait for ever.
   */
  private static final class Behind extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final long stored;

    Behind(long stored) {
      super("there are " + stored + " versions of policies", null, false, false);
      this.stored = stored;
    }
  }

  private void refuseBehind(long stored) {
    if (!policies.knows(stored)) {
      throw new Behind(stored);
    }
  }

  private record Done<T>(Account account, T answer) {}

  private <T> Uni<Done<T>> carryOut(Locked locked, Function<Locked, Uni<T>> work) {
    return work.apply(locked)
        .call(() -> write(locked))
        .map(answer -> new Done<>(locked.account(), answer));
  }

  private Uni<Locked> lock(String accountId) {
    return accounts
        .lock(accountId)
        .onItem()
        .ifNull()
        .failWith(() -> Rejection.accountNotFound(accountId))
        .chain(
            row ->
                services
                    .of(accountId)
                    .chain(
                        opened ->
                            circumstances
                                .of(accountId)
                                .invoke(found -> refuseBehind(CircumstanceEntity.policies(found)))
                                .map(found -> locked(row, opened, found))));
  }

  private Locked locked(
      AccountEntity row, List<ServiceEntity> opened, List<CircumstanceEntity> found) {
    List<Service> known = opened.stream().map(ServiceEntity::service).toList();
    Account account =
        new Account(row.state(), known, CircumstanceEntity.circumstances(found), policies::history);
    return new Locked(account, row, opened);
  }

  private Uni<Void> write(Locked locked) {
    Account account = locked.account();
    locked.row().apply(account, clock.instant());
    locked.services().forEach(row -> row.apply(account.services().get(row.product)));
    return ledger
        .append(account.entries())
        .chain(() -> bills.cover(account.covered()))
        .chain(() -> transitions.append(account.transitions()))
        .chain(() -> holds.update(account.accountId(), account.changedHolds()))
        .chain(() -> spans.record(account.billedChanges()))
        .chain(() -> notifications.append(account.notices()))
        .chain(() -> notifications.withdraw(account.withdrawals(clock.instant())));
  }

  private void tell(Account account) {
    outbox.committed(account.notices());
    meters.count(account.transitions());
    news.of(List.of(account));
  }

  /** How many transitions were found intact, and where the chain breaks. */
  public record Verification(long verified, long firstBrokenSequence) {

    public boolean intact() {
      return firstBrokenSequence == 0;
    }
  }

  /**
   * Recomputes an account's hash chain, page by page.
   *
   * @throws Rejection NOT_FOUND if there is no such account
   */
  public Uni<Verification> verify(String accountId) {
    return Panache.withSession(() -> accounts.findById(accountId))
        .onItem()
        .ifNull()
        .failWith(() -> Rejection.accountNotFound(accountId))
        .chain(row -> verify(row, 0, new byte[0]));
  }

  private static final int VERIFY_PAGE = 1000;

  private Uni<Verification> verify(AccountEntity row, long sequence, byte[] hash) {
    return transitions
        .page(row.accountId, sequence, VERIFY_PAGE)
        .chain(
            page -> {
              long last = sequence;
              byte[] lastHash = hash;
              for (Transition transition : page) {
                if (!transition.follows(last, lastHash)) {
                  return Uni.createFrom().item(new Verification(last, last + 1));
                }
                last = transition.sequence();
                lastHash = transition.hash();
              }
              if (page.size() == VERIFY_PAGE) {
                return verify(row, last, lastHash);
              }
              boolean whole =
                  last > row.transitionSequence
                      || (last == row.transitionSequence && Arrays.equals(lastHash, row.chainHash));
              return Uni.createFrom().item(new Verification(last, whole ? 0 : last + 1));
            });
  }
}
