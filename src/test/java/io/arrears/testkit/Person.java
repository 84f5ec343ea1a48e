package io.arrears.testkit;

import io.arrears.v1.AccountStatus;
import io.arrears.v1.ApplyPolicyRequest;
import io.arrears.v1.ApproveDeactivationRequest;
import io.arrears.v1.CancelDeactivationRequest;
import io.arrears.v1.Cohort;
import io.arrears.v1.Deactivation;
import io.arrears.v1.EnforcementServiceGrpc;
import io.arrears.v1.EnforcementServiceGrpc.EnforcementServiceBlockingStub;
import io.arrears.v1.Hold;
import io.arrears.v1.LifecycleServiceGrpc;
import io.arrears.v1.LifecycleServiceGrpc.LifecycleServiceBlockingStub;
import io.arrears.v1.LiftRestrictionRequest;
import io.arrears.v1.PlaceHoldRequest;
import io.arrears.v1.Policy;
import io.arrears.v1.PolicyServiceGrpc;
import io.arrears.v1.PolicyServiceGrpc.PolicyServiceBlockingStub;
import io.arrears.v1.ReleaseHoldRequest;
import io.arrears.v1.ReopenServiceRequest;
import io.arrears.v1.ReportObservedStateRequest;
import io.arrears.v1.ReportObservedStateResponse;
import io.arrears.v1.RequestDeactivationRequest;
import io.arrears.v1.RestrictAccountRequest;
import io.arrears.v1.Restriction;
import io.arrears.v1.StartServiceRequest;
import io.arrears.v1.SuspensionReason;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Somebody who calls under a name of his own, with the words that tests speak in. */
public final class Person {

  private static final Metadata.Key<String> ACTOR =
      Metadata.Key.of("arrears-actor", Metadata.ASCII_STRING_MARSHALLER);

  public final String name;
  public final LifecycleServiceBlockingStub lifecycle;
  public final PolicyServiceBlockingStub policies;
  public final EnforcementServiceBlockingStub enforcement;

  Person(ManagedChannel channel, String name) {
    Metadata headers = new Metadata();
    headers.put(ACTOR, name);
    ClientInterceptor named = MetadataUtils.newAttachHeadersInterceptor(headers);
    this.name = name;
    this.lifecycle = LifecycleServiceGrpc.newBlockingStub(channel).withInterceptors(named);
    this.policies = PolicyServiceGrpc.newBlockingStub(channel).withInterceptors(named);
    this.enforcement = EnforcementServiceGrpc.newBlockingStub(channel).withInterceptors(named);
  }

  private static String id() {
    return UUID.randomUUID().toString();
  }

  // Restrictions

  /**
   * @param product empty for all
   * @param reason without its prefix, for example {@code LEGAL}
   */
  public static RestrictAccountRequest.Builder restriction(
      String account, String product, String reason) {
    return RestrictAccountRequest.newBuilder()
        .setAccountId(account)
        .setProduct(product)
        .setReason(SuspensionReason.valueOf("SUSPENSION_REASON_" + reason))
        .setComment("case 4711")
        .setRequestId(id());
  }

  public Restriction restrict(String account, String product, String reason) {
    return lifecycle.restrictAccount(restriction(account, product, reason).build());
  }

  public Restriction lift(Restriction restriction) {
    return lift(restriction.getRestrictionId());
  }

  public Restriction lift(String restrictionId) {
    return lifecycle.liftRestriction(
        LiftRestrictionRequest.newBuilder()
            .setRestrictionId(restrictionId)
            .setComment("settled")
            .build());
  }

  // Holds

  public static PlaceHoldRequest.Builder holding(String account, Instant until) {
    return PlaceHoldRequest.newBuilder()
        .setAccountId(account)
        .setUntil(Client.timestamp(until))
        .setReason("a dispute")
        .setRequestId(id());
  }

  public static PlaceHoldRequest.Builder holding(Cohort.Builder cohort, Instant until) {
    return holding("", until).setCohort(cohort);
  }

  public Hold hold(String account, Instant until) {
    return lifecycle.placeHold(holding(account, until).build());
  }

  public Hold hold(Cohort.Builder cohort, Instant until) {
    return lifecycle.placeHold(holding(cohort, until).build());
  }

  /** Takes a customer's word for an amount in USD. */
  public Hold promise(String account, String amount, Instant until) {
    return lifecycle.placeHold(
        holding(account, until).setPromisedAmount(Client.usd(amount)).build());
  }

  public Hold release(Hold hold) {
    return release(hold.getHoldId());
  }

  public Hold release(String holdId) {
    return lifecycle.releaseHold(
        ReleaseHoldRequest.newBuilder().setHoldId(holdId).setReason("settled").build());
  }

  // Leaving

  public static RequestDeactivationRequest.Builder leaving(String account, String product) {
    return RequestDeactivationRequest.newBuilder()
        .setAccountId(account)
        .setProduct(product)
        .setTicketId("T-" + id())
        .setReason("the customer leaves");
  }

  /**
   * @param product empty for the whole account
   */
  public Deactivation request(String account, String product) {
    return lifecycle.requestDeactivation(leaving(account, product).build());
  }

  public Deactivation approve(Deactivation ticket) {
    return lifecycle.approveDeactivation(
        ApproveDeactivationRequest.newBuilder().setTicketId(ticket.getTicketId()).build());
  }

  public Deactivation cancel(Deactivation ticket) {
    return lifecycle.cancelDeactivation(
        CancelDeactivationRequest.newBuilder()
            .setTicketId(ticket.getTicketId())
            .setReason("the customer stays")
            .build());
  }

  // Starting

  public AccountStatus start(String account, String product) {
    return start(account, product, "");
  }

  public AccountStatus start(String account, String product, String ticket) {
    return lifecycle.startService(
        StartServiceRequest.newBuilder()
            .setAccountId(account)
            .setProduct(product)
            .setTicketId(ticket)
            .build());
  }

  public static ReopenServiceRequest.Builder reopening(String account, String product) {
    return ReopenServiceRequest.newBuilder()
        .setAccountId(account)
        .setProduct(product)
        .setReason("the customer is back")
        .setRequestId(id());
  }

  public AccountStatus reopen(String account, String product) {
    return lifecycle.reopenService(reopening(account, product).build());
  }

  // Products' clouds

  public static ReportObservedStateRequest.Builder report(
      String account, String product, long generation, String... erased) {
    return ReportObservedStateRequest.newBuilder()
        .setAccountId(account)
        .setProduct(product)
        .setGeneration(generation)
        .addAllClearedCategories(List.of(erased));
  }

  /** Says that a product has reached a generation, and what it has erased. */
  public ReportObservedStateResponse observed(
      String account, String product, long generation, String... erased) {
    return enforcement.reportObservedState(report(account, product, generation, erased).build());
  }

  // Policies

  /** Applies a document from now on. */
  public Policy apply(String document) {
    return policies.applyPolicy(ApplyPolicyRequest.newBuilder().setDocument(document).build());
  }

  public Policy apply(String document, Instant from, boolean retroactive) {
    return policies.applyPolicy(
        ApplyPolicyRequest.newBuilder()
            .setDocument(document)
            .setEffectiveFrom(Client.timestamp(from))
            .setRetroactive(retroactive)
            .build());
  }
}
