package io.arrears.api;

import static io.arrears.api.Protos.money;
import static io.arrears.api.Protos.state;
import static io.arrears.api.Protos.timestamp;

import io.arrears.core.Account;
import io.arrears.core.Service;
import io.arrears.core.Step;
import io.arrears.platform.ArrearsClock;
import io.arrears.v1.Access;
import io.arrears.v1.AccountStatus;
import io.arrears.v1.Arrears;
import io.arrears.v1.Effect;
import io.arrears.v1.FeatureStatus;
import io.arrears.v1.NextStep;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.SuspensionReason;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** An account as callers see it. */
@ApplicationScoped
class StatusMapper {

  private final ArrearsClock clock;

  StatusMapper(ArrearsClock clock) {
    this.clock = clock;
  }

  AccountStatus status(Account account) {
    AccountStatus.Builder status =
        AccountStatus.newBuilder()
            .setAccountId(account.accountId())
            .setBalance(money(account.balance(), account.currency()))
            .setVersion(account.state().version());
    if (account.arrears() != null) {
      status.setArrears(arrears(account, account.arrears()));
    }
    account.services().values().forEach(service -> status.addServices(service(account, service)));
    return status.build();
  }

  private Arrears arrears(Account account, io.arrears.core.Arrears open) {
    Arrears.Builder arrears =
        Arrears.newBuilder()
            .setEpisode(open.episode())
            .setAmountDue(money(account.amountDue(clock.instant()), account.currency()))
            .setOverdueSince(timestamp(open.overdueSince()));
    if (open.notifiedAt() != null) {
      arrears.setNotifiedAt(timestamp(open.notifiedAt()));
    }
    if (open.receivedAt() != null) {
      arrears.setReceivedAt(timestamp(open.receivedAt()));
    }
    return arrears.build();
  }

  private ServiceStatus service(Account account, Service service) {
    Instant now = clock.instant();
    String product = service.product();
    ServiceStatus.Builder status =
        ServiceStatus.newBuilder()
            .setProduct(product)
            .setState(state(service.state()))
            .setStateSince(timestamp(service.standing().since()))
            .setAccess(Access.valueOf("ACCESS_" + service.access().name()))
            .setEnforced(service.enforced())
            .setPolicyVersion(account.policy(product, now).version())
            .setGeneration(service.generation());
    service.standing().reasons().stream()
        .map(reason -> SuspensionReason.valueOf("SUSPENSION_REASON_" + reason.name()))
        .forEach(status::addReasons);
    Step next = account.next(product, now);
    if (next != null) {
      status.setNext(
          NextStep.newBuilder()
              .setState(state(next.to()))
              .setAt(timestamp(next.at()))
              .setRule(next.rule().id()));
    }
    Instant heldUntil = account.heldUntil(product, now);
    if (heldUntil != null) {
      status.setHeldUntil(timestamp(heldUntil));
    }
    features(account, service, now).forEach(status::addFeatures);
    return status.build();
  }

  private static List<FeatureStatus> features(Account account, Service service, Instant now) {
    Map<String, String> causes = account.causes(service.product(), now);
    return service.desired().features().entrySet().stream()
        .map(
            feature ->
                FeatureStatus.newBuilder()
                    .setFeature(feature.getKey())
                    .setEffect(Effect.valueOf("EFFECT_" + feature.getValue().name()))
                    .setBecause(causes.getOrDefault(feature.getKey(), ""))
                    .build())
        .toList();
  }
}
