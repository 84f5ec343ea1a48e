package io.arrears.intervention;

import io.arrears.core.Restriction;
import io.arrears.core.SuspensionReason;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;

/** A row of {@code restriction}: a reason that money does not lift. */
@Entity
@Table(name = "restriction")
@IdClass(RestrictionEntity.Key.class)
public class RestrictionEntity {

  /** The account and the restriction. */
  public record Key(String accountId, String restrictionId) implements Serializable {}

  @Id
  @Column(name = "account_id")
  public String accountId;

  @Id
  @Column(name = "restriction_id")
  public String restrictionId;

  @Column(name = "request_id")
  public String requestId;

  @Column(name = "request_digest")
  public byte[] requestDigest;

  /** Empty for every product of the account, present and future. */
  public String product;

  @Enumerated(EnumType.STRING)
  public SuspensionReason reason;

  public String comment;

  @Column(name = "placed_by")
  public String placedBy;

  @Column(name = "place_time")
  public Instant placeTime;

  @Column(name = "lift_time")
  public Instant liftTime;

  @Column(name = "lifted_by")
  public String liftedBy;

  @Column(name = "lift_comment")
  public String liftComment;

  Restriction restriction() {
    return new Restriction(restrictionId, product, reason, placeTime);
  }
}
