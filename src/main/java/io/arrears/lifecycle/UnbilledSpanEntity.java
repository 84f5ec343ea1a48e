package io.arrears.lifecycle;

import io.arrears.core.Suspension.Billed;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.stream.Collectors;

/** A row of {@code unbilled_span}: while it lasts, only some usage of a service is billed. */
@Entity
@Table(name = "unbilled_span")
@IdClass(UnbilledSpanEntity.Key.class)
public class UnbilledSpanEntity {

  /** The service and the beginning. */
  public record Key(String accountId, String product, Instant since) implements Serializable {}

  @Id
  @Column(name = "account_id")
  public String accountId;

  @Id public String product;
  @Id public Instant since;

  @Column(name = "until_time")
  public Instant untilTime;

  public String billed;

  /** One pattern of SQL's {@code like} a line. */
  static String likes(Billed billed) {
    return billed.skus().stream()
        .map(
            sku ->
                sku.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace('*', '%'))
        .collect(Collectors.joining("\n"));
  }
}
