package io.arrears.payment;

import io.arrears.account.AccountSql;
import io.arrears.account.BillEntity;
import io.arrears.core.LedgerEntry;
import io.arrears.platform.Columns;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What payments and corrections have to know before they are posted; under the accounts' locks. */
@ApplicationScoped
class PostingSql {

  private static final Columns.Shape ENTRY_KEY =
      Columns.shape("account_id text, kind text, reference_id text");

  private static final Columns.Shape BILL_KEY =
      Columns.shape("account_id text, product text, cycle text, period_start date, supplement int");

  /** What makes an entry the only one of its kind. */
  record Key(String accountId, LedgerEntry.Kind kind, String referenceId) {}

  /** Those that there are already. */
  Uni<Map<Key, LedgerEntry>> entries(SqlConnection connection, List<Key> keys) {
    Columns rows = ENTRY_KEY.rows();
    keys.forEach(key -> rows.add(key.accountId(), key.kind(), key.referenceId()));
    return rows.query(
            connection,
            """
            select e.* from {rows} n cross join lateral (
              select * from ledger_entry e
              where (e.account_id, e.kind, e.reference_id)
                = (n.account_id, n.kind, n.reference_id) limit 1) e
            """)
        .map(
            found -> {
              Map<Key, LedgerEntry> entries = new HashMap<>();
              found.forEach(
                  row -> {
                    LedgerEntry entry = AccountSql.entry(row);
                    entries.put(
                        new Key(entry.accountId(), entry.kind(), entry.referenceId()), entry);
                  });
              return entries;
            });
  }

  /** Which of these bills there are. */
  Uni<Set<String>> bills(SqlConnection connection, Collection<String> billIds) {
    Columns rows = BILL_KEY.rows();
    for (String billId : billIds) {
      BillEntity.Key key = BillEntity.Key.of(billId);
      if (key != null) {
        rows.add(key.accountId(), key.product(), key.cycle(), key.periodStart(), key.supplement());
      }
    }
    if (rows.size() == 0) {
      return Uni.createFrom().item(Set.of());
    }
    return rows.query(
            connection,
            """
            select n.* from {rows} n cross join lateral (
              select from bill b
              where (b.account_id, b.product, b.cycle, b.period_start, b.supplement)
                = (n.account_id, n.product, n.cycle, n.period_start, n.supplement) limit 1) b
            """)
        .map(
            found -> {
              Set<String> existing = new HashSet<>();
              found.forEach(row -> existing.add(AccountSql.billKey(row).billId()));
              return existing;
            });
  }
}
