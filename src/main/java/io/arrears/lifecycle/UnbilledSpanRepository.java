package io.arrears.lifecycle;

import io.arrears.core.BilledChange;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** From when to when not everything is billed, of single accounts. */
@ApplicationScoped
class UnbilledSpanRepository
    implements PanacheRepositoryBase<UnbilledSpanEntity, UnbilledSpanEntity.Key> {

  /** Each change ends the span that runs, and begins another unless all is billed again. */
  Uni<Void> record(List<BilledChange> changes) {
    Uni<Void> all = Uni.createFrom().voidItem();
    for (BilledChange change : changes) {
      all =
          all.chain(
              () ->
                  update(
                          "untilTime = ?1 where accountId = ?2 and product = ?3"
                              + " and untilTime is null",
                          change.at(),
                          change.accountId(),
                          change.product())
                      .chain(() -> begin(change)));
    }
    return all;
  }

  private Uni<Void> begin(BilledChange change) {
    return change.billed().all()
        ? Uni.createFrom().voidItem()
        : persistAndFlush(UnbilledSpanEntity.of(change)).replaceWithVoid();
  }
}
