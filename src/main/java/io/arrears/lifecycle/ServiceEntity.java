package io.arrears.lifecycle;

import io.arrears.core.Access;
import io.arrears.core.Arrears;
import io.arrears.core.Desired;
import io.arrears.core.Effect;
import io.arrears.core.Rule;
import io.arrears.core.Service;
import io.arrears.core.ServiceState;
import io.arrears.core.Standing;
import io.arrears.core.Told;
import io.arrears.enforcement.Encoded;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;

/** A row of {@code service}: where one product of an account stands, and what it was told. */
@Entity
@Table(name = "service")
@IdClass(ServiceEntity.Key.class)
public class ServiceEntity {

  /** One product of one account. */
  public record Key(String accountId, String product) implements Serializable {}

  @Id
  @Column(name = "account_id")
  public String accountId;

  @Id public String product;

  @Enumerated(EnumType.STRING)
  public ServiceState state;

  @Column(name = "state_since")
  public Instant stateSince;

  @Column(name = "opened_at")
  public Instant openedAt;

  @Column(name = "moved_at")
  public Instant movedAt;

  public String reasons;

  @Column(name = "suspended_at")
  public Instant suspendedAt;

  public int stage;

  @Column(name = "stage_at")
  public Instant stageAt;

  @Column(name = "released_at")
  public Instant releasedAt;

  @Column(name = "clearing_since")
  public Instant clearingSince;

  public boolean erased;

  @Column(name = "policy_version")
  public long policyVersion;

  public Long episode;

  @Enumerated(EnumType.STRING)
  public Rule cause;

  @Column(name = "overdue_since")
  public Instant overdueSince;

  @Column(name = "below_limit_since")
  public Instant belowLimitSince;

  @Column(name = "bill_issued_at")
  public Instant billIssuedAt;

  @Column(name = "notified_at")
  public Instant notifiedAt;

  @Column(name = "received_at")
  public Instant receivedAt;

  @Column(name = "delivered_at")
  public Instant deliveredAt;

  @Column(name = "cleared_at")
  public Instant clearedAt;

  @Column(name = "settled_at")
  public Instant settledAt;

  @Column(name = "erased_categories")
  public String erasedCategories;

  public String reminded;

  @Enumerated(EnumType.STRING)
  public Access access;

  public String features;

  @Column(name = "clear_categories")
  public String clearCategories;

  public long generation;

  @Column(name = "observed_generation")
  public long observedGeneration;

  @Column(name = "decided_by")
  public String decidedBy;

  @Column(name = "decided_at")
  public Instant decidedAt;

  @Column(name = "behind_since")
  public Instant behindSince;

  /** When the product is to be told again to erase; null means at once. */
  @Column(name = "tell_at")
  public Instant tellAt;

  /** How often the product was told. */
  @Column(name = "told_times")
  public int toldTimes;

  /** Of the product's newest report; empty when it did what it was told. */
  @Column(name = "last_error")
  public String lastError;

  Service service() {
    return new Service(
        product,
        openedAt,
        new Standing(
            state,
            stateSince,
            movedAt,
            Encoded.reasons(reasons),
            suspendedAt,
            stage,
            stageAt,
            releasedAt,
            clearingSince,
            erased),
        policyVersion,
        episode == null
            ? null
            : new Arrears(
                episode,
                cause,
                overdueSince,
                belowLimitSince,
                billIssuedAt,
                notifiedAt,
                receivedAt,
                deliveredAt),
        clearedAt,
        settledAt,
        Encoded.erasures(erasedCategories),
        Encoded.map(reminded, Instant::parse),
        new Told(
            new Desired(
                access, Encoded.map(features, Effect::valueOf), Encoded.list(clearCategories)),
            generation,
            observedGeneration,
            decidedBy,
            decidedAt,
            behindSince));
  }

  void apply(Service service) {
    Standing standing = service.standing();
    Arrears own = service.arrears();
    if (!service.openedAt().equals(openedAt)) {
      toldTimes = 0;
      lastError = "";
    }
    state = standing.state();
    stateSince = standing.since();
    openedAt = service.openedAt();
    movedAt = standing.movedAt();
    reasons = Encoded.list(standing.reasons());
    suspendedAt = standing.suspendedAt();
    stage = standing.stage();
    stageAt = standing.stageAt();
    releasedAt = standing.releasedAt();
    clearingSince = standing.clearingSince();
    erased = standing.erased();
    policyVersion = service.policyVersion();
    episode = own == null ? null : (Long) own.episode();
    cause = own == null ? null : own.cause();
    overdueSince = own == null ? null : own.overdueSince();
    belowLimitSince = own == null ? null : own.belowLimitSince();
    billIssuedAt = own == null ? null : own.billIssuedAt();
    notifiedAt = own == null ? null : own.notifiedAt();
    receivedAt = own == null ? null : own.receivedAt();
    deliveredAt = own == null ? null : own.deliveredAt();
    clearedAt = service.clearedAt();
    settledAt = service.settledAt();
    erasedCategories = Encoded.erasures(service.erased());
    reminded = Encoded.map(service.reminded());
    access = service.access();
    features = Encoded.map(service.desired().features());
    tellAt = clearCategories.isEmpty() ? null : tellAt;
    clearCategories = Encoded.list(service.desired().clear());
    generation = service.generation();
    observedGeneration = service.observedGeneration();
    decidedBy = service.told().by();
    decidedAt = service.told().at();
    behindSince = service.told().behindSince();
  }
}
