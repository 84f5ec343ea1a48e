package io.arrears.status;

import io.arrears.core.Account;
import io.arrears.core.ServiceState;
import io.arrears.platform.Batcher;
import io.arrears.platform.Limits;
import io.arrears.platform.Rejection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads where accounts stand; what comes next is derived from the facts each time. */
@ApplicationScoped
public class StatusService {

  private static final int READS_AT_A_TIME = 4;

  private final Pool pool;
  private final StatusSql sql;
  private final Batcher<String, Account> single;

  StatusService(Pool pool, StatusSql sql, Vertx vertx, Limits limits) {
    this.pool = pool;
    this.sql = sql;
    this.single =
        Batcher.lookup(
            new Batcher.Bounds(READS_AT_A_TIME, limits.accountsPerBatch(), limits.callsWaiting()),
            (millis, action) -> vertx.setTimer(millis, timer -> action.run()),
            this::getAll,
            Rejection::accountNotFound);
  }

  /**
   * @throws Rejection NOT_FOUND
   */
  public Uni<Account> get(String accountId) {
    return single.ask(accountId);
  }

  /** By id; unknown ones are not among them. */
  public Uni<Map<String, Account>> getAll(Collection<String> accountIds) {
    return sql.getAll(pool, accountIds)
        .map(
            found -> {
              Map<String, Account> byId = new HashMap<>();
              found.forEach(account -> byId.put(account.accountId(), account));
              return byId;
            });
  }

  /** What to list: conditions that all must hold. */
  public record Filter(List<ServiceState> states, String product, boolean overdueOnly) {}

  /** In the order of the ids, after one. */
  public Uni<List<Account>> list(Filter filter, String after, int size) {
    return sql.list(pool, filter, after, size);
  }

  /** The exact sum of the items that no bill holds yet. */
  public Uni<BigDecimal> unbilled(String accountId) {
    return sql.unbilled(pool, accountId);
  }
}
