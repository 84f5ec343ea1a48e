package io.arrears.account;

import static io.arrears.platform.Times.fromRow;

import io.arrears.core.Account;
import io.arrears.core.Arrears;
import io.arrears.core.BillingCycle;
import io.arrears.core.LedgerEntry;
import io.arrears.core.Receivable;
import io.arrears.platform.Cells;
import io.arrears.platform.Columns;
import io.arrears.platform.Pipelined;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;

/** Accounts and ledger entries, thousands in a statement. */
@ApplicationScoped
public class AccountSql {

  /** The columns that {@link #state} reads, of a table named {@code a}. */
  public static final String COLUMNS =
      "a.account_id, a.currency, a.tier, a.region, a.time_zone, a.credit_limit, a.frozen, a.balance,"
          + " a.unallocated, a.ledger_sequence, a.transition_sequence, a.chain_hash, a.episodes,"
          + " a.episode, a.overdue_since, a.notified_at, a.received_at, a.delivered_at, a.cleared_at,"
          + " a.terms_since, a.runway_alerted, a.version";

  private static final Columns.Shape ACCOUNT =
      Columns.shape(
          "account_id text, balance numeric, unallocated numeric, ledger_sequence bigint,"
              + " transition_sequence bigint, chain_hash bytea, episodes bigint,"
              + " overdue_since timestamptz, notified_at timestamptz, received_at timestamptz,"
              + " cleared_at timestamptz, version bigint, due_at timestamptz, episode bigint,"
              + " runway_alerted boolean, delivered_at timestamptz");

  private static final Columns.Shape ENTRY =
      Columns.shape(
          "account_id text, sequence bigint, kind text, amount numeric, balance_after numeric,"
              + " at timestamptz, recorded_at timestamptz, reference_id text, reason text,"
              + " actor text, contra_account text, request_digest bytea");

  private static final Columns.Shape UNPAID =
      Columns.shape(
          "account_id text, product text, cycle text, period_start date, supplement int,"
              + " unpaid numeric");

  private static final String UPDATE =
      """
      update account a set
        balance = n.balance, unallocated = n.unallocated, ledger_sequence = n.ledger_sequence,
        transition_sequence = n.transition_sequence, chain_hash = n.chain_hash,
        episodes = n.episodes, episode = n.episode, overdue_since = n.overdue_since, notified_at = n.notified_at,
        received_at = n.received_at, delivered_at = n.delivered_at, cleared_at = n.cleared_at,
        version = n.version,
        runway_alerted = n.runway_alerted, due_at = n.due_at
      from {rows} n
      where a.account_id = n.account_id
      """;

  private static final String APPEND =
      "insert into ledger_entry (" + ENTRY.names() + ") select * from {rows} n";

  /** Locks accounts in the order of their ids, waiting for whoever works on them. */
  public Uni<List<Account.State>> lock(SqlConnection connection, List<String> accountIds) {
    return states(
        connection,
        "select "
            + COLUMNS
            + " from account a where account_id = any($1) order by account_id for update",
        Tuple.of(accountIds.toArray(String[]::new)));
  }

  /** The same without a lock. */
  public Uni<List<Account.State>> read(SqlConnection connection, String[] accountIds) {
    return states(
        connection,
        "select " + COLUMNS + " from account a where account_id = any($1) order by account_id",
        Tuple.of((Object) accountIds));
  }

  /** The states that a query with {@link #COLUMNS} returns. */
  public Uni<List<Account.State>> states(SqlConnection connection, String sql, Tuple parameters) {
    return connection
        .preparedQuery(sql)
        .execute(parameters)
        .map(rows -> rows.stream().map(AccountSql::state).toList());
  }

  /** As it is stored: empty, and null here, for that of whatever is told. */
  static ZoneId zone(String id) {
    return id.isEmpty() ? null : ZoneId.of(id);
  }

  /** Of a row with {@link #COLUMNS}, whose order this is. */
  public static Account.State state(Row row) {
    Cells cells = Cells.of(row, "account_id");
    return new Account.State(
        cells.text(),
        Currency.getInstance(cells.text()),
        cells.text(),
        cells.text(),
        zone(cells.text()),
        cells.decimal(),
        cells.decimal(),
        cells.decimal(),
        cells.decimal(),
        cells.number(),
        cells.number(),
        cells.bytes(),
        cells.number(),
        arrears(cells),
        cells.time(),
        cells.time(),
        cells.flag(),
        cells.number());
  }

  private static Arrears arrears(Cells cells) {
    Long episode = cells.number();
    Instant overdueSince = cells.time();
    Instant notifiedAt = cells.time();
    Instant receivedAt = cells.time();
    Instant deliveredAt = cells.time();
    return overdueSince == null
        ? null
        : Arrears.belowLimit(episode, overdueSince, notifiedAt, receivedAt, deliveredAt);
  }

