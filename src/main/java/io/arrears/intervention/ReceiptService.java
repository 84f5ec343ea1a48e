package io.arrears.intervention;

import io.arrears.core.Account;
import io.arrears.core.Arrears;
import io.arrears.lifecycle.LifecycleService;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Rejection;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** The customer has received the overdue notification: the grace period starts (S4). */
@ApplicationScoped
public class ReceiptService {

  private final LifecycleService lifecycle;
  private final ArrearsClock clock;

  ReceiptService(LifecycleService lifecycle, ArrearsClock clock) {
    this.lifecycle = lifecycle;
    this.clock = clock;
  }

  /**
   * Confirms a receipt once; the same again changes nothing.
   *
   * @param receivedAt null means now
   * @throws Rejection FAILED_PRECONDITION if the episode is not the open one
   */
  public Uni<Account> confirm(String accountId, long episode, Instant receivedAt, String actor) {
    return lifecycle.change(
        accountId,
        locked -> {
          Account account = locked.account();
          Arrears open = account.arrears(episode);
          if (open == null) {
            Arrears other = account.arrears();
            throw Rejection.of(
                Rejection.Kind.FAILED_PRECONDITION,
                "EPISODE_NOT_OPEN",
                "episode "
                    + episode
                    + " is not open: "
                    + (other == null
                        ? "the account is not overdue"
                        : "the open one is " + other.episode()));
          }
          confirm(account, open, receivedAt, actor);
          return Uni.createFrom().item(account);
        });
  }

  private void confirm(Account account, Arrears open, Instant receivedAt, String actor) {
    Instant now = clock.instant();
    if (open.receivedAt() != null) {
      if (receivedAt != null && !receivedAt.equals(open.receivedAt())) {
        throw Rejection.of(
            Rejection.Kind.ALREADY_EXISTS,
            "RECEIPT_CONFIRMED",
            "episode " + open.episode() + " was confirmed as received at " + open.receivedAt());
      }
      return;
    }
    Instant at = receivedAt == null || receivedAt.isAfter(now) ? now : receivedAt;
    if (open.notifiedAt() != null && at.isBefore(open.notifiedAt())) {
      throw Rejection.invalid(
          "received_at",
          "must not be before the notification was sent, which was " + open.notifiedAt());
    }
    account.received(open.episode(), at, now, actor);
  }
}
