package io.arrears.intervention;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/** The restrictions of single accounts. */
@ApplicationScoped
class RestrictionRepository
    implements PanacheRepositoryBase<RestrictionEntity, RestrictionEntity.Key> {

  /** Null if the request made none. */
  Uni<RestrictionEntity> byRequest(String accountId, String requestId) {
    return find("accountId = ?1 and requestId = ?2", accountId, requestId).firstResult();
  }
}
