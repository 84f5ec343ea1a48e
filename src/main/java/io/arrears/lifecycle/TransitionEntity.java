package io.arrears.lifecycle;

import io.arrears.core.ServiceState;
import io.arrears.core.Transition;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;

/** A row of {@code transition}; only ever inserted. */
@Entity
@Table(name = "transition")
@IdClass(TransitionEntity.Key.class)
public class TransitionEntity {

  /** The account and the position in its chain. */
  public record Key(String accountId, long sequence) implements Serializable {}

  @Id
  @Column(name = "account_id")
  public String accountId;

  @Id public long sequence;
  public String product;

  @Enumerated(EnumType.STRING)
  @Column(name = "from_state")
  public ServiceState fromState;

  @Enumerated(EnumType.STRING)
  @Column(name = "to_state")
  public ServiceState toState;

  public Instant at;

  @Column(name = "recorded_at")
  public Instant recordedAt;

  public String rule;

  @Column(name = "policy_version")
  public long policyVersion;

  public String actor;
  public String explanation;

  @Column(name = "previous_hash")
  public byte[] previousHash;

  public byte[] hash;

  static TransitionEntity of(Transition transition) {
    TransitionEntity entity = new TransitionEntity();
    entity.accountId = transition.accountId();
    entity.sequence = transition.sequence();
    entity.product = transition.product();
    entity.fromState = transition.from();
    entity.toState = transition.to();
    entity.at = transition.at();
    entity.recordedAt = transition.recordedAt();
    entity.rule = transition.rule();
    entity.policyVersion = transition.policyVersion();
    entity.actor = transition.actor();
    entity.explanation = transition.explanation();
    entity.previousHash = transition.previousHash();
    entity.hash = transition.hash();
    return entity;
  }

  Transition transition() {
    return new Transition(
        accountId,
        sequence,
        product,
        fromState,
        toState,
        at,
        recordedAt,
        rule,
        policyVersion,
        actor,
        explanation,
        previousHash,
        hash);
  }
}
