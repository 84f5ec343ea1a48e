package io.arrears.status;

import io.arrears.account.AccountSql;
import io.arrears.core.Notice;
import io.arrears.core.ServiceState;
import io.arrears.core.Transition;
import io.arrears.platform.Feed;
import io.arrears.platform.Times;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What has happened to accounts, from the tables that are only ever appended to. */
@ApplicationScoped
class AccountEventSql {

  private static final String POSTED = "1";
  private static final String MOVED = "2";

  /** Its order must be the one that keys are merged in here. */
  private static final String KEY =
      "(e.account_id || '~%s~' || lpad(e.sequence::text, 19, '0')) collate \"C\"";

  private static final String MOVED_KEY = KEY.formatted(MOVED);
  private static final String POSTED_KEY = KEY.formatted(POSTED);

  private static final String PLACE =
      """
       where e.stamp >= $1 and (e.stamp > $1 or %s > $2)
         and ($3::text[] is null or e.account_id = any($3))
      """;

  private static final String TRANSITIONS =
      "select e.*, "
          + MOVED_KEY
          + " as key from transition e"
          + PLACE.formatted(MOVED_KEY)
          + " and ($5 = '' or e.product = $5) order by e.stamp, key limit $4";

  private static final String NOTIFIED_KEY =
      "(e.account_id || '~3~' || e.notification_id) collate \"C\"";

  private static final String NOTICES =
      "select e.*, a.currency, "
          + NOTIFIED_KEY
          + " as key from notification e join account a using (account_id)"
          + PLACE.formatted(NOTIFIED_KEY)
          + " and e.channel = 'STREAM' and ($5 = '' or e.product = $5)"
          + " order by e.stamp, key limit $4";

  private static final String ENTRIES =
      "select e.*, a.currency, "
          + POSTED_KEY
          + " as key from ledger_entry e join account a using (account_id)"
          + PLACE.formatted(POSTED_KEY)
          + " order by e.stamp, key limit $4";

  private final Pool pool;

  AccountEventSql(Pool pool) {
    this.pool = pool;
  }

  /**
   * In the order of stamps, accounts, and of what leads to what. Of each kind there is one read,
   * causes last; what is missing in the first because it was committed in between comes with the
   * next round.
   *
   * @param filter what is wanted
   */
  Uni<List<Feed.Row<AccountEvent>>> read(
      AccountEventService.Filter filter, Feed.Cursor after, int size) {
    String[] accounts =
        filter.accountIds().isEmpty() ? null : filter.accountIds().toArray(String[]::new);
    Tuple place = Tuple.of(after.stamp(), after.key(), accounts, size);
    Tuple ofProduct = Tuple.of(after.stamp(), after.key(), accounts, size, filter.product());
    return read(NOTICES, ofProduct, AccountEventSql::notified)
        .chain(
            notices ->
                read(TRANSITIONS, ofProduct, AccountEventSql::moved)
                    .map(moved -> merged(moved, notices, size)))
        .chain(
            others ->
                filter.product().isEmpty()
                    ? read(ENTRIES, place, AccountEventSql::posted)
                        .map(posted -> merged(posted, others, size))
                    : Uni.createFrom().item(others));
  }

  private Uni<List<Feed.Row<AccountEvent>>> read(
      String sql, Tuple parameters, Function<Row, AccountEvent> event) {
    return pool.preparedQuery(sql)
        .execute(parameters)
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Feed.Row<>(
                                event.apply(row), row.getLong("stamp"), row.getString("key")))
                    .toList());
  }

  private static List<Feed.Row<AccountEvent>> merged(
      List<Feed.Row<AccountEvent>> one, List<Feed.Row<AccountEvent>> other, int size) {
    return Stream.concat(one.stream(), other.stream())
        .sorted(
            Comparator.comparingLong((Feed.Row<AccountEvent> row) -> row.stamp())
                .thenComparing(Feed.Row::key))
        .limit(size)
        .toList();
  }

  private static AccountEvent moved(Row row) {
    return new AccountEvent.Moved(
        new Transition(
            row.getString("account_id"),
            row.getLong("sequence"),
            row.getString("product"),
            ServiceState.valueOf(row.getString("from_state")),
            ServiceState.valueOf(row.getString("to_state")),
            Times.fromRow(row.getOffsetDateTime("at")),
            Times.fromRow(row.getOffsetDateTime("recorded_at")),
            row.getString("rule"),
            row.getLong("policy_version"),
            row.getString("actor"),
            row.getString("explanation"),
            row.getBuffer("previous_hash").getBytes(),
            row.getBuffer("hash").getBytes()));
  }

  private static AccountEvent notified(Row row) {
    String next = row.getString("next_state");
    return new AccountEvent.Notified(
        new Notice(
            row.getString("account_id"),
            row.getLong("episode"),
            Notice.Rung.valueOf(row.getString("rung")),
            row.getString("product"),
            row.getString("detail"),
            Times.fromRow(row.getOffsetDateTime("at")),
            row.getBigDecimal("amount_due"),
            Times.fromRow(row.getOffsetDateTime("at")),
            null,
            next == null
                ? null
                : new Notice.Next(
                    ServiceState.valueOf(next), Times.fromRow(row.getOffsetDateTime("next_at")))),
        Currency.getInstance(row.getString("currency")));
  }

  private static AccountEvent posted(Row row) {
    return new AccountEvent.Posted(
        AccountSql.entry(row), Currency.getInstance(row.getString("currency")));
  }
}
