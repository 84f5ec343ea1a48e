package io.arrears.lifecycle;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The services of single accounts. */
@ApplicationScoped
public class ServiceRepository implements PanacheRepositoryBase<ServiceEntity, ServiceEntity.Key> {

  Uni<List<ServiceEntity>> of(String accountId) {
    return list("accountId", accountId);
  }
}
