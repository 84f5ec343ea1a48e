package io.arrears.notification;

import io.arrears.core.Notice;
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

/** A row of the outbox (S3). */
@Entity
@Table(name = "notification")
@IdClass(NotificationEntity.Key.class)
public class NotificationEntity {

  /** What makes a notification the same one. */
  public record Key(String accountId, long episode, Notice.Rung rung, String product, String detail)
      implements Serializable {}

  @Id
  @Column(name = "account_id")
  public String accountId;

  @Id public long episode;

  @Id
  @Enumerated(EnumType.STRING)
  public Notice.Rung rung;

  @Id public String product;
  @Id public String detail;
  public Instant at;

  @Column(name = "amount_due")
  public BigDecimal amountDue;

  static NotificationEntity of(Notice notice) {
    NotificationEntity entity = new NotificationEntity();
    entity.accountId = notice.accountId();
    entity.episode = notice.episode();
    entity.rung = notice.rung();
    entity.product = notice.product();
    entity.detail = notice.detail();
    entity.at = notice.at();
    entity.amountDue = notice.amountDue();
    return entity;
  }
}
