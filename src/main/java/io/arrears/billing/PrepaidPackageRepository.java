package io.arrears.billing;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;

/** The packages of single accounts. */
@ApplicationScoped
class PrepaidPackageRepository
    implements PanacheRepositoryBase<PrepaidPackageEntity, PrepaidPackageEntity.Key> {}
