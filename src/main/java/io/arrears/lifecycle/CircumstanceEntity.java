package io.arrears.lifecycle;

import io.arrears.core.Circumstances;
import io.arrears.core.Deactivation;
import io.arrears.core.Hold;
import io.arrears.core.PrepaidPackage;
import io.arrears.core.Receivable;
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
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A row of the view {@code circumstance}: something that decides about an account, besides its
 * money and its services. What concerns all accounts stands under the empty id.
 */
@Entity
@Table(name = "circumstance")
@IdClass(CircumstanceEntity.Key.class)
public class CircumstanceEntity {

  /** What it is about. */
  public record Key(String accountId, Kind kind, String id) implements Serializable {}

  /** What a row is. */
  public enum Kind {
    RESTRICTION,
    HOLD,
    DEACTIVATION,
    PACKAGE,
    BILL,
    /** How many versions of policies there are. */
    POLICIES
  }

  @Id
  @Column(name = "account_id")
  public String accountId;

  @Id
  @Enumerated(EnumType.STRING)
  public Kind kind;

  @Id public String id;
  public String product;
  public String detail;
  public String tier;
  public String region;

  @Column(name = "from_time")
  public Instant fromTime;

  @Column(name = "until_time")
  public Instant untilTime;

  @Column(name = "end_time")
  public Instant endTime;

  @Column(name = "told_time")
  public Instant toldTime;

  public BigDecimal amount;
  public BigDecimal paid;

  /** As the heart sees them; of one account, and of all. */
  static Circumstances circumstances(List<CircumstanceEntity> rows) {
    if (rows.size() <= 1) {
      return Circumstances.NONE;
    }
    List<Restriction> restrictions = new ArrayList<>();
    List<Hold> holds = new ArrayList<>();
    List<Deactivation> deactivations = new ArrayList<>();
    List<PrepaidPackage> packages = new ArrayList<>();
    List<Receivable> bills = new ArrayList<>();
    for (CircumstanceEntity row : rows) {
      switch (row.kind) {
        case RESTRICTION ->
            restrictions.add(
                new Restriction(
                    row.id, row.product, SuspensionReason.valueOf(row.detail), row.fromTime));
        case HOLD -> holds.add(row.hold());
        case DEACTIVATION -> deactivations.add(new Deactivation(row.id, row.product, row.fromTime));
        case PACKAGE ->
            packages.add(new PrepaidPackage(row.id, row.product, row.amount, row.untilTime));
        case BILL ->
            bills.add(new Receivable(row.id, row.product, row.amount, row.fromTime, row.untilTime));
        case POLICIES -> {}
      }
    }
    return new Circumstances(restrictions, holds, deactivations, packages, bills);
  }

  private Hold hold() {
    return new Hold(
        id,
        accountId.isEmpty() ? new Hold.Cohort(product, tier, region) : null,
        fromTime,
        untilTime,
        endTime,
        amount,
        paid,
        toldTime);
  }

  /** How many versions of policies there are, by the row that says so. */
  static long policies(List<CircumstanceEntity> rows) {
    return rows.stream()
        .filter(row -> row.kind == Kind.POLICIES)
        .map(row -> row.amount.longValueExact())
        .findFirst()
        .orElse(0L);
  }
}
