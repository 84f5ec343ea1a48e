package io.arrears.api;

import static io.arrears.api.Protos.timestamp;

import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Limits;
import io.arrears.platform.Rejection;
import io.arrears.platform.Rejection.Violation;
import io.arrears.policy.AppliedPolicy;
import io.arrears.policy.PolicyException;
import io.arrears.policy.PolicyService;
import io.arrears.v1.ApplyPolicyRequest;
import io.arrears.v1.GetPolicyRequest;
import io.arrears.v1.ListPoliciesRequest;
import io.arrears.v1.ListPoliciesResponse;
import io.arrears.v1.MutinyPolicyServiceGrpc.PolicyServiceImplBase;
import io.arrears.v1.Policy;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** PolicyService: the rules of each product, versioned, never changed in place. */
@GrpcService
class PolicyGrpc extends PolicyServiceImplBase {
  private static final Duration FARTHEST = Duration.ofDays(3660);

  private final PolicyService policies;
  private final PageTokens tokens;
  private final Calls calls;
  private final Limits limits;
  private final ArrearsClock clock;

  PolicyGrpc(
      PolicyService policies, PageTokens tokens, Calls calls, Limits limits, ArrearsClock clock) {
    this.policies = policies;
    this.tokens = tokens;
    this.calls = calls;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public Uni<Policy> applyPolicy(ApplyPolicyRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.require(!request.getDocument().isEmpty(), "document", "must not be empty");
          Instant from =
              request.hasEffectiveFrom()
                  ? checks.future(
                      "effective_from", request.getEffectiveFrom(), clock.instant().plus(FARTHEST))
                  : null;
          checks.done();
          return policies
              .apply(
                  new PolicyService.Application(
                      request.getDocument(),
                      from,
                      request.getRetroactive(),
                      request.getValidateOnly(),
                      actor))
              .onFailure(PolicyException.class)
              .transform(PolicyGrpc::refused)
              .map(PolicyGrpc::policy);
        });
  }

  /** Every fault is a violation of its own. */
  private static Rejection refused(PolicyException e) {
    return Rejection.invalid(
        e.faults().stream().map(fault -> new Violation("document", fault.toString())).toList());
  }

  @Override
  public Uni<Policy> getPolicy(GetPolicyRequest request) {
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.id("product", request.getProduct());
          checks.require(request.getVersion() >= 0, "version", "must not be below zero");
          checks.done();
          return policies.get(request.getProduct(), request.getVersion()).map(PolicyGrpc::policy);
        });
  }

  @Override
  public Uni<ListPoliciesResponse> listPolicies(ListPoliciesRequest request) {
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.text("product", request.getProduct(), Checks.MAX_ID_BYTES);
          int size = checks.pageSize(request.getPageSize(), limits);
          checks.done();
          String list = "policies\n" + request.getProduct();
          List<String> after = tokens.position(list, request.getPageToken());
          return policies.versions(request.getProduct()).map(all -> page(list, all, after, size));
        });
  }

  private ListPoliciesResponse page(
      String list, List<AppliedPolicy> all, List<String> after, int size) {
    List<AppliedPolicy> rest =
        all.stream()
            .filter(
                each ->
                    after.isEmpty()
                        || each.product().compareTo(after.get(0)) > 0
                        || (each.product().equals(after.get(0))
                            && each.version() > Long.parseLong(after.get(1))))
            .toList();
    ListPoliciesResponse.Builder response = ListPoliciesResponse.newBuilder();
    rest.stream().limit(size).forEach(each -> response.addPolicies(policy(each)));
    if (rest.size() > size) {
      AppliedPolicy last = rest.get(size - 1);
      response.setNextPageToken(tokens.token(list, last.product(), last.version()));
    }
    return response.build();
  }

  private static Policy policy(AppliedPolicy applied) {
    return Policy.newBuilder()
        .setProduct(applied.product())
        .setVersion(applied.version())
        .setDocument(applied.document())
        .setEffectiveFrom(timestamp(applied.effectiveFrom()))
        .setAppliedBy(applied.appliedBy())
        .setAppliedAt(timestamp(applied.appliedAt()))
        .setRetroactive(applied.retroactive())
        .build();
  }
}
