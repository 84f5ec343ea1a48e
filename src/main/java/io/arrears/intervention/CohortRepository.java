package io.arrears.intervention;

import io.arrears.account.AccountEntity;
import io.arrears.account.AccountRepository;
import io.arrears.core.Hold;
import io.arrears.lifecycle.HoldEntity;
import io.arrears.lifecycle.HoldRepository;
import io.arrears.platform.Rejection;
import io.quarkus.hibernate.reactive.panache.Panache;
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

  private static final String FROM = "from HoldEntity h where ";
  private static final String ORDER = " order by placeTime desc, holdId";
  private static final String AFTER =
      " and (placeTime < :time or placeTime = :time and holdId > :hold)";

  /** In the order of the accounts' ids, like all that locks many: no two wait for each other. */
  private static final String WAKE =
      """
      update account a set due_at = :now
      where a.account_id in (
        select account_id from account
        where (:tier = '' or tier = :tier) and (:region = '' or region = :region)
          and exists (select from service s
                      where s.account_id = account.account_id and s.state <> 'ACTIVE'
                        and (:product = '' or s.product = :product))
        order by account_id for update)
      """;

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
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(WAKE)
                    .setParameter("now", now)
                    .setParameter("tier", cohort.tier())
                    .setParameter("region", cohort.region())
                    .setParameter("product", cohort.product())
                    .executeUpdate());
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
            + " and (region = '' or region = :region) and (product = '' or exists (select 1"
            + " from ServiceEntity s where s.accountId = :account and s.product = h.product)))",
        parameters,
        after,
        size);
  }

  private Uni<List<HoldEntity>> page(
      String where, Map<String, Object> parameters, HoldService.Position after, int size) {
    if (after == null) {
      return holds.find(FROM + where + ORDER, parameters).page(0, size).list();
    }
    parameters.put("time", after.placeTime());
    parameters.put("hold", after.holdId());
    return holds.find(FROM + where + AFTER + ORDER, parameters).page(0, size).list();
  }
}
