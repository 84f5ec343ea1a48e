package io.arrears.intervention;

import io.arrears.core.Deactivation;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A row of {@code deactivation}: a customer's request to leave (S11). */
@Entity
@Table(name = "deactivation")
public class DeactivationEntity {

  /** How far it has come. */
  public enum State {
    REQUESTED,
    /** A second person agreed; it cannot be cancelled any more. */
    APPROVED,
    CANCELLED,
    /** Everything is erased; there is a certificate. */
    COMPLETED
  }

  @Id
  @Column(name = "ticket_id")
  public String ticketId;

  @Column(name = "account_id")
  public String accountId;

  /** Empty for every product. */
  public String product;

  @Enumerated(EnumType.STRING)
  public State state;

  public String reason;

  @Column(name = "requested_by")
  public String requestedBy;

  @Column(name = "request_time")
  public Instant requestTime;

  @Column(name = "approved_by")
  public String approvedBy;

  @Column(name = "approve_time")
  public Instant approveTime;

  @Column(name = "cancelled_by")
  public String cancelledBy;

  @Column(name = "cancel_reason")
  public String cancelReason;

  @Column(name = "cancel_time")
  public Instant cancelTime;

  @Column(name = "complete_time")
  public Instant completeTime;

  public byte[] certificate;

  Deactivation deactivation() {
    return new Deactivation(ticketId, product, approveTime);
  }
}
