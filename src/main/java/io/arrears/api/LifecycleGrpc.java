package io.arrears.api;

import io.arrears.account.AccountService;
import io.arrears.core.Transition;
import io.arrears.intervention.ReceiptService;
import io.arrears.lifecycle.LifecycleService;
import io.arrears.lifecycle.TransitionRepository;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Limits;
import io.arrears.v1.AccountStatus;
import io.arrears.v1.ConfirmNotificationReceiptRequest;
import io.arrears.v1.ListTransitionsRequest;
import io.arrears.v1.ListTransitionsResponse;
import io.arrears.v1.MutinyLifecycleServiceGrpc.LifecycleServiceImplBase;
import io.arrears.v1.VerifyTransitionsRequest;
import io.arrears.v1.VerifyTransitionsResponse;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;

/** LifecycleService: what people decide about accounts, and what became of them. */
@GrpcService
class LifecycleGrpc extends LifecycleServiceImplBase {

  private final ReceiptService receipts;
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
      LifecycleService lifecycle,
      AccountService accounts,
      TransitionRepository transitions,
      StatusMapper mapper,
      PageTokens tokens,
      Calls calls,
      Limits limits,
      ArrearsClock clock) {
    this.receipts = receipts;
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
