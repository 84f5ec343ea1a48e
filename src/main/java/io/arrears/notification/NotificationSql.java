package io.arrears.notification;

import io.arrears.core.Notice;
import io.arrears.platform.Columns;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The outbox, thousands in a statement. */
@ApplicationScoped
public class NotificationSql {

  /**
   * One row a channel that the account can be reached by, unless it is there: of a table {@code n}
   * of notices, with {@code m.mail} saying whether mail can be sent at all.
   */
  static final String INSERT =
      """
      insert into notification
        (account_id, episode, rung, product, detail, channel, notification_id, at, amount_due,
         time_zone, next_state, next_at, send_at, state, receiver)
      select n.account_id, n.episode, n.rung, n.product, n.detail, c.channel, n.notification_id,
             n.at, n.amount_due, n.time_zone, n.next_state, n.next_at,
             case when c.channel <> 'STREAM' then n.send_at end,
             case when c.channel = 'STREAM' then 'SENT' else 'PENDING' end, c.receiver
      """;

  static final String CHANNELS =
      """
        join account a on a.account_id = n.account_id
        cross join lateral (
          select 'STREAM' as channel, '' as receiver
          union all
          select 'EMAIL', 'smtp' where m.mail and a.email <> ''
          union all
          select 'WEBHOOK', lower(substring(a.webhook_url from '^[^:]+://[^/?#]+'))
            where a.webhook_url <> '') c
      on conflict do nothing
      """;

  private static final Columns.Shape NOTICE =
      Columns.shape(
          "account_id text, episode bigint, rung text, product text, detail text,"
              + " notification_id text, at timestamptz, amount_due numeric, send_at timestamptz,"
              + " time_zone text, next_state text, next_at timestamptz");

  private static final Columns.Shape WITHDRAWAL =
      Columns.shape("account_id text, product text, from_episode bigint, to_episode bigint");

  private static final String NOTICES =
      INSERT
          + """
      from {rows} n
        cross join (select $13::boolean as mail) m
      """
          + CHANNELS;

  private static final String WITHDRAW =
      """
      update notification n set state = 'WITHDRAWN'
      from {rows} w
      where n.account_id = w.account_id and n.product = w.product and n.state = 'PENDING'
        and n.episode between w.from_episode and w.to_episode and n.rung = any($5)
      """;

  private final MailSettings mail;

  NotificationSql(MailSettings mail) {
    this.mail = mail;
  }

  /** Writes to the outbox, in the transaction of what caused it. */
  public Uni<Void> append(SqlConnection connection, List<Notice> notices) {
    Columns rows = NOTICE.rows();
    for (Notice notice : notices) {
      Notice.Next next = notice.next();
      rows.add(
          notice.accountId(),
          notice.episode(),
          notice.rung(),
          notice.product(),
          notice.detail(),
          notice.id(),
          notice.at(),
          notice.amountDue(),
          notice.sendAt(),
          notice.zone() == null ? "" : notice.zone().getId(),
          next == null ? null : next.state(),
          next == null ? null : next.at());
    }
    return rows.execute(connection, NOTICES, mail.configured()).replaceWithVoid();
  }

  /** What was not sent yet of what announces arrears that are cleared. */
  public Uni<Void> withdraw(SqlConnection connection, List<Notice.Withdrawal> withdrawals) {
    Columns rows = WITHDRAWAL.rows();
    for (Notice.Withdrawal each : withdrawals) {
      rows.add(each.accountId(), each.product(), each.fromEpisode(), each.toEpisode());
    }
    return rows.execute(connection, WITHDRAW, (Object) rungs()).replaceWithVoid();
  }

  private static String[] rungs() {
    return Notice.Rung.MOOT_ONCE_CLEARED.stream().map(Enum::name).toArray(String[]::new);
  }
}
