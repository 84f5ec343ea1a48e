package io.arrears.billing;

import io.arrears.core.PrepaidPackage;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;

/** A row of {@code prepaid_package}: what is left of usage paid for in advance. */
@Entity
@Table(name = "prepaid_package")
@IdClass(PrepaidPackageEntity.Key.class)
public class PrepaidPackageEntity {

  /** The account and the package. */
  public record Key(String accountId, String packageId) implements Serializable {}

  @Id
  @Column(name = "account_id")
  public String accountId;

  @Id
  @Column(name = "package_id")
  public String packageId;

  public String product;
  public BigDecimal remaining;
  public String unit;

  /** Null if it does not expire. */
  @Column(name = "expire_time")
  public Instant expireTime;

  @Column(name = "report_time")
  public Instant reportTime;

  PrepaidPackage prepaid() {
    return new PrepaidPackage(packageId, product, remaining, expireTime);
  }
}
