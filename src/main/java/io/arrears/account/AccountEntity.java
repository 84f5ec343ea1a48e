package io.arrears.account;

import io.arrears.core.Account;
import io.arrears.core.Arrears;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Currency;

/** A row of {@code account}: the agreement, the money, the open episode and the chain's end. */
@Entity
@Table(name = "account")
public class AccountEntity {

  @Id
  @Column(name = "account_id")
  public String accountId;

  @Column(name = "create_digest")
  public byte[] createDigest;

  public String currency;

  @Column(name = "credit_limit")
  public BigDecimal creditLimit;

  public BigDecimal frozen;
  public String tier;
  public String locale;
  public String region;

  /** Empty means that of whatever is told. */
  @Column(name = "time_zone")
  public String timeZone;

  public String email;

  @Column(name = "webhook_url")
  public String webhookUrl;

  @Column(name = "create_time")
  public Instant createTime;

  @Column(name = "update_time")
  public Instant updateTime;

  public BigDecimal balance = BigDecimal.ZERO;
  public BigDecimal unallocated = BigDecimal.ZERO;

  @Column(name = "ledger_sequence")
  public long ledgerSequence;

  @Column(name = "transition_sequence")
  public long transitionSequence;

  @Column(name = "chain_hash")
  public byte[] chainHash = new byte[0];

  public long episodes;
  public Long episode;

  @Column(name = "overdue_since")
  public Instant overdueSince;

  @Column(name = "notified_at")
  public Instant notifiedAt;

  @Column(name = "received_at")
  public Instant receivedAt;

  @Column(name = "delivered_at")
  public Instant deliveredAt;

  @Column(name = "cleared_at")
  public Instant clearedAt;

  @Column(name = "terms_since")
  public Instant termsSince;

  @Column(name = "runway_alerted")
  public boolean runwayAlerted;

  public long version = 1;

  @Column(name = "due_at")
  public Instant dueAt;

  /** As the heart sees it. */
  public Account.State state() {
    return new Account.State(
        accountId,
        Currency.getInstance(currency),
        tier,
        region,
        AccountSql.zone(timeZone),
        creditLimit,
        frozen,
        balance,
        unallocated,
        ledgerSequence,
        transitionSequence,
        chainHash,
        episodes,
        overdueSince == null
            ? null
            : Arrears.belowLimit(episode, overdueSince, notifiedAt, receivedAt, deliveredAt),
        clearedAt,
        termsSince,
        runwayAlerted,
        version);
  }

  /** Takes over what a command has changed. */
  public void apply(Account account, Instant now) {
    Account.State state = account.state();
    Arrears arrears = state.arrears();
    tier = state.tier();
    region = state.region();
    creditLimit = state.creditLimit();
    frozen = state.frozen();
    balance = state.balance();
    unallocated = state.unallocated();
    ledgerSequence = state.ledgerSequence();
    transitionSequence = state.transitionSequence();
    chainHash = state.chainHash();
    episodes = state.episodes();
    episode = arrears == null ? null : (Long) arrears.episode();
    overdueSince = arrears == null ? null : arrears.overdueSince();
    notifiedAt = arrears == null ? null : arrears.notifiedAt();
    receivedAt = arrears == null ? null : arrears.receivedAt();
    deliveredAt = arrears == null ? null : arrears.deliveredAt();
    clearedAt = state.clearedAt();
    termsSince = state.termsSince();
    runwayAlerted = state.runwayAlerted();
    version = state.version();
    dueAt = account.dueAt(now);
  }
}
