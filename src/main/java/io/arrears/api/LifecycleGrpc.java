package io.arrears.api;

import io.arrears.account.AccountService;
import io.arrears.core.Transition;
import io.arrears.intervention.DeactivationService;
import io.arrears.intervention.HoldService;
import io.arrears.intervention.ReceiptService;
import io.arrears.intervention.RestrictionService;
import io.arrears.intervention.StartService;
import io.arrears.lifecycle.HoldEntity;
import io.arrears.lifecycle.LifecycleService;
import io.arrears.lifecycle.TransitionRepository;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Limits;
import io.arrears.v1.AccountStatus;
import io.arrears.v1.ApproveDeactivationRequest;
import io.arrears.v1.CancelDeactivationRequest;
import io.arrears.v1.ConfirmNotificationReceiptRequest;
import io.arrears.v1.Deactivation;
import io.arrears.v1.GetDeactivationRequest;
import io.arrears.v1.Hold;
import io.arrears.v1.LiftRestrictionRequest;
import io.arrears.v1.ListHoldsRequest;
import io.arrears.v1.ListHoldsResponse;
import io.arrears.v1.ListTransitionsRequest;
import io.arrears.v1.ListTransitionsResponse;
import io.arrears.v1.MutinyLifecycleServiceGrpc.LifecycleServiceImplBase;
import io.arrears.v1.PlaceHoldRequest;
import io.arrears.v1.ReleaseHoldRequest;
import io.arrears.v1.ReopenServiceRequest;
import io.arrears.v1.RequestDeactivationRequest;
import io.arrears.v1.RestrictAccountRequest;
import io.arrears.v1.Restriction;
import io.arrears.v1.StartServiceRequest;
import io.arrears.v1.SuspensionReason;
import io.arrears.v1.VerifyTransitionsRequest;
import io.arrears.v1.VerifyTransitionsResponse;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** LifecycleService: what people decide about accounts, and what became of them. */
@GrpcService
class LifecycleGrpc extends LifecycleServiceImplBase {

  private static final Map<SuspensionReason, io.arrears.core.SuspensionReason> RESTRICTIONS =
      Map.of(
          SuspensionReason.SUSPENSION_REASON_VIOLATION,
          io.arrears.core.SuspensionReason.VIOLATION,
          SuspensionReason.SUSPENSION_REASON_LEGAL,
          io.arrears.core.SuspensionReason.LEGAL,
          SuspensionReason.SUSPENSION_REASON_MANUAL,
          io.arrears.core.SuspensionReason.MANUAL);

  private final ReceiptService receipts;
  private final RestrictionService restrictions;
  private final DeactivationService deactivations;
  private final HoldService holds;
  private final StartService starts;
  private final LifecycleService lifecycle;
  private final AccountService accounts;
  private final TransitionRepository transitions;
  private final StatusMapper mapper;
  private final PageTokens tokens;
  private final Calls calls;
  private final Limits limits;
  private final ArrearsClock clock;

