package io.arrears.lifecycle;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What decides about single accounts. */
@ApplicationScoped
class CircumstanceRepository
    implements PanacheRepositoryBase<CircumstanceEntity, CircumstanceEntity.Key> {

  /** Of an account, and of all. */
  Uni<List<CircumstanceEntity>> of(String accountId) {
    return list("accountId in (?1, '')", accountId);
  }
}
