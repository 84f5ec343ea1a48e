package io.arrears.intervention;

import io.arrears.core.Hold;
import io.arrears.lifecycle.HoldEntity;
import io.arrears.lifecycle.HoldRepository;
import io.arrears.lifecycle.LifecycleService;
import io.arrears.lifecycle.LifecycleService.Locked;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Digest;
import io.arrears.platform.Limits;
import io.arrears.platform.Rejection;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * Stops the timers of an account, or of a cohort, for a while: a dispute, a promise to pay, an
 * incident. They go on with the time that was left.
 */
@ApplicationScoped
public class HoldService {

  private final LifecycleService lifecycle;
  private final HoldRepository holds;
  private final CohortRepository cohorts;
  private final ArrearsClock clock;
  private final Limits limits;

  HoldService(
      LifecycleService lifecycle,
      HoldRepository holds,
      CohortRepository cohorts,
      ArrearsClock clock,
      Limits limits) {
    this.lifecycle = lifecycle;
    this.holds = holds;
    this.cohorts = cohorts;
    this.clock = clock;
    this.limits = limits;
  }

  /**
   * What to hold.
   *
   * @param accountId empty for a cohort
   * @param cohort null for an account
   * @param promised null for no promise
   * @param currencyCode of the promise; null for none
   */
  public record Request(
      String accountId,
      Hold.Cohort cohort,
      Instant until,
      String reason,
      BigDecimal promised,
      String currencyCode,
      String requestId,
      String actor) {

    byte[] digest() {
      return Digest.of(
          cohort,
          until,
          reason,
          promised == null ? null : promised.stripTrailingZeros(),
          currencyCode);
    }
  }

  /**
   * Places a hold once; the same request again returns the first answer.
   *
   * @throws Rejection INVALID_ARGUMENT for a hold that ends in the past or too far ahead
   */
  public Uni<HoldEntity> place(Request request) {
    return request.cohort() == null
        ? lifecycle.change(
            request.accountId(),
            locked -> before(request).onItem().ifNull().switchTo(() -> placeOn(locked, request)))
        : Panache.withTransaction(
                () ->
                    before(request)
                        .onItem()
                        .ifNull()
                        .switchTo(
                            () ->
                                holds
                                    .persistAndFlush(entity(request))
                                    .call(entity -> cohorts.wake(entity.hold(), clock.instant()))))
            .onFailure(HoldRepository::taken)
            .retry()
            .atMost(1);
  }

  private Uni<HoldEntity> before(Request request) {
    return holds
        .byRequest(request.accountId(), request.requestId())
        .onItem()
        .ifNotNull()
        .invoke(
            entity -> Ids.refuseReuse(request.requestId(), entity.requestDigest, request.digest()));
  }

  private Uni<HoldEntity> placeOn(Locked locked, Request request) {
    String currency = locked.row().currency;
    if (request.promised() != null && !currency.equals(request.currencyCode())) {
      throw Rejection.invalid(
          "promised_amount.currency_code", "must be the account's, which is " + currency);
    }
    HoldEntity entity = entity(request);
    locked.account().hold(entity.hold(), entity.placeTime, request.actor());
    return holds.persist(entity);
  }

  private HoldEntity entity(Request request) {
    Instant now = clock.instant();
    if (!request.until().isAfter(now)) {
      throw Rejection.invalid("until", "must be in the future; now is " + now);
    }
    if (request.until().isAfter(now.plus(limits.hold()))) {
      throw Rejection.invalid(
          "until", "must be at most " + limits.hold().toDays() + " days ahead; now is " + now);
    }
    HoldEntity entity = new HoldEntity();
    entity.accountId = request.accountId();
    entity.holdId = Ids.next(request.accountId());
    entity.requestId = request.requestId();
    entity.requestDigest = request.digest();
    if (request.cohort() != null) {
      entity.product = request.cohort().product();
      entity.tier = request.cohort().tier();
      entity.region = request.cohort().region();
    }
    entity.placeTime = now;
    entity.untilTime = request.until();
    entity.reason = request.reason();
    entity.promised = request.promised();
    entity.currency = request.currencyCode();
    entity.placedBy = request.actor();
    return entity;
  }

  /**
   * Ends a hold before its time.
   *
   * @throws Rejection FAILED_PRECONDITION if it has ended already
   */
  public Uni<HoldEntity> release(String holdId, String reason, String actor) {
    String accountId = Ids.account("hold", holdId);
    HoldEntity.Key key = new HoldEntity.Key(accountId, holdId);
    return accountId.isEmpty()
        ? Panache.withTransaction(
            () ->
                find(key)
                    .invoke(entity -> release(entity, reason, actor))
                    .call(entity -> cohorts.wake(entity.hold(), clock.instant())))
        : lifecycle.change(
            accountId,
            locked ->
                find(key)
                    .invoke(
                        entity -> {
                          release(entity, reason, actor);
                          locked.account().release(holdId, entity.endTime, actor);
                        }));
  }

  private Uni<HoldEntity> find(HoldEntity.Key key) {
    return holds.lock(key).onItem().ifNull().failWith(() -> Ids.notFound("hold", key.holdId()));
  }

  private void release(HoldEntity entity, String reason, String actor) {
    Instant now = clock.instant();
    if (entity.releasedBy != null) {
      throw ended(entity, "was released by " + entity.releasedBy);
    }
    if (!entity.hold().runsAt(now)) {
      throw ended(entity, "ended at " + entity.hold().endsAt());
    }
    entity.endTime = now;
    entity.releasedBy = actor;
    entity.releaseReason = reason;
  }

  private static Rejection ended(HoldEntity entity, String how) {
    return Rejection.of(
        Rejection.Kind.FAILED_PRECONDITION, "HOLD_ENDED", "hold " + entity.holdId + " " + how);
  }

  /** A place in a list of holds, newest first. */
  public record Position(Instant placeTime, String holdId) {}

  /**
   * Newest first.
   *
   * @param accountId its own and those of its cohorts; empty for all
   * @throws Rejection NOT_FOUND if there is no such account
   */
  public Uni<List<HoldEntity>> list(String accountId, Position after, int size) {
    return accountId.isEmpty()
        ? cohorts.all(after, size)
        : cohorts.concerning(accountId, after, size);
  }
}
