package io.arrears.lifecycle;

import io.arrears.core.Hold;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.util.List;
import org.hibernate.exception.ConstraintViolationException;

/** The holds of single accounts, and of cohorts. */
@ApplicationScoped
public class HoldRepository implements PanacheRepositoryBase<HoldEntity, HoldEntity.Key> {

  /** Null if the request made none. */
  public Uni<HoldEntity> byRequest(String accountId, String requestId) {
    return find("accountId = ?1 and requestId = ?2", accountId, requestId).firstResult();
  }

  /** Whether an insert failed because somebody else's came first. */
  public static boolean taken(Throwable failure) {
    return failure instanceof ConstraintViolationException;
  }

  /** Locked, so that two operators at once take turns; null if there is none. */
  public Uni<HoldEntity> lock(HoldEntity.Key key) {
    return findById(key, LockModeType.PESSIMISTIC_WRITE);
  }

  /** Stores what payments or time have changed. */
  Uni<Void> update(String accountId, List<Hold> changed) {
    Uni<Void> all = Uni.createFrom().voidItem();
    for (Hold hold : changed) {
      all =
          all.chain(() -> findById(new HoldEntity.Key(accountId, hold.holdId())))
              .onItem()
              .ifNotNull()
              .invoke(
                  row -> {
                    row.endTime = hold.endedAt();
                    row.paid = hold.paid();
                    row.brokenTime = hold.brokenAt();
                  })
              .replaceWithVoid();
    }
    return all;
  }
}
