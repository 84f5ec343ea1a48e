package io.arrears.api;

import io.arrears.intervention.ReportService;
import io.arrears.v1.MutinyEnforcementServiceGrpc.EnforcementServiceImplBase;
import io.arrears.v1.ReportObservedStateRequest;
import io.arrears.v1.ReportObservedStateResponse;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.util.HashSet;
import java.util.List;

/** EnforcementService: what products have done. */
@GrpcService
class EnforcementGrpc extends EnforcementServiceImplBase {

  private static final int MAX_CATEGORIES = 1000;
  private static final int MAX_ERROR_BYTES = 4096;

  private final ReportService reports;
  private final Calls calls;

  EnforcementGrpc(ReportService reports, Calls calls) {
    this.reports = reports;
    this.calls = calls;
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
