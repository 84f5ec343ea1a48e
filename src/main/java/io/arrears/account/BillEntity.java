package io.arrears.account;

import io.arrears.core.BillingCycle;
import io.arrears.core.Receivable;
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
import java.time.LocalDate;

/** A row of {@code bill}. Only {@code unpaid} ever changes. */
@Entity
@Table(name = "bill")
@IdClass(BillEntity.Key.class)
public class BillEntity {

  /** What one bill is about; its id says the same. */
  public record Key(
      String accountId, String product, BillingCycle cycle, LocalDate periodStart, int supplement)
      implements Serializable {

    /** The bill's id: every part of the key, so that it can be found without an index of ids. */
    public String billId() {
      return String.join(
          "~",
          accountId,
          product,
          cycle == BillingCycle.DAILY ? "d" : "m",
          periodStart.toString(),
          String.valueOf(supplement));
    }

    /** Of an id; null if it is none. */
    public static Key of(String billId) {
      String[] parts = billId.split("~", -1);
      if (parts.length != 5
          || !parts[2].matches("[dm]")
          || !parts[3].matches("\\d{4}-\\d{2}-\\d{2}")
          || !parts[4].matches("\\d{1,6}")) {
        return null;
      }
      try {
        return new Key(
            parts[0],
            parts[1],
            parts[2].equals("d") ? BillingCycle.DAILY : BillingCycle.MONTHLY,
            LocalDate.parse(parts[3]),
            Integer.parseInt(parts[4]));
      } catch (java.time.DateTimeException e) {
        return null;
      }
    }
  }

  @Id
  @Column(name = "account_id")
  public String accountId;

  @Id public String product;

  @Id
  @Enumerated(EnumType.STRING)
  public BillingCycle cycle;

  @Id
  @Column(name = "period_start")
  public LocalDate periodStart;

  @Id public int supplement;

  @Column(name = "period_end")
  public LocalDate periodEnd;

  public long epoch;
  public BigDecimal amount;

  @Column(name = "exact_amount")
  public BigDecimal exactAmount;

  @Column(name = "item_count")
  public long itemCount;

  @Column(name = "late_item_count")
  public long lateItemCount;

  @Column(name = "generated_at")
  public Instant generatedAt;

  public BigDecimal unpaid;

  /** Null where the policy gives no time to pay. */
  @Column(name = "due_at")
  public Instant dueAt;

  /** What is still to be paid of it. */
  public Receivable receivable() {
    return new Receivable(key().billId(), product, unpaid, generatedAt, dueAt);
  }

  public Key key() {
    return new Key(accountId, product, cycle, periodStart, supplement);
  }
}