  LifecycleGrpc(
      ReceiptService receipts,
      RestrictionService restrictions,
      DeactivationService deactivations,
      HoldService holds,
      StartService starts,
      LifecycleService lifecycle,
      AccountService accounts,
      TransitionRepository transitions,
      StatusMapper mapper,
      PageTokens tokens,
      Calls calls,
      Limits limits,
      ArrearsClock clock) {
    this.receipts = receipts;
    this.restrictions = restrictions;
    this.deactivations = deactivations;
    this.holds = holds;
    this.starts = starts;
    this.lifecycle = lifecycle;
    this.accounts = accounts;
    this.transitions = transitions;
    this.mapper = mapper;
    this.tokens = tokens;
    this.calls = calls;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public Uni<AccountStatus> confirmNotificationReceipt(ConfirmNotificationReceiptRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.accountId("account_id", request.getAccountId());
          checks.require(request.getEpisode() > 0, "episode", "must be above zero");
          Instant at =
              request.hasReceivedAt()
                  ? checks.time("received_at", request.getReceivedAt(), clock.instant())
                  : null;
          checks.done();
          return receipts
              .confirm(request.getAccountId(), request.getEpisode(), at, actor)
              .map(mapper::status);
        });
  }

  @Override
  public Uni<Restriction> restrictAccount(RestrictAccountRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.accountId("account_id", request.getAccountId());
          checks.text("product", request.getProduct(), Checks.MAX_ID_BYTES);
          checks.require(
              RESTRICTIONS.containsKey(request.getReason()),
              "reason",
              "must be VIOLATION, LEGAL or MANUAL");
          checks.comment("comment", request.getComment());
          checks.id("request_id", request.getRequestId());
          checks.done();
          return restrictions
              .restrict(
                  new RestrictionService.Request(
                      request.getAccountId(),
                      request.getProduct(),
                      RESTRICTIONS.get(request.getReason()),
                      request.getComment(),
                      request.getRequestId(),
                      actor))
              .map(InterventionMapper::restriction);
        });
  }

  @Override
  public Uni<Restriction> liftRestriction(LiftRestrictionRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.longId("restriction_id", request.getRestrictionId());
          checks.comment("comment", request.getComment());
          checks.done();
          return restrictions
              .lift(request.getRestrictionId(), request.getComment(), actor)
              .map(InterventionMapper::restriction);
        });
  }

  @Override
  public Uni<Deactivation> requestDeactivation(RequestDeactivationRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.accountId("account_id", request.getAccountId());
          checks.text("product", request.getProduct(), Checks.MAX_ID_BYTES);
          checks.id("ticket_id", request.getTicketId());
          checks.comment("reason", request.getReason());
          checks.done();
          return deactivations
              .request(
                  new DeactivationService.Request(
                      request.getAccountId(),
                      request.getProduct(),
                      request.getTicketId(),
                      request.getReason(),
                      actor))
              .map(InterventionMapper::deactivation);
        });
  }

  @Override
  public Uni<Deactivation> approveDeactivation(ApproveDeactivationRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () ->
            deactivations
                .approve(ticket(request.getTicketId()), actor)
                .map(InterventionMapper::deactivation));
  }

  @Override
  public Uni<Deactivation> cancelDeactivation(CancelDeactivationRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.id("ticket_id", request.getTicketId());
          checks.comment("reason", request.getReason());
          checks.done();
          return deactivations
              .cancel(request.getTicketId(), request.getReason(), actor)
              .map(InterventionMapper::deactivation);
        });
  }

  @Override
  public Uni<Deactivation> getDeactivation(GetDeactivationRequest request) {
    return calls.answer(
        () ->
            deactivations.get(ticket(request.getTicketId())).map(InterventionMapper::deactivation));
  }

  private static String ticket(String ticketId) {
    Checks checks = new Checks();
    checks.id("ticket_id", ticketId);
    checks.done();
    return ticketId;
  }

  @Override
  public Uni<Hold> placeHold(PlaceHoldRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () ->
            holds
                .place(HoldRequests.read(request, actor, clock.instant()))
                .map(entity -> InterventionMapper.hold(entity, clock.instant())));
  }

  @Override
  public Uni<Hold> releaseHold(ReleaseHoldRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.longId("hold_id", request.getHoldId());
          checks.comment("reason", request.getReason());
          checks.done();
          return holds
              .release(request.getHoldId(), request.getReason(), actor)
              .map(entity -> InterventionMapper.hold(entity, clock.instant()));
        });
  }

  @Override
  public Uni<ListHoldsResponse> listHolds(ListHoldsRequest request) {
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          if (!request.getAccountId().isEmpty()) {
            checks.accountId("account_id", request.getAccountId());
          }
          int size = checks.pageSize(request.getPageSize(), limits);
          checks.done();
          String list = "holds\n" + request.getAccountId();
          List<String> at = tokens.position(list, request.getPageToken());
          HoldService.Position after =
              at.isEmpty() ? null : new HoldService.Position(Instant.parse(at.get(0)), at.get(1));
          return holds
              .list(request.getAccountId(), after, size + 1)
              .map(page -> holds(list, page, size));
        });
  }

  private ListHoldsResponse holds(String list, List<HoldEntity> page, int size) {
    ListHoldsResponse.Builder response = ListHoldsResponse.newBuilder();
    page.stream()
        .limit(size)
        .forEach(each -> response.addHolds(InterventionMapper.hold(each, clock.instant())));
    if (page.size() > size) {
      HoldEntity last = page.get(size - 1);
      response.setNextPageToken(tokens.token(list, last.placeTime, last.holdId));
    }
    return response.build();
  }

  @Override
  public Uni<AccountStatus> startService(StartServiceRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.accountId("account_id", request.getAccountId());
          checks.id("product", request.getProduct());
          checks.text("ticket_id", request.getTicketId(), Checks.MAX_ID_BYTES);
          checks.done();
          return starts
              .start(request.getAccountId(), request.getProduct(), request.getTicketId(), actor)
              .map(mapper::status);
        });
  }

  @Override
  public Uni<AccountStatus> reopenService(ReopenServiceRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.accountId("account_id", request.getAccountId());
          checks.id("product", request.getProduct());
          checks.comment("reason", request.getReason());
          checks.id("request_id", request.getRequestId());
          checks.done();
          return starts
              .reopen(
                  request.getAccountId(),
                  request.getProduct(),
                  request.getReason(),
                  request.getRequestId(),
                  actor)
              .map(mapper::status);
        });
  }

  @Override
  public Uni<ListTransitionsResponse> listTransitions(ListTransitionsRequest request) {
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.accountId("account_id", request.getAccountId());
          int size = checks.pageSize(request.getPageSize(), limits);
          checks.done();
          String list = "transitions\n" + request.getAccountId();
          List<String> position = tokens.position(list, request.getPageToken());
          long after = position.isEmpty() ? 0 : Long.parseLong(position.get(0));
          return accounts
              .get(request.getAccountId())
              .chain(() -> transitions.page(request.getAccountId(), after, size + 1))
              .map(page -> transitions(list, page, size));
        });
  }

  private ListTransitionsResponse transitions(String list, List<Transition> page, int size) {
    ListTransitionsResponse.Builder response = ListTransitionsResponse.newBuilder();
    page.stream().limit(size).forEach(t -> response.addTransitions(Protos.transition(t)));
    if (page.size() > size) {
      response.setNextPageToken(tokens.token(list, page.get(size - 1).sequence()));
    }
    return response.build();
  }

  @Override
  public Uni<VerifyTransitionsResponse> verifyTransitions(VerifyTransitionsRequest request) {
    return calls.unbounded(
        () -> {
          Checks checks = new Checks();
          checks.accountId("account_id", request.getAccountId());
          checks.done();
          return lifecycle
              .verify(request.getAccountId())
              .map(
                  verification ->
                      VerifyTransitionsResponse.newBuilder()
                          .setIntact(verification.intact())
                          .setVerified(verification.verified())
                          .setFirstBrokenSequence(verification.firstBrokenSequence())
                          .build());
        });
  }
}
