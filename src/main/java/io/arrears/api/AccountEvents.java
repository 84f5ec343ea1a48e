package io.arrears.api;

import io.arrears.core.Notice;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Limits;
import io.arrears.status.AccountEvent;
import io.arrears.status.AccountEventService;
import io.arrears.v1.AccountStatusEvent;
import io.arrears.v1.NextStep;
import io.arrears.v1.Notification;
import io.arrears.v1.WatchAccountStatusRequest;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Answers WatchAccountStatus. */
@ApplicationScoped
class AccountEvents {

  private final AccountEventService events;
  private final Watches watches;
  private final Limits limits;
  private final ArrearsClock clock;

  AccountEvents(AccountEventService events, Watches watches, Limits limits, ArrearsClock clock) {
    this.events = events;
    this.watches = watches;
    this.limits = limits;
    this.clock = clock;
  }

  void watch(WatchAccountStatusRequest request, StreamObserver<AccountStatusEvent> responses) {
    Set<String> accountIds = new TreeSet<>(request.getAccountIdsList());
    String list = "events/" + request.getProduct() + "/" + String.join(" ", accountIds);
    watches.answer(
        responses,
        new Watches.Form<>(
            list, AccountEvents::event, token -> heartbeat().setResumeToken(token).build()),
        receiver -> {
          check(request);
          return events.watch(
              new AccountEventService.Filter(accountIds, request.getProduct()),
              watches.cursor(list, request.getResumeToken(), null),
              receiver);
        });
  }

  private void check(WatchAccountStatusRequest request) {
    Checks checks = new Checks();
    List<String> ids = request.getAccountIdsList();
    checks.require(
        ids.size() <= limits.accountsPerBatch(),
        "account_ids",
        "must be at most " + limits.accountsPerBatch() + "; watch all, and choose");
    for (int i = 0; i < Math.min(ids.size(), limits.accountsPerBatch()); i++) {
      checks.accountId("account_ids[" + i + "]", ids.get(i));
    }
    if (!request.getProduct().isEmpty()) {
      checks.id("product", request.getProduct());
    }
    checks.done();
  }

  private AccountStatusEvent.Builder heartbeat() {
    return AccountStatusEvent.newBuilder().setHeartbeat(Protos.timestamp(clock.instant()));
  }

  private static AccountStatusEvent event(AccountEvent event, String token) {
    AccountStatusEvent.Builder answer = AccountStatusEvent.newBuilder().setResumeToken(token);
    if (event instanceof AccountEvent.Moved moved) {
      answer.setTransition(Protos.transition(moved.transition()));
    } else if (event instanceof AccountEvent.Notified notified) {
      answer.setNotification(notification(notified.notice(), notified.currency()));
    } else if (event instanceof AccountEvent.Posted posted) {
      answer.setLedgerEntry(Protos.ledgerEntry(posted.entry(), posted.currency()));
    }
    return answer.build();
  }

  private static Notification notification(Notice notice, Currency currency) {
    Notification.Builder told =
        Notification.newBuilder()
            .setNotificationId(notice.id())
            .setAccountId(notice.accountId())
            .setEpisode(notice.episode())
            .setRung(Notification.Rung.valueOf("RUNG_" + notice.rung().name()))
            .setProduct(notice.product())
            .setDetail(notice.detail())
            .setAt(Protos.timestamp(notice.at()))
            .setAmountDue(Protos.money(notice.amountDue(), currency));
    if (notice.next() != null) {
      told.setNext(
          NextStep.newBuilder()
              .setState(Protos.state(notice.next().state()))
              .setAt(Protos.timestamp(notice.next().at())));
    }
    return told.build();
  }
}
