package io.arrears.account;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;

/** Single accounts. */
@ApplicationScoped
public class AccountRepository implements PanacheRepositoryBase<AccountEntity, String> {

  /** The account under its row lock, which orders all that changes it; null if there is none. */
  public Uni<AccountEntity> lock(String accountId) {
    return findById(accountId, LockModeType.PESSIMISTIC_WRITE);
  }
}
