package io.arrears.api;

import io.arrears.intervention.HoldService;
import io.arrears.v1.Cohort;
import io.arrears.v1.PlaceHoldRequest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/** Reads what a person asks to be held, and for how long. */
final class HoldRequests {

  private static final Duration FARTHEST = Duration.ofDays(36_600);

  private HoldRequests() {}

  /**
   * @throws io.arrears.platform.Rejection INVALID_ARGUMENT, naming every field that breaks a rule
   */
  static HoldService.Request read(PlaceHoldRequest request, String actor, Instant now) {
    Checks checks = new Checks();
    io.arrears.core.Hold.Cohort cohort = null;
    switch (request.getScopeCase()) {
      case ACCOUNT_ID -> checks.accountId("account_id", request.getAccountId());
      case COHORT -> cohort = cohort(checks, request.getCohort());
      case SCOPE_NOT_SET -> checks.violated("scope", "must be account_id or cohort");
    }
    checks.require(
        request.hasUntil(), "until", "must be set: a hold without end would never be looked at");
    Instant until =
        request.hasUntil() ? checks.future("until", request.getUntil(), now.plus(FARTHEST)) : null;
    checks.comment("reason", request.getReason());
    BigDecimal promised = null;
    if (request.hasPromisedAmount()) {
      promised = checks.money("promised_amount", request.getPromisedAmount());
      checks.require(
          promised == null || promised.signum() > 0, "promised_amount", "must be above zero");
      checks.require(cohort == null, "promised_amount", "must be unset for a cohort");
    }
    checks.id("request_id", request.getRequestId());
    checks.done();
    return new HoldService.Request(
        cohort == null ? request.getAccountId() : "",
        cohort,
        until,
        request.getReason(),
        promised,
        promised == null ? null : request.getPromisedAmount().getCurrencyCode(),
        request.getRequestId(),
        actor);
  }

  private static io.arrears.core.Hold.Cohort cohort(Checks checks, Cohort cohort) {
    checks.text("cohort.product", cohort.getProduct(), Checks.MAX_ID_BYTES);
    checks.text("cohort.tier", cohort.getTier(), Checks.MAX_ID_BYTES);
    checks.text("cohort.region", cohort.getRegion(), Checks.MAX_ID_BYTES);
    checks.require(
        !(cohort.getProduct() + cohort.getTier() + cohort.getRegion()).isEmpty(),
        "cohort",
        "must name a product, a tier or a region: no condition never means all");
    return new io.arrears.core.Hold.Cohort(
        cohort.getProduct(), cohort.getTier(), cohort.getRegion());
  }
}
