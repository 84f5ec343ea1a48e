package io.arrears.intervention;

import io.arrears.core.SuspensionReason;
import io.arrears.lifecycle.LifecycleService;
import io.arrears.lifecycle.LifecycleService.Locked;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Digest;
import io.arrears.platform.Rejection;
import io.arrears.policy.PolicyService;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** Suspends for reasons that money does not lift, and lifts them again (S9). */
@ApplicationScoped
public class RestrictionService {

  private final LifecycleService lifecycle;
  private final RestrictionRepository restrictions;
  private final PolicyService policies;
  private final ArrearsClock clock;

  RestrictionService(
      LifecycleService lifecycle,
      RestrictionRepository restrictions,
      PolicyService policies,
      ArrearsClock clock) {
    this.lifecycle = lifecycle;
    this.restrictions = restrictions;
    this.policies = policies;
    this.clock = clock;
  }

  /**
   * What to restrict.
   *
   * @param product empty for every product of the account, present and future
   * @param reason VIOLATION, LEGAL or MANUAL
   */
  public record Request(
      String accountId,
      String product,
      SuspensionReason reason,
      String comment,
      String requestId,
      String actor) {

    byte[] digest() {
      return Digest.of(product, reason, comment);
    }
  }

  /**
   * Restricts once; the same request again returns the first answer.
   *
   * @throws Rejection NOT_FOUND if there is no such account, or no rules of such a product
   */
  public Uni<RestrictionEntity> restrict(Request request) {
    if (!request.product().isEmpty()) {
      refuseUnknown(request.product());
    }
    return lifecycle.change(
        request.accountId(),
        locked ->
            restrictions
                .byRequest(request.accountId(), request.requestId())
                .chain(before -> before == null ? place(locked, request) : again(before, request)));
  }

  private void refuseUnknown(String product) {
    if (policies.find(product).isEmpty()) {
      throw Rejection.of(
          Rejection.Kind.NOT_FOUND, "PRODUCT_NOT_FOUND", "there is no policy of " + product);
    }
  }

  private static Uni<RestrictionEntity> again(RestrictionEntity before, Request request) {
    Ids.refuseReuse(request.requestId(), before.requestDigest, request.digest());
    return Uni.createFrom().item(before);
  }

  private Uni<RestrictionEntity> place(Locked locked, Request request) {
    Instant now = clock.instant();
    RestrictionEntity entity = new RestrictionEntity();
    entity.accountId = request.accountId();
    entity.restrictionId = Ids.next(request.accountId());
    entity.requestId = request.requestId();
    entity.requestDigest = request.digest();
    entity.product = request.product();
    entity.reason = request.reason();
    entity.comment = request.comment();
    entity.placedBy = request.actor();
    entity.placeTime = now;
    locked.account().restrict(entity.restriction(), now, request.actor());
    return restrictions.persist(entity);
  }

  /**
   * Lifts a restriction; a service resumes when no reason is left. Lifting it again changes
   * nothing.
   *
   * @throws Rejection FAILED_PRECONDITION for a violation, which nobody lifts
   */
  public Uni<RestrictionEntity> lift(String restrictionId, String comment, String actor) {
    String accountId = Ids.account("restriction", restrictionId);
    return lifecycle.change(
        accountId,
        locked ->
            restrictions
                .findById(new RestrictionEntity.Key(accountId, restrictionId))
                .onItem()
                .ifNull()
                .failWith(() -> Ids.notFound("restriction", restrictionId))
                .invoke(entity -> lift(locked, entity, comment, actor)));
  }

  private void lift(Locked locked, RestrictionEntity entity, String comment, String actor) {
    if (entity.reason == SuspensionReason.VIOLATION) {
      throw Rejection.of(
          Rejection.Kind.FAILED_PRECONDITION,
          "BANNED",
          "a violation is never lifted: an account that broke the terms cannot be recovered");
    }
    if (entity.liftTime == null) {
      Instant now = clock.instant();
      entity.liftTime = now;
      entity.liftedBy = actor;
      entity.liftComment = comment;
      locked.account().lift(entity.restrictionId, now, actor);
    }
  }
}
