package io.arrears.intervention;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;

/** A row of {@code command}: the idempotency key of a command that leaves no row of its own. */
@Entity
@Table(name = "command")
@IdClass(CommandEntity.Key.class)
public class CommandEntity {

  /** The account and the caller's id. */
  public record Key(String accountId, String requestId) implements Serializable {}

  @Id
  @Column(name = "account_id")
  public String accountId;

  @Id
  @Column(name = "request_id")
  public String requestId;

  @Column(name = "request_digest")
  public byte[] requestDigest;

  public Instant at;
}
