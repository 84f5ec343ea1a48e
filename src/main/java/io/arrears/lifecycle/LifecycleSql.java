package io.arrears.lifecycle;

import io.arrears.account.AccountSql;
import io.arrears.core.Account;
import io.arrears.core.Circumstances;
import io.arrears.core.Notice;
import io.arrears.core.Policy;
import io.arrears.core.Service;
import io.arrears.core.Transition;
import io.arrears.notification.NotificationSql;
import io.arrears.notification.Outbox;
import io.arrears.platform.Columns;
import io.arrears.platform.Pipelined;
import io.arrears.platform.Times;
import io.arrears.policy.PolicyService;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Changes thousands of accounts in a few statements; the heart decides about each of them. */
@ApplicationScoped
public class LifecycleSql {

  private static final Columns.Shape TRANSITION =
      Columns.shape(
          "account_id text, sequence bigint, product text, from_state text, to_state text,"
              + " at timestamptz, recorded_at timestamptz, rule text, policy_version bigint,"
              + " actor text, explanation text, previous_hash bytea, hash bytea");

  private static final String APPEND_TRANSITIONS =
      "insert into transition (" + TRANSITION.names() + ") select * from {rows} n";

  private final AccountSql accounts;
  private final ServiceSql services;
  private final CircumstanceSql circumstances;
  private final NotificationSql notifications;
  private final Outbox outbox;
  private final News news;
  private final TransitionMeters meters;
  private final PolicyService policies;

  LifecycleSql(
      AccountSql accounts,
      ServiceSql services,
      CircumstanceSql circumstances,
      NotificationSql notifications,
      Outbox outbox,
      News news,
      TransitionMeters meters,
      PolicyService policies) {
    this.accounts = accounts;
    this.services = services;
    this.circumstances = circumstances;
    this.notifications = notifications;
    this.outbox = outbox;
    this.news = news;
    this.meters = meters;
    this.policies = policies;
  }

  /**
   * Locks accounts in the order of their ids, waiting for whoever works on them; one round trip.
   */
  public Uni<List<Account>> lock(SqlConnection connection, List<String> accountIds) {
    return whole(
        connection, accounts.lock(connection, accountIds), accountIds.toArray(String[]::new));
  }

  /** Locks accounts of which something is due, passing over those that somebody works on. */
  public Uni<List<Account>> claimDue(SqlConnection connection, Instant now, int size) {
    String sql =
        "select "
            + AccountSql.COLUMNS
            + " from account a where due_at <= $1 order by due_at limit $2 for update skip locked";
    return accounts
        .states(connection, sql, Tuple.of(Times.toRow(now), size))
        .chain(states -> whole(connection, states));
  }

  /** Those of these accounts of which something is due. */
  public Uni<List<Account>> claimDue(SqlConnection connection, Instant now, List<String> ids) {
    String sql =
        "select "
            + AccountSql.COLUMNS
            + " from account a where due_at <= $1 and account_id = any($2) for update skip locked";
    return accounts
        .states(connection, sql, Tuple.of(Times.toRow(now), ids.toArray(String[]::new)))
        .chain(states -> whole(connection, states));
  }

  /** Without a lock, in the order of their ids after one: to look only. */
  public Uni<List<Account>> peekDue(SqlConnection connection, Instant now, String after, int size) {
    String sql =
        "select "
            + AccountSql.COLUMNS
            + " from account a where due_at <= $1 and account_id > $2 order by account_id limit $3";
    return accounts
        .states(connection, sql, Tuple.of(Times.toRow(now), after, size))
        .chain(states -> whole(connection, states));
  }

  /**
   * Reads accounts as they are at one moment, in one round trip and without a lock, in the order of
   * their ids; unknown ones are not there.
   */
  public Uni<List<Account>> read(SqlConnection connection, String[] ids) {
    return Uni.combine()
        .all()
        .unis(
            connection.query("begin isolation level repeatable read read only").execute(),
            accounts.read(connection, ids),
            services.of(connection, ids),
            circumstances.of(connection, ids),
            connection.query("commit").execute())
        .asTuple()
        .call(read -> policies.catchUp(read.getItem4().policies(), connection))
        .map(read -> accounts(read.getItem2(), read.getItem3(), read.getItem4()));
  }

  private Uni<List<Account>> whole(SqlConnection connection, List<Account.State> states) {
    return whole(
        connection,
        Uni.createFrom().item(states),
        states.stream().map(Account.State::accountId).toArray(String[]::new));
  }

  private Uni<List<Account>> whole(
      SqlConnection connection, Uni<List<Account.State>> states, String[] ids) {
    return Uni.combine()
        .all()
        .unis(states, services.of(connection, ids), circumstances.of(connection, ids))
        .asTuple()
        .call(read -> policies.catchUp(read.getItem3().policies(), connection))
        .map(read -> accounts(read.getItem1(), read.getItem2(), read.getItem3()));
  }

  private List<Account> accounts(
      List<Account.State> states, Map<String, List<Service>> opened, CircumstanceSql.Found found) {
    return states.stream()
        .map(
            state ->
                account(
                    state,
                    opened.getOrDefault(state.accountId(), List.of()),
                    found.of(state.accountId())))
        .toList();
  }

  /** The standard rules of a product that are in force. */
  public Optional<Policy> policy(String product) {
    return policies.find(product);
  }

  /** An account with all that decides about it, as the heart sees it. */
  public Account account(Account.State state, List<Service> opened, Circumstances found) {
    return new Account(state, opened, found, policies::history);
  }

  /** Writes all that followed, in the transaction of the connection and in one round trip. */
  public Uni<Void> write(SqlConnection connection, List<Account> changed, Instant now) {
    return Pipelined.all(
        accounts.write(connection, changed, now),
        services.write(connection, changed),
        transitions(changed).execute(connection, APPEND_TRANSITIONS),
        circumstances.write(connection, changed),
        notifications.append(connection, notices(changed)),
        notifications.withdraw(connection, withdrawals(changed, now)));
  }

  /** To be called once the transaction has committed. */
  public void tell(List<Account> committed) {
    outbox.committed(notices(committed));
    committed.forEach(account -> meters.count(account.transitions()));
    news.of(committed);
  }

  private static List<Notice> notices(List<Account> accounts) {
    return accounts.stream().flatMap(account -> account.notices().stream()).toList();
  }

  private static List<Notice.Withdrawal> withdrawals(List<Account> accounts, Instant now) {
    return accounts.stream().flatMap(account -> account.withdrawals(now).stream()).toList();
  }

  private static Columns transitions(List<Account> accounts) {
    Columns rows = TRANSITION.rows();
    for (Account account : accounts) {
      for (Transition t : account.transitions()) {
        rows.add(
            t.accountId(),
            t.sequence(),
            t.product(),
            t.from(),
            t.to(),
            t.at(),
            t.recordedAt(),
            t.rule(),
            t.policyVersion(),
            t.actor(),
            t.explanation(),
            t.previousHash(),
            t.hash());
      }
    }
    return rows;
  }
}
