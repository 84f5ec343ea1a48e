package io.arrears.intervention;

import io.arrears.platform.Rejection;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** Which commands were carried out; under the account's row lock. */
@ApplicationScoped
class CommandRepository implements PanacheRepositoryBase<CommandEntity, CommandEntity.Key> {

  /**
   * Whether this is the first time; it is remembered with what follows.
   *
   * @throws Rejection ALREADY_EXISTS for the same id with other content
   */
  Uni<Boolean> once(String accountId, String requestId, byte[] digest, Instant now) {
    return findById(new CommandEntity.Key(accountId, requestId))
        .chain(
            before -> {
              if (before != null) {
                Ids.refuseReuse(requestId, before.requestDigest, digest);
                return Uni.createFrom().item(false);
              }
              CommandEntity command = new CommandEntity();
              command.accountId = accountId;
              command.requestId = requestId;
              command.requestDigest = digest;
              command.at = now;
              return persist(command).replaceWith(true);
            });
  }
}
