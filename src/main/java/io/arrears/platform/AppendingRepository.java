package io.arrears.platform;

import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import java.util.stream.Stream;

/** A repository of rows that are only ever inserted, possibly none at a time. */
public interface AppendingRepository<E, I> extends PanacheRepositoryBase<E, I> {

  /** Inserts, in order, in the transaction that is open. */
  default Uni<Void> append(Stream<E> entities) {
    Object[] rows = entities.toArray();
    return getSession().chain(session -> session.persistAll(rows));
  }
}
