package io.arrears.payment;

import static io.arrears.platform.Columns.Type.DATE;
import static io.arrears.platform.Columns.Type.INT;
import static io.arrears.platform.Columns.Type.TEXT;

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

  /** What makes an entry the only one of its kind. */
  record Key(String accountId, LedgerEntry.Kind kind, String referenceId) {}

  /** Those that there are already. */
  Uni<Map<Key, LedgerEntry>> entries(SqlConnection connection, List<Key> keys) {
    Columns rows = new Columns(TEXT, TEXT, TEXT);
    keys.forEach(key -> rows.add(key.accountId(), key.kind(), key.referenceId()));
    return connection
        .preparedQuery(
            """
            select e.* from ledger_entry e
            join unnest($1::text[], $2::text[], $3::text[]) as n(account_id, kind, reference_id)
              using (account_id, kind, reference_id)
            """)
        .execute(rows.tuple())
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
    Columns rows = new Columns(TEXT, TEXT, TEXT, DATE, INT);
    for (String billId : billIds) {
      BillEntity.Key key = BillEntity.Key.of(billId);
      if (key != null) {
        rows.add(key.accountId(), key.product(), key.cycle(), key.periodStart(), key.supplement());
      }
    }
    if (rows.size() == 0) {
      return Uni.createFrom().item(Set.of());
    }
    return connection
        .preparedQuery(
            """
            select account_id, product, cycle, period_start, supplement from bill
            join unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::int[])
              as n(account_id, product, cycle, period_start, supplement)
              using (account_id, product, cycle, period_start, supplement)
            """)
        .execute(rows.tuple())
        .map(
            found -> {
              Set<String> existing = new HashSet<>();
              found.forEach(row -> existing.add(AccountSql.billKey(row).billId()));
              return existing;
            });
  }
}
