package io.arrears.lifecycle;

import io.arrears.core.Access;
import io.arrears.core.Service;
import io.arrears.core.ServiceState;
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

  @Enumerated(EnumType.STRING)
  public Access access;

  public long generation;

  @Column(name = "observed_generation")
  public long observedGeneration;

  Service service() {
    return new Service(
        product, state, stateSince, openedAt, access, generation, observedGeneration);
  }

  void apply(Service service) {
    state = service.state();
    stateSince = service.stateSince();
    access = service.access();
    generation = service.generation();
  }
}
