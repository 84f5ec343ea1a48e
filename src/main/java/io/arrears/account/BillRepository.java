package io.arrears.account;

import io.arrears.core.BillingCycle;
import io.arrears.core.Receivable;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The bills of single accounts, and what is unpaid of them. */
@ApplicationScoped
public class BillRepository implements PanacheRepositoryBase<BillEntity, BillEntity.Key> {

  /** A place in an account's list of bills, newest first. */
  public record Position(
      Instant generatedAt,
      java.time.LocalDate periodStart,
      String product,
      BillingCycle cycle,
      int supplement) {}

  @WithSession
  public Uni<BillEntity> get(BillEntity.Key key) {
    return findById(key);
  }

  /**
   * Newest first, after a position.
   *
   * @param product empty means all
   * @param after null means from the newest on
   */
  @WithSession
  public Uni<List<BillEntity>> page(String accountId, String product, Position after, int size) {
    StringBuilder where = new StringBuilder("accountId = :account");
    Map<String, Object> parameters = new HashMap<>(Map.of("account", accountId));
    if (!product.isEmpty()) {
      where.append(" and product = :product");
      parameters.put("product", product);
    }
    if (after != null) {
      where.append(
          " and (generatedAt < :at or generatedAt = :at and (periodStart < :start"
              + " or periodStart = :start and (product > :p or product = :p and (cycle > :cycle"
              + " or cycle = :cycle and supplement > :supplement))))");
      parameters.put("at", after.generatedAt());
      parameters.put("start", after.periodStart());
      parameters.put("p", after.product());
      parameters.put("cycle", after.cycle());
      parameters.put("supplement", after.supplement());
    }
    where.append(" order by generatedAt desc, periodStart desc, product, cycle, supplement");
    return find(where.toString(), parameters).page(0, size).list();
  }

  /** Stores what is unpaid now. */
  public Uni<Void> cover(List<Receivable> covered) {
    Uni<Void> all = Uni.createFrom().voidItem();
    for (Receivable bill : covered) {
      all =
          all.chain(() -> findById(BillEntity.Key.of(bill.billId())))
              .invoke(entity -> entity.unpaid = bill.unpaid())
              .replaceWithVoid();
    }
    return all;
  }
}
