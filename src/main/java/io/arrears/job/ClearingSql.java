package io.arrears.job;

import io.arrears.core.Account;
import io.arrears.core.Policy;
import io.arrears.core.Service;
import io.arrears.enforcement.EnforcementService;
import io.arrears.intervention.DeactivationService;
import io.arrears.lifecycle.LifecycleSql;
import io.arrears.platform.Columns;
import io.arrears.platform.Times;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The regular clearing (S10, S11): what a leaving customer used is settled, products are told again
 * what they have not reported as erased, and finished tickets get their certificate.
 */
@ApplicationScoped
class ClearingSql {

  /**
   * All that such a service used is on a bill, its last day included, and every bill is paid. Items
   * are looked for service by service ({@code offset 0}): as a join all items would be read.
   */
  private static final String SETTLED =
      """
      select s.account_id, s.product, s.state_since, e.closed_through
      from service s join billing_epoch e on e.product = s.product and e.cycle = 'DAILY'
      where s.state = 'DEACTIVATING' and s.settled_at is null and s.account_id > $1
        and not exists (select from bill b where b.account_id = s.account_id
                          and b.product = s.product and b.unpaid > 0)
        and not exists (select from bill_draft d where d.account_id = s.account_id
                          and d.product = s.product)
        and not exists (select from unbilled_item i where i.account_id = s.account_id
                          and i.product = s.product offset 0)
      order by s.account_id limit $2
      """;

  private static final String TO_TELL =
      """
      select s.account_id from service s
      where s.clear_categories <> '' and (s.tell_at is null or s.tell_at <= $1)
      order by s.tell_at nulls first, s.account_id limit $2
      """;

  private static final Columns.Shape TOLD =
      Columns.shape("account_id text, product text, tell_at timestamptz, told_times int");

  private static final String TELL =
      """
      update service s set tell_at = n.tell_at, told_times = n.told_times, stamp = stamp_after(s.stamp)
      from {rows} n
      where s.account_id = n.account_id and s.product = n.product
      """;

  /** Approved, and nothing is left of it that is not cleared. */
  private static final String FINISHED =
      """
      select ticket_id, account_id from deactivation d
      where state = 'APPROVED' and not exists (
        select from service s
        where s.account_id = d.account_id and (d.product = '' or s.product = d.product)
          and s.opened_at <= d.approve_time and s.state not in ('CLEARED', 'BANNED'))
      order by ticket_id limit $1
      """;

  private final Pool pool;
  private final LifecycleSql lifecycle;
  private final DeactivationService deactivations;
  private final EnforcementService enforcement;

  ClearingSql(
      Pool pool,
      LifecycleSql lifecycle,
      DeactivationService deactivations,
      EnforcementService enforcement) {
    this.pool = pool;
    this.lifecycle = lifecycle;
    this.deactivations = deactivations;
    this.enforcement = enforcement;
  }

  /** When a product is to be told again next; null if none is. */
  Uni<Instant> nextTelling(Instant now) {
    return pool.preparedQuery(
            "select min(coalesce(tell_at, $1)) from service where clear_categories <> ''")
        .execute(Tuple.of(Times.toRow(now)))
        .map(rows -> Times.fromRow(rows.iterator().next().getOffsetDateTime(0)));
  }

  /** Whether there is anything to do now. */
  Uni<Boolean> due(Instant now) {
    return nextTelling(now)
        .chain(
            next ->
                next != null && !next.isAfter(now)
                    ? Uni.createFrom().item(true)
                    : settled("", 1)
                        .chain(
                            leaving ->
                                leaving.isEmpty()
                                    ? finished(1).map(found -> !found.isEmpty())
                                    : Uni.createFrom().item(true)));
  }

  /** What a run would do, without a lock and without a trace. */
  Uni<Tally> preview(Instant now) {
    return pool.preparedQuery(
            """
            select category, count(*) as many
            from service s, unnest(string_to_array(s.clear_categories, ', ')) as category
            where s.clear_categories <> '' and (s.tell_at is null or s.tell_at <= $1)
            group by category
            """)
        .execute(Tuple.of(Times.toRow(now)))
        .map(
            rows -> {
              Tally tally = new Tally();
              for (Row row : rows) {
                tally.examined += row.getLong("many");
                tally.changed += row.getLong("many");
                tally.count("told:" + row.getString("category"), row.getLong("many"));
              }
              return tally;
            });
  }

  /** One chunk; nothing examined means that nothing is left. */
  Uni<Tally> clear(Instant now, int size, String actor) {
    return settle(now, size, actor)
        .chain(tally -> tally.examined > 0 ? Uni.createFrom().item(tally) : tell(now, size, actor))
        .chain(tally -> tally.examined > 0 ? Uni.createFrom().item(tally) : complete(size));
  }

  private record Leaving(String accountId, String product) {}

  /** Those whose last day of usage has been billed. */
  private Uni<List<Leaving>> settled(String after, int size) {
    return pool.preparedQuery(SETTLED)
        .execute(Tuple.of(after, size))
        .chain(
            rows -> {
              List<Leaving> leaving = new ArrayList<>();
              String last = after;
              for (Row row : rows) {
                last = row.getString("account_id");
                if (billed(row)) {
                  leaving.add(new Leaving(last, row.getString("product")));
                }
              }
              return leaving.isEmpty() && rows.size() == size && !last.equals(after)
                  ? settled(last, size)
                  : Uni.createFrom().item(leaving);
            });
  }

