package io.arrears.account;

import io.arrears.core.LedgerEntry;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;

/** A row of {@code ledger_entry}; only ever inserted. */
@Entity
@Table(name = "ledger_entry")
@IdClass(LedgerEntryEntity.Key.class)
public class LedgerEntryEntity {

  /** The account and its position in the account's ledger. */
  public record Key(String accountId, long sequence) implements Serializable {}

  @Id
  @Column(name = "account_id")
  public String accountId;

  @Id public long sequence;

  @Enumerated(EnumType.STRING)
  public LedgerEntry.Kind kind;

  public BigDecimal amount;

  @Column(name = "balance_after")
  public BigDecimal balanceAfter;

  public Instant at;

  @Column(name = "recorded_at")
  public Instant recordedAt;

  @Column(name = "reference_id")
  public String referenceId;

  public String reason;
  public String actor;

  @Column(name = "contra_account")
  public String contraAccount;

  @Column(name = "request_digest")
  public byte[] requestDigest;

  static LedgerEntryEntity of(LedgerEntry entry) {
    LedgerEntryEntity entity = new LedgerEntryEntity();
    entity.accountId = entry.accountId();
    entity.sequence = entry.sequence();
    entity.kind = entry.kind();
    entity.amount = entry.amount();
    entity.balanceAfter = entry.balanceAfter();
    entity.at = entry.at();
    entity.recordedAt = entry.recordedAt();
    entity.referenceId = entry.referenceId();
    entity.reason = entry.reason();
    entity.actor = entry.actor();
    entity.contraAccount = entry.contraAccount();
    entity.requestDigest = entry.requestDigest();
    return entity;
  }

  /** As the heart sees it. */
  public LedgerEntry entry() {
    return new LedgerEntry(
        accountId,
        sequence,
        kind,
        amount,
        balanceAfter,
        at,
        recordedAt,
        referenceId,
        reason,
        actor,
        contraAccount,
        requestDigest);
  }
}
