package io.arrears.lifecycle;

import io.arrears.core.Hold;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;

/** A row of {@code hold}; the account of a cohort's hold is the empty one. */
@Entity
@Table(name = "hold")
@IdClass(HoldEntity.Key.class)
public class HoldEntity {

  /** The account and the hold. */
  public record Key(String accountId, String holdId) implements Serializable {}

  @Id
  @Column(name = "account_id")
  public String accountId;

  @Id
  @Column(name = "hold_id")
  public String holdId;

  @Column(name = "request_id")
  public String requestId;

  @Column(name = "request_digest")
  public byte[] requestDigest;

  public String product = "";
  public String tier = "";
  public String region = "";

  @Column(name = "place_time")
  public Instant placeTime;

  @Column(name = "until_time")
  public Instant untilTime;

  @Column(name = "end_time")
  public Instant endTime;

  public String reason;

  /** Null for no promise. */
  public BigDecimal promised;

  /** Of the promise; null for none. */
  public String currency;

  public BigDecimal paid = BigDecimal.ZERO;

  @Column(name = "broken_time")
  public Instant brokenTime;

  @Column(name = "placed_by")
  public String placedBy;

  @Column(name = "released_by")
  public String releasedBy;

  @Column(name = "release_reason")
  public String releaseReason;

  /** How far a hold has come. */
  public enum State {
    ACTIVE,
    RELEASED,
    EXPIRED,
    PROMISE_KEPT,
    PROMISE_BROKEN
  }

  public State state(Instant now) {
    Hold hold = hold();
    if (releasedBy != null) {
      return State.RELEASED;
    } else if (hold.kept()) {
      return State.PROMISE_KEPT;
    } else if (hold.runsAt(now)) {
      return State.ACTIVE;
    }
    return promised == null ? State.EXPIRED : State.PROMISE_BROKEN;
  }

  /** As the heart sees it. */
  public Hold hold() {
    return new Hold(
        holdId,
        accountId.isEmpty() ? new Hold.Cohort(product, tier, region) : null,
        placeTime,
        untilTime,
        endTime,
        promised,
        paid,
        brokenTime);
  }
}
