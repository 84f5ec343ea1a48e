package io.arrears.lifecycle;

import io.arrears.core.Access;
import io.arrears.core.Account;
import io.arrears.core.Arrears;
import io.arrears.core.Desired;
import io.arrears.core.Effect;
import io.arrears.core.Rule;
import io.arrears.core.Service;
import io.arrears.core.ServiceState;
import io.arrears.core.Standing;
import io.arrears.core.Told;
import io.arrears.enforcement.Encoded;
import io.arrears.platform.Cells;
import io.arrears.platform.Columns;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Services, thousands in a statement. */
@ApplicationScoped
public class ServiceSql {

  /** The columns that {@link #service} reads, of a table named {@code s}. */
  public static final String COLUMNS =
      "s.account_id as s_account_id, s.product, s.opened_at, s.state, s.state_since, s.moved_at,"
          + " s.reasons, s.suspended_at, s.stage, s.stage_at, s.released_at, s.clearing_since,"
          + " s.erased, s.policy_version, s.episode as s_episode, s.cause,"
          + " s.overdue_since as s_overdue_since, s.below_limit_since, s.bill_issued_at,"
          + " s.notified_at as s_notified_at, s.received_at as s_received_at,"
          + " s.delivered_at as s_delivered_at, s.cleared_at as s_cleared_at, s.settled_at,"
          + " s.erased_categories, s.reminded, s.access, s.features, s.clear_categories,"
          + " s.generation, s.observed_generation, s.decided_by, s.decided_at, s.behind_since";

  private static final Columns.Shape SERVICE =
      Columns.shape(
          "account_id text, product text, state text, state_since timestamptz,"
              + " opened_at timestamptz, access text, generation bigint,"
              + " observed_generation bigint, moved_at timestamptz, reasons text,"
              + " suspended_at timestamptz, stage int, stage_at timestamptz,"
              + " released_at timestamptz, clearing_since timestamptz, erased boolean,"
              + " policy_version bigint, episode bigint, cause text, overdue_since timestamptz,"
              + " below_limit_since timestamptz, bill_issued_at timestamptz,"
              + " notified_at timestamptz, received_at timestamptz, cleared_at timestamptz,"
              + " settled_at timestamptz, erased_categories text, reminded text, features text,"
              + " clear_categories text, decided_by text, decided_at timestamptz,"
              + " behind_since timestamptz, delivered_at timestamptz");

  private static final String UPDATE =
      """
      update service s set
        state = n.state, state_since = n.state_since, opened_at = n.opened_at, access = n.access,
        generation = n.generation, observed_generation = n.observed_generation,
        moved_at = n.moved_at, reasons = n.reasons, suspended_at = n.suspended_at, stage = n.stage,
        stage_at = n.stage_at, released_at = n.released_at, clearing_since = n.clearing_since,
        erased = n.erased, policy_version = n.policy_version, episode = n.episode, cause = n.cause,
        overdue_since = n.overdue_since, below_limit_since = n.below_limit_since,
        bill_issued_at = n.bill_issued_at, notified_at = n.notified_at,
        received_at = n.received_at, delivered_at = n.delivered_at, cleared_at = n.cleared_at, settled_at = n.settled_at,
        erased_categories = n.erased_categories, reminded = n.reminded, features = n.features,
        clear_categories = n.clear_categories, decided_by = n.decided_by,
        decided_at = n.decided_at, behind_since = n.behind_since,
        tell_at = case when s.clear_categories = '' then null else s.tell_at end
      from {rows} n
      where s.account_id = n.account_id and s.product = n.product
      """;

  /** By account. */
  Uni<Map<String, List<Service>>> of(SqlConnection connection, String[] accountIds) {
    return connection
        .preparedQuery("select " + COLUMNS + " from service s where s.account_id = any($1)")
        .execute(Tuple.of((Object) accountIds))
        .map(
            rows ->
                rows.stream()
                    .collect(
                        Collectors.groupingBy(
                            row -> row.getString("s_account_id"),
                            Collectors.mapping(ServiceSql::service, Collectors.toList()))));
  }

  /** Of a row with {@link #COLUMNS}, whose order this is. */
  public static Service service(Row row) {
    Cells cells = Cells.of(row, "product");
    return new Service(
        cells.text(),
        cells.time(),
        standing(cells),
        cells.number(),
        arrears(cells),
        cells.time(),
        cells.time(),
        Encoded.erasures(cells.text()),
        Encoded.map(cells.text(), Instant::parse),
        new Told(
            new Desired(
                Access.valueOf(cells.text()),
                Encoded.map(cells.text(), Effect::valueOf),
                Encoded.list(cells.text())),
            cells.number(),
            cells.number(),
            cells.text(),
            cells.time(),
            cells.time()));
  }

  private static Standing standing(Cells cells) {
    return new Standing(
        ServiceState.valueOf(cells.text()),
        cells.time(),
        cells.time(),
        Encoded.reasons(cells.text()),
        cells.time(),
        cells.integer(),
        cells.time(),
        cells.time(),
        cells.time(),
        cells.flag());
  }

  private static Arrears arrears(Cells cells) {
    Long episode = cells.number();
    String cause = cells.text();
    Instant overdueSince = cells.time();
    Instant belowLimitSince = cells.time();
    Instant billIssuedAt = cells.time();
    Instant notifiedAt = cells.time();
    Instant receivedAt = cells.time();
    Instant deliveredAt = cells.time();
    return episode == null
        ? null
        : new Arrears(
            episode,
            Rule.valueOf(cause),
            overdueSince,
            belowLimitSince,
            billIssuedAt,
            notifiedAt,
            receivedAt,
            deliveredAt);
  }

  /** Writes those that are not as they were read. */
  Uni<Void> write(SqlConnection connection, List<Account> accounts) {
    Columns rows = SERVICE.rows();
    for (Account account : accounts) {
      account.changedServices().forEach(service -> add(rows, account.accountId(), service));
    }
    return rows.execute(connection, UPDATE).replaceWithVoid();
  }

  private static void add(Columns rows, String accountId, Service service) {
    Standing standing = service.standing();
    Arrears own = service.arrears();
    rows.add(
        accountId,
        service.product(),
        standing.state(),
        standing.since(),
        service.openedAt(),
        service.access(),
        service.generation(),
        service.observedGeneration(),
        standing.movedAt(),
        Encoded.list(standing.reasons()),
        standing.suspendedAt(),
        standing.stage(),
        standing.stageAt(),
        standing.releasedAt(),
        standing.clearingSince(),
        standing.erased(),
        service.policyVersion(),
        own == null ? null : (Long) own.episode(),
        own == null ? null : own.cause(),
        own == null ? null : own.overdueSince(),
        own == null ? null : own.belowLimitSince(),
        own == null ? null : own.billIssuedAt(),
        own == null ? null : own.notifiedAt(),
        own == null ? null : own.receivedAt(),
        service.clearedAt(),
        service.settledAt(),
        Encoded.erasures(service.erased()),
        Encoded.map(service.reminded()),
        Encoded.map(service.desired().features()),
        Encoded.list(service.desired().clear()),
        service.told().by(),
        service.told().at(),
        service.told().behindSince(),
        own == null ? null : own.deliveredAt());
  }
}
