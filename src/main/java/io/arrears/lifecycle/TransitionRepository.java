package io.arrears.lifecycle;

import io.arrears.core.Transition;
import io.arrears.platform.AppendingRepository;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The transitions of single accounts. */
@ApplicationScoped
public class TransitionRepository
    implements AppendingRepository<TransitionEntity, TransitionEntity.Key> {

  /** Oldest first, after a sequence. */
  @WithSession
  public Uni<List<Transition>> page(String accountId, long after, int size) {
    return find("accountId = ?1 and sequence > ?2 order by sequence", accountId, after)
        .page(0, size)
        .list()
        .map(entities -> entities.stream().map(TransitionEntity::transition).toList());
  }

  Uni<Void> append(List<Transition> transitions) {
    return append(transitions.stream().map(TransitionEntity::of));
  }
}
