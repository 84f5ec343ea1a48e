package io.arrears.lifecycle;

import io.arrears.core.Account;
import io.arrears.core.BilledChange;
import io.arrears.core.Circumstances;
import io.arrears.core.Hold;
import io.arrears.platform.Columns;
import io.arrears.platform.Pipelined;
import io.arrears.platform.Times;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What decides about accounts, for thousands in a statement. */
@ApplicationScoped
public class CircumstanceSql {

  private static final Columns.Shape HOLD =
      Columns.shape(
          "account_id text, hold_id text, end_time timestamptz, paid numeric,"
              + " broken_time timestamptz");

  private static final Columns.Shape SPAN_END =
      Columns.shape("account_id text, product text, at timestamptz");

  private static final Columns.Shape SPAN =
      Columns.shape(
          "account_id text, product text, since timestamptz, until_time timestamptz, billed text");

  private static final String HOLDS =
      """
      update hold h set end_time = n.end_time, paid = n.paid, broken_time = n.broken_time
      from {rows} n
      where h.account_id = n.account_id and h.hold_id = n.hold_id
      """;

  private static final String END_SPANS =
      """
      update unbilled_span u set until_time = n.at
      from (select account_id, product, min(at) as at
            from {rows} c
            group by 1, 2) n
      where u.account_id = n.account_id and u.product = n.product and u.until_time is null
      """;

  private static final String BEGIN_SPANS =
      """
      insert into unbilled_span (account_id, product, since, until_time, billed)
      select * from {rows} n
      on conflict (account_id, product, since) do update
        set until_time = excluded.until_time, billed = excluded.billed
      """;

  /**
   * What was found.
   *
   * @param policies how many versions of policies there are
   */
  public record Found(long policies, Map<String, Circumstances> byAccount) {

    public Circumstances of(String accountId) {
      return byAccount.getOrDefault(accountId, byAccount.getOrDefault("", Circumstances.NONE));
    }
  }

  /** Of these accounts, with what concerns all in each. */
  public Uni<Found> of(SqlClient client, String[] accountIds) {
    return client
        .preparedQuery("select * from circumstance where account_id = any($1) or account_id = ''")
        .execute(Tuple.of((Object) accountIds))
        .map(
            rows -> {
              Map<String, List<CircumstanceEntity>> byAccount = new HashMap<>();
              for (Row row : rows) {
                CircumstanceEntity entity = entity(row);
                byAccount.computeIfAbsent(entity.accountId, id -> new ArrayList<>()).add(entity);
              }
              return found(byAccount);
            });
  }

  private static Found found(Map<String, List<CircumstanceEntity>> byAccount) {
    List<CircumstanceEntity> ofAll = byAccount.getOrDefault("", List.of());
    Map<String, Circumstances> found = new HashMap<>();
    byAccount.forEach(
        (accountId, own) -> {
          List<CircumstanceEntity> rows = new ArrayList<>(ofAll);
          if (!accountId.isEmpty()) {
            rows.addAll(own);
          }
          found.put(accountId, CircumstanceEntity.circumstances(rows));
        });
    return new Found(CircumstanceEntity.policies(ofAll), found);
  }

  private static CircumstanceEntity entity(Row row) {
    CircumstanceEntity entity = new CircumstanceEntity();
    entity.accountId = row.getString("account_id");
    entity.kind = CircumstanceEntity.Kind.valueOf(row.getString("kind"));
    entity.id = row.getString("id");
    entity.product = row.getString("product");
    entity.detail = row.getString("detail");
    entity.tier = row.getString("tier");
    entity.region = row.getString("region");
    entity.fromTime = Times.fromRow(row.getOffsetDateTime("from_time"));
    entity.untilTime = Times.fromRow(row.getOffsetDateTime("until_time"));
    entity.endTime = Times.fromRow(row.getOffsetDateTime("end_time"));
    entity.toldTime = Times.fromRow(row.getOffsetDateTime("told_time"));
    entity.amount = row.getBigDecimal("amount");
    entity.paid = row.getBigDecimal("paid");
    return entity;
  }

  /** Stores what payments, time and moves have changed. */
  Uni<Void> write(SqlConnection connection, List<Account> accounts) {
    Columns holds = HOLD.rows();
    Columns ends = SPAN_END.rows();
    Columns begins = SPAN.rows();
    for (Account account : accounts) {
      for (Hold hold : account.changedHolds()) {
        holds.add(account.accountId(), hold.holdId(), hold.endedAt(), hold.paid(), hold.brokenAt());
      }
      List<BilledChange> changes = account.billedChanges();
      for (int i = 0; i < changes.size(); i++) {
        BilledChange change = changes.get(i);
        ends.add(account.accountId(), change.product(), change.at());
        Instant end = endOf(change, changes.subList(i + 1, changes.size()));
        if (!change.billed().all() && !change.at().equals(end)) {
          begins.add(
              account.accountId(),
              change.product(),
              change.at(),
              end,
              UnbilledSpanEntity.likes(change.billed()));
        }
      }
    }
    return Pipelined.all(
        holds.execute(connection, HOLDS),
        ends.execute(connection, END_SPANS),
        begins.execute(connection, BEGIN_SPANS));
  }

  /** Null while it runs. */
  private static Instant endOf(BilledChange change, List<BilledChange> later) {
    return later.stream()
        .filter(each -> each.product().equals(change.product()))
        .map(BilledChange::at)
        .findFirst()
        .orElse(null);
  }
}