  private boolean billed(Row row) {
    LocalDate closed = row.getLocalDate("closed_through");
    Instant left = Times.fromRow(row.getOffsetDateTime("state_since"));
    return closed != null
        && lifecycle
            .policy(row.getString("product"))
            .map(policy -> !policy.billing().usageDay(left).isAfter(closed))
            .orElse(true);
  }

  private Uni<Tally> settle(Instant now, int size, String actor) {
    return settled("", size)
        .chain(
            leaving ->
                leaving.isEmpty()
                    ? Uni.createFrom().item(new Tally())
                    : settle(leaving, now, actor));
  }

  private Uni<Tally> settle(List<Leaving> leaving, Instant now, String actor) {
    Map<String, List<Leaving>> byAccount =
        leaving.stream().collect(Collectors.groupingBy(Leaving::accountId));
    Tally tally = new Tally();
    List<Account> settled = new ArrayList<>();
    return pool.withTransaction(
            connection ->
                lifecycle
                    .lock(connection, List.copyOf(byAccount.keySet()))
                    .invoke(
                        accounts -> {
                          for (Account account : accounts) {
                            byAccount
                                .get(account.accountId())
                                .forEach(each -> account.settled(each.product(), now, actor));
                            settled.add(account);
                          }
                        })
                    .chain(accounts -> lifecycle.write(connection, accounts, now)))
        .invoke(() -> lifecycle.tell(settled))
        .map(
            ignored -> {
              tally.examined = leaving.size();
              tally.changed = leaving.size();
              tally.count("settled", leaving.size());
              return tally;
            });
  }

  /** Under the accounts' locks, once more after a look at the money. */
  private Uni<Tally> tell(Instant now, int size, String actor) {
    List<Account> looked = new ArrayList<>();
    return pool.withTransaction(
            connection ->
                connection
                    .preparedQuery(TO_TELL)
                    .execute(Tuple.of(Times.toRow(now), size))
                    .map(
                        rows ->
                            rows.stream()
                                .map(row -> row.getString("account_id"))
                                .distinct()
                                .toList())
                    .chain(
                        ids ->
                            ids.isEmpty()
                                ? Uni.createFrom().item(new Tally())
                                : lifecycle
                                    .lock(connection, ids)
                                    .invoke(looked::addAll)
                                    .invoke(all -> all.forEach(a -> a.settle(now, actor)))
                                    .call(all -> lifecycle.write(connection, all, now))
                                    .chain(all -> tell(connection, all, now))))
        .invoke(() -> lifecycle.tell(looked))
        .invoke(() -> enforcement.changed(clearing(looked)));
  }

  private static List<String> clearing(List<Account> accounts) {
    return accounts.stream()
        .flatMap(account -> account.services().values().stream())
        .filter(service -> !service.desired().clear().isEmpty())
        .map(Service::product)
        .toList();
  }

  private record Told(int times, Instant tellAt, String error) {}

  private Uni<Tally> tell(SqlConnection connection, List<Account> accounts, Instant now) {
    String[] ids = accounts.stream().map(Account::accountId).toArray(String[]::new);
    return connection
        .preparedQuery(
            "select account_id, product, told_times, tell_at, last_error from service"
                + " where account_id = any($1) and clear_categories <> '' for update")
        .execute(Tuple.of((Object) ids))
        .chain(
            rows -> {
              Map<String, Told> before = new HashMap<>();
              for (Row row : rows) {
                before.put(
                    row.getString("account_id") + "~" + row.getString("product"),
                    new Told(
                        row.getInteger("told_times"),
                        Times.fromRow(row.getOffsetDateTime("tell_at")),
                        row.getString("last_error")));
              }
              Tally tally = new Tally();
              Columns told = TOLD.rows();
              for (Account account : accounts) {
                tally.examined++;
                account
                    .services()
                    .values()
                    .forEach(s -> tell(account, s, before, now, told, tally));
              }
              return told.execute(connection, TELL).replaceWith(tally);
            });
  }

  private static void tell(
      Account account,
      Service service,
      Map<String, Told> all,
      Instant now,
      Columns told,
      Tally tally) {
    Told before = all.get(account.accountId() + "~" + service.product());
    boolean due = before != null && (before.tellAt() == null || !before.tellAt().isAfter(now));
    if (!due || service.desired().clear().isEmpty()) {
      return;
    }
    Policy policy = account.policy(service.product(), now);
    told.add(
        account.accountId(),
        service.product(),
        policy.clearing().repeatEvery().after(now),
        before.times() + 1);
    tally.changed++;
    boolean again = before.times() > 0;
    service
        .desired()
        .clear()
        .forEach(category -> tally.count((again ? "told-again:" : "told:") + category, 1));
    if (!before.error().isEmpty()) {
      tally.failed++;
      service.desired().clear().forEach(category -> tally.count("failed:" + category, 1));
    }
  }

  private record Ticket(String ticketId, String accountId) {}

  private Uni<List<Ticket>> finished(int size) {
    return pool.preparedQuery(FINISHED)
        .execute(Tuple.of(size))
        .map(
            rows ->
                rows.stream().map(row -> new Ticket(row.getString(0), row.getString(1))).toList());
  }

  private Uni<Tally> complete(int size) {
    return finished(size)
        .chain(
            tickets -> {
              Tally tally = new Tally();
              tally.examined = tickets.size();
              tally.changed = tickets.size();
              tally.count("certificates", tickets.size());
              Set<String> accounts =
                  tickets.stream().map(Ticket::accountId).collect(Collectors.toSet());
              return Multi.createFrom()
                  .iterable(accounts)
                  .onItem()
                  .transformToUniAndConcatenate(deactivations::complete)
                  .collect()
                  .asList()
                  .replaceWith(tally);
            });
  }
}
