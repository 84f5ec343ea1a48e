package io.arrears.intervention;

import io.arrears.account.AccountEntity;
import io.arrears.account.AccountRepository;
import io.arrears.core.Hold;
import io.arrears.lifecycle.HoldEntity;
import io.arrears.lifecycle.HoldRepository;
import io.arrears.platform.Rejection;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What cohorts' holds and accounts have to do with each other. */
@ApplicationScoped
class CohortRepository {

  private static final String ORDER = " order by placeTime desc, holdId";
  private static final String AFTER =
      " and (placeTime < :time or placeTime = :time and holdId > :hold)";

  private final AccountRepository accounts;
  private final HoldRepository holds;

  CohortRepository(AccountRepository accounts, HoldRepository holds) {
    this.accounts = accounts;
    this.holds = holds;
  }

  /**
   * Has every account of a cohort looked at that something may be due for, or that is being
   * cleared: its deadlines have just moved.
   */
  Uni<Integer> wake(Hold hold, Instant now) {
    Hold.Cohort cohort = hold.cohort();
    return accounts.update(
        "dueAt = ?1 where (?2 = '' or tier = ?2) and (?3 = '' or region = ?3)"
            + " and exists (select 1 from ServiceEntity s where s.accountId = AccountEntity.accountId"
            + " and (?4 = '' or s.product = ?4) and s.state <> io.arrears.core.ServiceState.ACTIVE)",
        now,
        cohort.tier(),
        cohort.region(),
        cohort.product());
  }

  @WithSession
  Uni<List<HoldEntity>> all(HoldService.Position after, int size) {
    return page("1 = 1", new HashMap<>(), after, size);
  }

  /**
   * @throws Rejection NOT_FOUND
   */
  @WithSession
  Uni<List<HoldEntity>> concerning(String accountId, HoldService.Position after, int size) {
    return accounts
        .findById(accountId)
        .onItem()
        .ifNull()
        .failWith(() -> Rejection.accountNotFound(accountId))
        .chain(account -> concerning(account, after, size));
  }

  private Uni<List<HoldEntity>> concerning(
      AccountEntity account, HoldService.Position after, int size) {
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("account", account.accountId);
    parameters.put("tier", account.tier);
    parameters.put("region", account.region);
    return page(
        "(accountId = :account or accountId = '' and (tier = '' or tier = :tier)"
            + " and (region = '' or region = :region))",
        parameters,
        after,
        size);
  }

  private Uni<List<HoldEntity>> page(
      String where, Map<String, Object> parameters, HoldService.Position after, int size) {
    if (after == null) {
      return holds.find(where + ORDER, parameters).page(0, size).list();
    }
    parameters.put("time", after.placeTime());
    parameters.put("hold", after.holdId());
    return holds.find(where + AFTER + ORDER, parameters).page(0, size).list();
  }
}
