package io.arrears.notification;

import static io.arrears.platform.Columns.Type.LONG;
import static io.arrears.platform.Columns.Type.NUMERIC;
import static io.arrears.platform.Columns.Type.TEXT;
import static io.arrears.platform.Columns.Type.TIMESTAMP;

import io.arrears.core.Notice;
import io.arrears.platform.Columns;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The outbox, thousands in a statement. */
@ApplicationScoped
public class NotificationSql {

  /** Writes to the outbox, in the transaction of what caused it. */
  public Uni<Void> append(SqlConnection connection, List<Notice> notices) {
    Columns rows = new Columns(TEXT, LONG, TEXT, TIMESTAMP, NUMERIC, TEXT, TEXT);
    for (Notice notice : notices) {
      rows.add(
          notice.accountId(),
          notice.episode(),
          notice.rung(),
          notice.at(),
          notice.amountDue(),
          notice.product(),
          notice.detail());
    }
    return rows.execute(
            connection,
            """
            insert into notification (account_id, episode, rung, at, amount_due, product, detail)
            select * from unnest($1::text[], $2::bigint[], $3::text[], $4::timestamptz[],
                                 $5::numeric[], $6::text[], $7::text[])
            """)
        .replaceWithVoid();
  }
}
