package io.arrears.api;

import io.arrears.enforcement.Drift;
import io.arrears.enforcement.EnforcementService;
import io.arrears.enforcement.EnforcementService.Position;
import io.arrears.intervention.ReportService;
import io.arrears.platform.Feed;
import io.arrears.platform.Limits;
import io.arrears.v1.Access;
import io.arrears.v1.DesiredFeature;
import io.arrears.v1.DesiredState;
import io.arrears.v1.Effect;
import io.arrears.v1.EnforcementServiceGrpc;
import io.arrears.v1.ListDriftRequest;
import io.arrears.v1.ListDriftResponse;
import io.arrears.v1.MutinyEnforcementServiceGrpc.EnforcementServiceImplBase;
import io.arrears.v1.ReportObservedStateRequest;
import io.arrears.v1.ReportObservedStateResponse;
import io.arrears.v1.WatchDesiredStatesRequest;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.util.HashSet;
import java.util.List;

/** EnforcementService: what products are told, what they have done, and what they have not. */
@GrpcService
class EnforcementGrpc extends EnforcementServiceImplBase {

  private static final int MAX_CATEGORIES = 1000;
  private static final int MAX_ERROR_BYTES = 4096;

  private final ReportService reports;
  private final EnforcementService enforcement;
  private final Watches watches;
  private final PageTokens tokens;
  private final Limits limits;
  private final Calls calls;

  EnforcementGrpc(
      ReportService reports,
      EnforcementService enforcement,
      Watches watches,
      PageTokens tokens,
      Limits limits,
      Calls calls) {
    this.reports = reports;
    this.enforcement = enforcement;
    this.watches = watches;
    this.tokens = tokens;
    this.limits = limits;
    this.calls = calls;
  }

  /** With the watch bound to the plain observer; {@link Watches} says why. */
  @Override
  public ServerServiceDefinition bindService() {
    return Bindings.streaming(
        super.bindService(),
        EnforcementServiceGrpc.getWatchDesiredStatesMethod(),
        this::watchDesiredStates);
  }

  private void watchDesiredStates(
      WatchDesiredStatesRequest request, StreamObserver<DesiredState> responses) {
    watches.answer(
        responses,
        new Watches.Form<io.arrears.enforcement.DesiredState, DesiredState>(
            list(request.getProduct()),
            (desired, token) -> desired(desired).setResumeToken(token).build(),
            null),
        receiver -> {
          Checks checks = new Checks();
          checks.id("product", request.getProduct());
          checks.done();
          Feed.Cursor from =
              watches.cursor(
                  list(request.getProduct()), request.getResumeToken(), Feed.Cursor.BACKLOG);
          return enforcement.watch(request.getProduct(), from, receiver);
        });
  }

  private static String list(String product) {
    return "desired/" + product;
  }

  private static DesiredState.Builder desired(io.arrears.enforcement.DesiredState told) {
    DesiredState.Builder state =
        DesiredState.newBuilder()
            .setAccountId(told.accountId())
            .setProduct(told.product())
            .setGeneration(told.generation())
            .setAccess(Access.valueOf("ACCESS_" + told.desired().access().name()))
            .addAllClearCategories(told.desired().clear())
            .setDecidedAt(Protos.timestamp(told.at()))
            .setRule(told.by());
    told.desired()
        .features()
        .forEach(
            (feature, effect) ->
                state.addFeatures(
                    DesiredFeature.newBuilder()
                        .setFeature(feature)
                        .setEffect(Effect.valueOf("EFFECT_" + effect.name()))));
    return state;
  }

  @Override
  public Uni<ListDriftResponse> listDrift(ListDriftRequest request) {
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          if (!request.getProduct().isEmpty()) {
            checks.id("product", request.getProduct());
          }
          int size = checks.pageSize(request.getPageSize(), limits);
          checks.done();
          String list = "drift/" + request.getProduct();
          List<String> at = tokens.position(list, request.getPageToken());
          Position after = at.isEmpty() ? Position.FIRST : new Position(at.get(0), at.get(1));
          return enforcement
              .drifts(request.getProduct(), after, size + 1)
              .map(found -> drifts(list, found, size));
        });
  }

  private ListDriftResponse drifts(String list, List<Drift> found, int size) {
    ListDriftResponse.Builder page = ListDriftResponse.newBuilder();
    found.stream().limit(size).map(EnforcementGrpc::drift).forEach(page::addDrifts);
    if (found.size() > size) {
      io.arrears.enforcement.DesiredState last = found.get(size - 1).desired();
      page.setNextPageToken(tokens.token(list, last.product(), last.accountId()));
    }
    return page.build();
  }

  private static ListDriftResponse.Drift drift(Drift drift) {
    return ListDriftResponse.Drift.newBuilder()
        .setDesired(desired(drift.desired()))
        .setObservedGeneration(drift.observedGeneration())
        .setSince(Protos.timestamp(drift.since()))
        .setLastError(drift.lastError())
        .setAttempts(drift.attempts())
        .build();
  }

  @Override
  public Uni<ReportObservedStateResponse> reportObservedState(ReportObservedStateRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.accountId("account_id", request.getAccountId());
          checks.id("product", request.getProduct());
          checks.require(request.getGeneration() > 0, "generation", "must be above zero");
          List<String> categories = request.getClearedCategoriesList();
          checks.require(
              categories.size() <= MAX_CATEGORIES,
              "cleared_categories",
              "must be at most " + MAX_CATEGORIES);
          checks.require(
              new HashSet<>(categories).size() == categories.size(),
              "cleared_categories",
              "must not name one twice");
          checks.text("error", request.getError(), MAX_ERROR_BYTES);
          checks.done();
          return reports
              .report(
                  new ReportService.Report(
                      request.getAccountId(),
                      request.getProduct(),
                      request.getGeneration(),
                      categories,
                      request.getError(),
                      actor))
              .map(
                  service ->
                      ReportObservedStateResponse.newBuilder()
                          .setDesiredGeneration(service.generation())
                          .build());
        });
  }
}
