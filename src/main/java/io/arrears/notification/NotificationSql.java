package io.arrears.notification;

import static io.arrears.platform.Columns.Type.LONG;
import static io.arrears.platform.Columns.Type.NUMERIC;
import static io.arrears.platform.Columns.Type.TEXT;
import static io.arrears.platform.Columns.Type.TIMESTAMP;

import io.arrears.core.Notice;
import io.arrears.platform.Columns;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
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

  private static final String NOTICES =
      INSERT
          + """
      from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[],
                  $7::timestamptz[], $8::numeric[], $9::timestamptz[], $10::text[], $11::text[],
                  $12::timestamptz[])
        as n(account_id, episode, rung, product, detail, notification_id, at, amount_due, send_at,
             time_zone, next_state, next_at)
        cross join (select $13::boolean as mail) m
      """
          + CHANNELS;

  private static final String WITHDRAW =
      """
      update notification n set state = 'WITHDRAWN'
      from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])
        as w(account_id, product, from_episode, to_episode)
      where n.account_id = w.account_id and n.product = w.product and n.state = 'PENDING'
        and n.episode between w.from_episode and w.to_episode and n.rung = any($5)
      """;

  private final MailSettings mail;

  NotificationSql(MailSettings mail) {
    this.mail = mail;
  }

  /** Writes to the outbox, in the transaction of what caused it. */
  public Uni<Void> append(SqlConnection connection, List<Notice> notices) {
    if (notices.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Columns rows =
        new Columns(
            TEXT, LONG, TEXT, TEXT, TEXT, TEXT, TIMESTAMP, NUMERIC, TIMESTAMP, TEXT, TEXT,
            TIMESTAMP);
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
    Tuple parameters = rows.tuple().addBoolean(mail.configured());
    return connection.preparedQuery(NOTICES).execute(parameters).replaceWithVoid();
  }

  /** What was not sent yet of what announces arrears that are cleared. */
  public Uni<Void> withdraw(SqlConnection connection, List<Notice.Withdrawal> withdrawals) {
    if (withdrawals.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Columns rows = new Columns(TEXT, TEXT, LONG, LONG);
    for (Notice.Withdrawal each : withdrawals) {
      rows.add(each.accountId(), each.product(), each.fromEpisode(), each.toEpisode());
    }
    Tuple parameters = rows.tuple().addArrayOfString(rungs());
    return connection.preparedQuery(WITHDRAW).execute(parameters).replaceWithVoid();
  }

  private static String[] rungs() {
    return Notice.Rung.MOOT_ONCE_CLEARED.stream().map(Enum::name).toArray(String[]::new);
  }
}
