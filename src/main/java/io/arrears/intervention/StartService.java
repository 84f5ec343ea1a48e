package io.arrears.intervention;

import io.arrears.core.Account;
import io.arrears.core.ServiceState;
import io.arrears.lifecycle.LifecycleService;
import io.arrears.lifecycle.LifecycleService.Locked;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Digest;
import io.arrears.platform.Rejection;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** Starts services by hand: those whose policy does not restore them by itself, and afresh. */
@ApplicationScoped
public class StartService {

  private final LifecycleService lifecycle;
  private final CommandRepository commands;
  private final ArrearsClock clock;

  StartService(LifecycleService lifecycle, CommandRepository commands, ArrearsClock clock) {
    this.lifecycle = lifecycle;
    this.commands = commands;
    this.clock = clock;
  }

  /**
   * The customer starts a service that waits for nothing else. Starting one that runs changes
   * nothing.
   *
   * @param ticketId needed where the service was suspended for longer than the policy restores
   *     without a ticket; may be empty otherwise
   * @throws Rejection FAILED_PRECONDITION if something else stands in the way
   */
  public Uni<Account> start(String accountId, String product, String ticketId, String actor) {
    return lifecycle.change(
        accountId,
        locked -> {
          Account account = locked.account();
          Instant now = clock.instant();
          account.settle(now, actor);
          locked.service(product);
          if (account.services().get(product).state() == ServiceState.ACTIVE) {
            return Uni.createFrom().item(account);
          }
          String obstacle = account.obstacleToStart(product);
          if (obstacle != null) {
            throw Rejection.of(
                Rejection.Kind.FAILED_PRECONDITION,
                "CANNOT_START",
                product + " cannot be started: " + obstacle);
          }
          if (ticketId.isEmpty() && account.ticketNeeded(product, now)) {
            throw Rejection.of(
                Rejection.Kind.FAILED_PRECONDITION,
                "TICKET_NEEDED",
                product + " was suspended for so long that starting it takes a ticket_id");
          }
          String by = ticketId.isEmpty() ? actor : actor + ", ticket " + ticketId;
          account.start(product, now, by);
          return Uni.createFrom().item(account);
        });
  }

  /**
   * A cleared or repossessed service starts afresh, with nothing of the old one. The same request
   * again changes nothing.
   *
   * @throws Rejection FAILED_PRECONDITION if it is neither, or banned, or the account is overdue
   */
  public Uni<Account> reopen(
      String accountId, String product, String reason, String requestId, String actor) {
    byte[] digest = Digest.of("reopen", product, reason);
    return lifecycle.change(
        accountId,
        locked ->
            commands
                .once(accountId, requestId, digest, clock.instant())
                .invoke(
                    first -> {
                      if (first) {
                        reopen(locked, product, actor);
                      }
                    })
                .replaceWith(locked.account()));
  }

  private void reopen(Locked locked, String product, String actor) {
    locked.service(product);
    Account account = locked.account();
    Instant now = clock.instant();
    account.settle(now, actor);
    String obstacle = account.obstacleToReopen(product, now);
    if (obstacle != null) {
      throw Rejection.of(
          Rejection.Kind.FAILED_PRECONDITION,
          "CANNOT_REOPEN",
          product + " cannot be reopened: " + obstacle);
    }
    account.reopen(product, now, actor);
  }
}
