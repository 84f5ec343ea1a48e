package io.arrears.api;

import static io.arrears.api.Protos.timestamp;

import com.google.protobuf.ByteString;
import io.arrears.intervention.DeactivationEntity;
import io.arrears.intervention.RestrictionEntity;
import io.arrears.lifecycle.HoldEntity;
import io.arrears.v1.Cohort;
import io.arrears.v1.Deactivation;
import io.arrears.v1.Hold;
import io.arrears.v1.Restriction;
import io.arrears.v1.SuspensionReason;
import java.time.Instant;

/** What people have decided, as callers see it. */
final class InterventionMapper {

  private InterventionMapper() {}

  static Restriction restriction(RestrictionEntity entity) {
    Restriction.Builder restriction =
        Restriction.newBuilder()
            .setRestrictionId(entity.restrictionId)
            .setAccountId(entity.accountId)
            .setProduct(entity.product)
            .setReason(SuspensionReason.valueOf("SUSPENSION_REASON_" + entity.reason.name()))
            .setComment(entity.comment)
            .setPlacedBy(entity.placedBy)
            .setPlaceTime(timestamp(entity.placeTime));
    if (entity.liftTime != null) {
      restriction.setLiftTime(timestamp(entity.liftTime));
    }
    return restriction.build();
  }

  static Deactivation deactivation(DeactivationEntity entity) {
    Deactivation.Builder deactivation =
        Deactivation.newBuilder()
            .setTicketId(entity.ticketId)
            .setAccountId(entity.accountId)
            .setProduct(entity.product)
            .setState(Deactivation.State.valueOf("STATE_" + entity.state.name()))
            .setRequestedBy(entity.requestedBy)
            .setRequestTime(timestamp(entity.requestTime));
    if (entity.approvedBy != null) {
      deactivation.setApprovedBy(entity.approvedBy);
    }
    if (entity.completeTime != null) {
      deactivation.setCompleteTime(timestamp(entity.completeTime));
      deactivation.setCertificate(ByteString.copyFrom(entity.certificate));
    }
    return deactivation.build();
  }

  static Hold hold(HoldEntity entity, Instant now) {
    Hold.Builder hold =
        Hold.newBuilder()
            .setHoldId(entity.holdId)
            .setUntil(timestamp(entity.untilTime))
            .setReason(entity.reason)
            .setPlacedBy(entity.placedBy)
            .setPlaceTime(timestamp(entity.placeTime))
            .setState(Hold.State.valueOf("STATE_" + entity.state(now).name()));
    if (entity.accountId.isEmpty()) {
      hold.setCohort(
          Cohort.newBuilder()
              .setProduct(entity.product)
              .setTier(entity.tier)
              .setRegion(entity.region));
    } else {
      hold.setAccountId(entity.accountId);
    }
    if (entity.promised != null) {
      hold.setPromisedAmount(Protos.money(entity.promised, entity.currency));
    }
    return hold.build();
  }
}
