package io.arrears.api;

import static io.arrears.api.Protos.money;
import static io.arrears.api.Protos.state;
import static io.arrears.api.Protos.timestamp;

import io.arrears.core.Account;
import io.arrears.core.Policy;
import io.arrears.core.Service;
import io.arrears.core.ServiceState;
import io.arrears.core.Step;
import io.arrears.policy.PolicyService;
import io.arrears.v1.Access;
import io.arrears.v1.AccountStatus;
import io.arrears.v1.Arrears;
import io.arrears.v1.NextStep;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.SuspensionReason;
import jakarta.enterprise.context.ApplicationScoped;

/** An account as callers see it. */
@ApplicationScoped
class StatusMapper {

  private final PolicyService policies;

  StatusMapper(PolicyService policies) {
    this.policies = policies;
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

  private static Arrears arrears(Account account, io.arrears.core.Arrears open) {
    Arrears.Builder arrears =
        Arrears.newBuilder()
            .setEpisode(open.episode())
            .setAmountDue(money(account.amountDue(), account.currency()))
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
    Policy policy = policies.get(service.product());
    ServiceStatus.Builder status =
        ServiceStatus.newBuilder()
            .setProduct(service.product())
            .setState(state(service.state()))
            .setStateSince(timestamp(service.stateSince()))
            .setAccess(Access.valueOf("ACCESS_" + service.access().name()))
            .setEnforced(service.enforced())
            .setPolicyVersion(policy.version())
            .setGeneration(service.generation());
    if (service.state() == ServiceState.SUSPENDED) {
      status.addReasons(SuspensionReason.SUSPENSION_REASON_ARREARS);
    }
    Step next = account.next(service.product());
    if (next != null) {
      status.setNext(
          NextStep.newBuilder()
              .setState(state(next.rule().to()))
              .setAt(timestamp(next.at()))
              .setRule(next.rule().id()));
    }
    return status.build();
  }
}
