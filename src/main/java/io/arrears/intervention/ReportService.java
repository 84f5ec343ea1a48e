package io.arrears.intervention;

import io.arrears.core.Account;
import io.arrears.core.Service;
import io.arrears.lifecycle.LifecycleService;
import io.arrears.lifecycle.LifecycleService.Locked;
import io.arrears.lifecycle.ServiceEntity;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Rejection;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Takes in what products have done. */
@ApplicationScoped
public class ReportService {

  private final LifecycleService lifecycle;
  private final DeactivationService deactivations;
  private final ArrearsClock clock;

  ReportService(LifecycleService lifecycle, DeactivationService deactivations, ArrearsClock clock) {
    this.lifecycle = lifecycle;
    this.deactivations = deactivations;
    this.clock = clock;
  }

  /**
   * What a product reports.
   *
   * @param generation that it has reached
   * @param clearedCategories that are now erased
   * @param error why it could not do what it was told; empty if it could
   */
  public record Report(
      String accountId,
      String product,
      long generation,
      List<String> clearedCategories,
      String error,
      String actor) {}

  /**
   * An older generation than one reported before is ignored.
   *
   * @return the service as it stands with it
   * @throws Rejection NOT_FOUND; INVALID_ARGUMENT for a generation that was never told, or a
   *     category that the product's policy does not know
   */
  public Uni<Service> report(Report report) {
    return lifecycle.change(
        report.accountId(),
        locked -> {
          ServiceEntity row = locked.service(report.product());
          Account account = locked.account();
          Service before = account.services().get(report.product());
          refuse(report, before, account);
          if (report.generation() < before.observedGeneration()) {
            return Uni.createFrom().item(before);
          }
          boolean failed = !report.error().isEmpty();
          row.lastError = report.error();
          account.report(
              report.product(),
              failed ? before.observedGeneration() : report.generation(),
              report.clearedCategories(),
              clock.instant(),
              report.actor());
          return complete(locked, account, report.product());
        });
  }

  private Uni<Service> complete(Locked locked, Account account, String product) {
    Service after = account.services().get(product);
    return account.transitions().isEmpty()
        ? Uni.createFrom().item(after)
        : deactivations.complete(locked).replaceWith(after);
  }

  private void refuse(Report report, Service service, Account account) {
    if (report.generation() > service.generation()) {
      throw Rejection.invalid(
          "generation", "must not be above what was told, which is " + service.generation());
    }
    Instant now = clock.instant();
    List<String> known = account.policy(report.product(), now).clearing().categories();
    for (int i = 0; i < report.clearedCategories().size(); i++) {
      if (!known.contains(report.clearedCategories().get(i))) {
        throw Rejection.invalid(
            "cleared_categories[" + i + "]", "must be one of the policy's: " + known);
      }
    }
  }
}
