package io.arrears.billing;

import io.arrears.lifecycle.LifecycleService;
import io.arrears.lifecycle.LifecycleService.Locked;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Rejection;
import io.arrears.policy.PolicyService;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;

/** Keeps what is left of prepaid packages; by policy one keeps a service from being overdue. */
@ApplicationScoped
public class PrepaidPackageService {

  private final LifecycleService lifecycle;
  private final PrepaidPackageRepository packages;
  private final PolicyService policies;
  private final ArrearsClock clock;

  PrepaidPackageService(
      LifecycleService lifecycle,
      PrepaidPackageRepository packages,
      PolicyService policies,
      ArrearsClock clock) {
    this.lifecycle = lifecycle;
    this.packages = packages;
    this.policies = policies;
    this.clock = clock;
  }

  /**
   * What is left of a package.
   *
   * @param expireTime null if it does not expire
   * @param reportTime when it was measured; null means now
   */
  public record Report(
      String accountId,
      String packageId,
      String product,
      BigDecimal remaining,
      String unit,
      Instant expireTime,
      Instant reportTime,
      String actor) {}

  /**
   * An older report than one taken in before changes nothing.
   *
   * @return the package as it is known
   * @throws Rejection NOT_FOUND for an unknown account or product; FAILED_PRECONDITION for a
   *     package of another product
   */
  public Uni<PrepaidPackageEntity> report(Report report) {
    if (policies.find(report.product()).isEmpty()) {
      throw Rejection.of(
          Rejection.Kind.NOT_FOUND,
          "PRODUCT_NOT_FOUND",
          "there is no policy of " + report.product());
    }
    return lifecycle.change(
        report.accountId(),
        locked ->
            packages
                .findById(new PrepaidPackageEntity.Key(report.accountId(), report.packageId()))
                .chain(before -> report(locked, before, report)));
  }

  private Uni<PrepaidPackageEntity> report(
      Locked locked, PrepaidPackageEntity before, Report report) {
    Instant now = clock.instant();
    Instant reportTime = report.reportTime() == null ? now : report.reportTime();
    if (before != null && !before.product.equals(report.product())) {
      throw Rejection.of(
          Rejection.Kind.FAILED_PRECONDITION,
          "PACKAGE_OF_OTHER_PRODUCT",
          "package " + report.packageId() + " is of " + before.product);
    }
    if (before != null && reportTime.isBefore(before.reportTime)) {
      return Uni.createFrom().item(before);
    }
    PrepaidPackageEntity entity = before == null ? new PrepaidPackageEntity() : before;
    entity.accountId = report.accountId();
    entity.packageId = report.packageId();
    entity.product = report.product();
    entity.remaining = report.remaining();
    entity.unit = report.unit();
    entity.expireTime = report.expireTime();
    entity.reportTime = reportTime;
    locked.account().prepaid(entity.prepaid(), now, report.actor());
    return before == null ? packages.persist(entity) : Uni.createFrom().item(entity);
  }
}
