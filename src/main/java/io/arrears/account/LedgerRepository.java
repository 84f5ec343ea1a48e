package io.arrears.account;

import io.arrears.core.LedgerEntry;
import io.arrears.platform.AppendingRepository;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The ledger of single accounts. */
@ApplicationScoped
public class LedgerRepository
    implements AppendingRepository<LedgerEntryEntity, LedgerEntryEntity.Key> {

  /** Oldest first, after a sequence. */
  @WithSession
  public Uni<List<LedgerEntry>> page(String accountId, long after, int size) {
    return find("accountId = ?1 and sequence > ?2 order by sequence", accountId, after)
        .page(0, size)
        .list()
        .map(entities -> entities.stream().map(LedgerEntryEntity::entry).toList());
  }

  /** Appends, in order. */
  public Uni<Void> append(List<LedgerEntry> entries) {
    return append(entries.stream().map(LedgerEntryEntity::of));
  }
}
