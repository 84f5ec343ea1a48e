package io.arrears.lifecycle;

import io.arrears.core.BilledChange;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** From when to when not everything is billed, of single accounts. */
@ApplicationScoped
class UnbilledSpanRepository
    implements PanacheRepositoryBase<UnbilledSpanEntity, UnbilledSpanEntity.Key> {

  /** A service may be suspended, or reach a stage, twice at one instant: the last one counts. */
  private static final String BEGIN =
      """
      insert into unbilled_span (account_id, product, since, billed)
      values (:account, :product, :at, :billed)
      on conflict (account_id, product, since) do update
        set until_time = null, billed = excluded.billed
      """;

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
    if (change.billed().all()) {
      return Uni.createFrom().voidItem();
    }
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(BEGIN)
                    .setParameter("account", change.accountId())
                    .setParameter("product", change.product())
                    .setParameter("at", change.at())
                    .setParameter("billed", UnbilledSpanEntity.likes(change.billed()))
                    .executeUpdate())
        .replaceWithVoid();
  }
}
