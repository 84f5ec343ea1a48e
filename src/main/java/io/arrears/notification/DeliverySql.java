package io.arrears.notification;

import io.arrears.core.Notice.Rung;
import io.arrears.core.ServiceState;
import io.arrears.platform.Columns;
import io.arrears.platform.Times;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Currency;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Takes notifications from the outbox, and writes down what became of them. */
@ApplicationScoped
class DeliverySql {

  /** What is looked at to find so much: what one receiver has waiting must not hide the others. */
  private static final int LOOK_FURTHER = 16;

  private static final String CLAIM =
      """
      with candidate as (
        select n.account_id, n.episode, n.rung, n.product, n.detail, n.channel, n.receiver, n.send_at
        from notification n
        where n.channel = $1 and n.state = 'PENDING' and n.send_at <= $2
          and (n.leased_until is null or n.leased_until < now()) and n.receiver <> all($3)
        order by n.send_at limit $4::int * $5::int
      ), ranked as (
        select *, row_number() over (partition by receiver order by send_at) as place from candidate
      ), chosen as (
        select n.account_id, n.episode, n.rung, n.product, n.detail, n.channel
        from notification n
          join ranked r using (account_id, episode, rung, product, detail, channel)
          left join unnest($6::text[], $7::int[]) as b(receiver, room) on b.receiver = r.receiver
        where r.place <= coalesce(b.room, $8) and n.state = 'PENDING'
          and (n.leased_until is null or n.leased_until < now())
        order by r.send_at limit $4 for update of n skip locked
      )
      update notification n set
        leased_until = now() + make_interval(secs => $9), attempts = n.attempts + 1,
        first_attempt_at = coalesce(n.first_attempt_at, $2),
        receiver = case when n.channel = 'WEBHOOK' and a.webhook_url <> ''
          then lower(substring(a.webhook_url from '^[^:]+://[^/?#]+')) else n.receiver end
      from chosen c join account a on a.account_id = c.account_id
      where (n.account_id, n.episode, n.rung, n.product, n.detail, n.channel)
          = (c.account_id, c.episode, c.rung, c.product, c.detail, c.channel)
      returning n.*, a.currency, a.locale,
        case n.channel when 'EMAIL' then a.email else a.webhook_url end as address
      """;

  private static final Columns.Shape FINISHED =
      Columns.shape(
          "account_id text, episode bigint, rung text, product text, detail text, channel text,"
              + " state text, send_at timestamptz, sent_at timestamptz, error text,"
              + " receipt_due boolean");

  private static final Columns.Shape EPISODES = Columns.shape("account_id text, episode bigint");

  private static final String FINISH =
      """
      update notification n set
        state = r.state, send_at = coalesce(r.send_at, n.send_at), sent_at = r.sent_at,
        last_error = r.error, leased_until = null, receipt_due = r.receipt_due
      from {rows} r
      where (n.account_id, n.episode, n.rung, n.product, n.detail, n.channel)
          = (r.account_id, r.episode, r.rung, r.product, r.detail, r.channel)
        and (n.state = 'PENDING' or r.state = 'SENT')
      """;

  /** What waits for a receiver that is left alone counts as tried, so that it is parked in time. */
  private static final String PUSH_BACK =
      """
      update notification set
        send_at = $3, first_attempt_at = coalesce(first_attempt_at, $4),
        last_error = case when last_error = '' then $6 else last_error end,
        state = case when first_attempt_at <= $5 then 'PARKED' else state end
      where channel = $1 and receiver = $2 and state = 'PENDING' and send_at <= $3
        and (leased_until is null or leased_until < now())
      """;

  private final Pool pool;

  DeliverySql(Pool pool) {
    this.pool = pool;
  }

  /**
   * Takes what is due, for as long as a lease lasts.
   *
   * @param closed receivers of which nothing is taken
   * @param rooms how much may be taken of a receiver, where it is less than of others
   */
  Uni<List<Delivery>> claim(
      Channel channel,
      Instant now,
      int size,
      Collection<String> closed,
      Map<String, Integer> rooms,
      int perReceiver,
      Duration lease) {
    Tuple parameters =
        Tuple.of(
                channel.name(),
                Times.toRow(now),
                closed.toArray(String[]::new),
                size,
                LOOK_FURTHER,
                rooms.keySet().toArray(String[]::new))
            .addArrayOfInteger(rooms.values().toArray(Integer[]::new))
            .addInteger(perReceiver)
            .addDouble((double) lease.toSeconds());
    return pool.preparedQuery(CLAIM)
        .execute(parameters)
        .map(rows -> rows.stream().map(DeliverySql::delivery).toList());
  }

