package io.arrears.intervention;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.hibernate.exception.ConstraintViolationException;

/** Requests to leave, by ticket. */
@ApplicationScoped
class DeactivationRepository implements PanacheRepositoryBase<DeactivationEntity, String> {

  /** Null if there is none. */
  @WithSession
  Uni<DeactivationEntity> get(String ticketId) {
    return findById(ticketId);
  }

  /** Whether an insert failed because somebody else's came first. */
  static boolean taken(Throwable failure) {
    return failure instanceof ConstraintViolationException;
  }

  /** Those of an account that are approved and not completed. */
  Uni<List<DeactivationEntity>> approved(String accountId) {
    return list(
        "accountId = ?1 and state = ?2 order by ticketId",
        accountId,
        DeactivationEntity.State.APPROVED);
  }
}