  /** Writes the accounts' own rows and what was appended to their ledgers. */
  public Uni<Void> write(SqlConnection connection, List<Account> accounts, Instant now) {
    if (accounts.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    Columns moved = ACCOUNT.rows();
    Columns others = ACCOUNT.rows(); // Most of their columns are the same in all.
    for (Account account : accounts) {
      add(account.transitions().isEmpty() ? others : moved, account, now);
    }
    Columns entries = ENTRY.rows();
    for (Account account : accounts) {
      for (LedgerEntry entry : account.entries()) {
        entries.add(
            entry.accountId(),
            entry.sequence(),
            entry.kind(),
            entry.amount(),
            entry.balanceAfter(),
            entry.at(),
            entry.recordedAt(),
            entry.referenceId(),
            entry.reason(),
            entry.actor(),
            entry.contraAccount(),
            entry.requestDigest());
      }
    }
    return Pipelined.all(
        moved.execute(connection, UPDATE),
        others.execute(connection, UPDATE),
        entries.execute(connection, APPEND));
  }

  private static void add(Columns rows, Account account, Instant now) {
    Account.State state = account.state();
    Arrears arrears = state.arrears();
    rows.add(
        state.accountId(),
        state.balance(),
        state.unallocated(),
        state.ledgerSequence(),
        state.transitionSequence(),
        state.chainHash(),
        state.episodes(),
        arrears == null ? null : arrears.overdueSince(),
        arrears == null ? null : arrears.notifiedAt(),
        arrears == null ? null : arrears.receivedAt(),
        state.clearedAt(),
        state.version(),
        account.dueAt(now),
        arrears == null ? null : arrears.episode(),
        state.runwayAlerted(),
        arrears == null ? null : arrears.deliveredAt());
  }

  /** What is unpaid of accounts' bills, oldest first within each; under the accounts' locks. */
  public Uni<List<OpenBill>> unpaid(SqlConnection connection, List<String> accountIds) {
    if (accountIds.isEmpty()) {
      return Uni.createFrom().item(List.of());
    }
    return connection
        .preparedQuery(
            """
            select account_id, product, cycle, period_start, supplement, unpaid, generated_at, due_at
            from bill
            where account_id = any($1) and unpaid > 0
            order by account_id, generated_at, period_start, product, cycle, supplement
            """)
        .execute(Tuple.of(accountIds.toArray(String[]::new)))
        .map(rows -> rows.stream().map(OpenBill::of).toList());
  }

  /** A bill with what is unpaid of it. */
  public record OpenBill(String accountId, Receivable receivable) {

    static OpenBill of(Row row) {
      BillEntity.Key key = billKey(row);
      return new OpenBill(
          key.accountId(),
          new Receivable(
              key.billId(),
              key.product(),
              row.getBigDecimal("unpaid"),
              fromRow(row.getOffsetDateTime("generated_at")),
              fromRow(row.getOffsetDateTime("due_at"))));
    }
  }

  /** Of a row of {@code bill}. */
  public static BillEntity.Key billKey(Row row) {
    return new BillEntity.Key(
        row.getString("account_id"),
        row.getString("product"),
        BillingCycle.valueOf(row.getString("cycle")),
        row.getLocalDate("period_start"),
        row.getInteger("supplement"));
  }

  /** Of a row of {@code ledger_entry}. */
  public static LedgerEntry entry(Row row) {
    return new LedgerEntry(
        row.getString("account_id"),
        row.getLong("sequence"),
        LedgerEntry.Kind.valueOf(row.getString("kind")),
        row.getBigDecimal("amount"),
        row.getBigDecimal("balance_after"),
        fromRow(row.getOffsetDateTime("at")),
        fromRow(row.getOffsetDateTime("recorded_at")),
        row.getString("reference_id"),
        row.getString("reason"),
        row.getString("actor"),
        row.getString("contra_account"),
        Cells.of(row, "request_digest").bytes());
  }

  /** Stores what is unpaid now. */
  public Uni<Void> cover(SqlConnection connection, List<Receivable> covered) {
    Columns rows = UNPAID.rows();
    for (Receivable bill : covered) {
      BillEntity.Key key = BillEntity.Key.of(bill.billId());
      rows.add(
          key.accountId(),
          key.product(),
          key.cycle(),
          key.periodStart(),
          key.supplement(),
          bill.unpaid());
    }
    return rows.execute(
            connection,
            """
        update bill b set unpaid = n.unpaid
        from {rows} n
        where (b.account_id, b.product, b.cycle, b.period_start, b.supplement)
            = (n.account_id, n.product, n.cycle, n.period_start, n.supplement)
        """)
        .replaceWithVoid();
  }
}