  private static Delivery delivery(Row row) {
    String zone = row.getString("time_zone");
    String next = row.getString("next_state");
    return new Delivery(
        new Delivery.Key(
            row.getString("account_id"),
            row.getLong("episode"),
            Rung.valueOf(row.getString("rung")),
            row.getString("product"),
            row.getString("detail"),
            Channel.valueOf(row.getString("channel"))),
        row.getString("notification_id"),
        Times.fromRow(row.getOffsetDateTime("at")),
        row.getBigDecimal("amount_due"),
        Currency.getInstance(row.getString("currency")),
        zone.isEmpty() ? null : ZoneId.of(zone),
        next == null ? null : ServiceState.valueOf(next),
        Times.fromRow(row.getOffsetDateTime("next_at")),
        row.getString("receiver"),
        row.getString("address"),
        row.getString("locale"),
        row.getInteger("attempts"),
        Times.fromRow(row.getOffsetDateTime("first_attempt_at")));
  }

  /**
   * What became of one.
   *
   * @param state SENT, PENDING for another attempt, PARKED or WITHDRAWN
   * @param sendAt when to try again; null unless it is PENDING
   * @param sentAt null unless it is SENT
   * @param receiptDue whether the account is to know of it
   */
  record Finished(
      Delivery.Key key,
      String state,
      Instant sendAt,
      Instant sentAt,
      String error,
      boolean receiptDue) {}

  Uni<Void> finish(List<Finished> all) {
    Columns rows = FINISHED.rows();
    for (Finished each : all) {
      Delivery.Key key = each.key();
      rows.add(
          key.accountId(),
          key.episode(),
          key.rung(),
          key.product(),
          key.detail(),
          key.channel(),
          each.state(),
          each.sendAt(),
          each.sentAt(),
          each.error(),
          each.receiptDue());
    }
    return rows.execute(pool, FINISH).replaceWithVoid();
  }

  /**
   * Nothing more to a receiver until then.
   *
   * @param parkedBefore what was tried before that is given up
   */
  Uni<Void> pushBack(
      Channel channel, String receiver, Instant until, Instant now, Instant parkedBefore) {
    return pool.preparedQuery(PUSH_BACK)
        .execute(
            Tuple.of(
                channel.name(),
                receiver,
                Times.toRow(until),
                Times.toRow(now),
                Times.toRow(parkedBefore),
                "the receiver is left alone for a while: it failed again and again"))
        .replaceWithVoid();
  }

  /** When something is to be sent next, after an instant; null if nothing is. */
  Uni<Instant> nextAfter(Instant now) {
    return pool.preparedQuery(
            "select min(send_at) from notification where state = 'PENDING' and send_at > $1")
        .execute(Tuple.of(Times.toRow(now)))
        .map(rows -> Times.fromRow(rows.iterator().next().getOffsetDateTime(0)));
  }

  /** How many are due, by channel. */
  Uni<Map<Channel, Long>> due(Instant now) {
    return count("state = 'PENDING' and send_at <= $1", Tuple.of(Times.toRow(now)));
  }

  /** How many were given up, by channel. */
  Uni<Map<Channel, Long>> parked() {
    return count("state = 'PARKED'", Tuple.tuple());
  }

  private Uni<Map<Channel, Long>> count(String which, Tuple parameters) {
    return pool.preparedQuery(
            "select channel, count(*) from notification where " + which + " group by channel")
        .execute(parameters)
        .map(
            rows -> {
              Map<Channel, Long> counts = new EnumMap<>(Channel.class);
              rows.forEach(row -> counts.put(Channel.valueOf(row.getString(0)), row.getLong(1)));
              return counts;
            });
  }

  /** The receipts of so many accounts, oldest ids first. */
  Uni<List<DeliveryService.Receipt>> receipts(SqlConnection connection, int accounts) {
    return connection
        .preparedQuery(
            """
            select account_id, episode, min(sent_at) as delivered_at from notification
            where receipt_due and account_id in (
              select distinct account_id from notification where receipt_due
              order by account_id limit $1)
            group by account_id, episode order by account_id, episode
            """)
        .execute(Tuple.of(accounts))
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new DeliveryService.Receipt(
                                row.getString("account_id"),
                                row.getLong("episode"),
                                Times.fromRow(row.getOffsetDateTime("delivered_at"))))
                    .toList());
  }

  /** The accounts know. */
  Uni<Void> known(SqlConnection connection, List<DeliveryService.Receipt> receipts) {
    Columns rows = EPISODES.rows();
    receipts.forEach(each -> rows.add(each.accountId(), each.episode()));
    return rows.execute(
            connection,
            """
            update notification n set receipt_due = false
            from {rows} r
            where n.account_id = r.account_id and n.episode = r.episode and n.receipt_due
            """)
        .replaceWithVoid();
  }
}
