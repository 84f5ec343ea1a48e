package io.arrears.api;

import static io.arrears.api.Protos.money;
import static io.arrears.api.Protos.timestamp;

import io.arrears.account.AccountEntity;
import io.arrears.account.AccountService;
import io.arrears.account.LedgerRepository;
import io.arrears.core.LedgerEntry;
import io.arrears.core.Money;
import io.arrears.core.ServiceState;
import io.arrears.intervention.TermsService;
import io.arrears.notification.WebhookKeys;
import io.arrears.payment.PaymentService;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Limits;
import io.arrears.status.StatusService;
import io.arrears.v1.Account;
import io.arrears.v1.AccountServiceGrpc;
import io.arrears.v1.AccountStatus;
import io.arrears.v1.AdjustBalanceRequest;
import io.arrears.v1.BatchGetAccountStatusRequest;
import io.arrears.v1.BatchGetAccountStatusResponse;
import io.arrears.v1.Contact;
import io.arrears.v1.CreateAccountRequest;
import io.arrears.v1.GetAccountRequest;
import io.arrears.v1.GetAccountStatusRequest;
import io.arrears.v1.GetWebhookSecretsRequest;
import io.arrears.v1.ListAccountsRequest;
import io.arrears.v1.ListAccountsResponse;
import io.arrears.v1.ListLedgerEntriesRequest;
import io.arrears.v1.ListLedgerEntriesResponse;
import io.arrears.v1.MutinyAccountServiceGrpc.AccountServiceImplBase;
import io.arrears.v1.RecordPaymentRequest;
import io.arrears.v1.RecordPaymentResponse;
import io.arrears.v1.UpdateAccountRequest;
import io.arrears.v1.WebhookSecrets;
import io.grpc.ServerServiceDefinition;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Currency;
import java.util.List;

/** AccountService: accounts, their money, and where they stand. */
@GrpcService
class AccountGrpc extends AccountServiceImplBase {

  private static final int MAX_REASON_BYTES = 1024;

  private final AccountService accounts;
  private final TermsService terms;
  private final PaymentService payments;
  private final WebhookKeys webhooks;
  private final LedgerRepository ledger;
  private final StatusService statuses;
  private final StatusMapper mapper;
  private final AccountEvents events;
  private final PageTokens tokens;
  private final Calls calls;
  private final Limits limits;
  private final ArrearsClock clock;

  AccountGrpc(
      AccountService accounts,
      TermsService terms,
      PaymentService payments,
      WebhookKeys webhooks,
      LedgerRepository ledger,
      StatusService statuses,
      StatusMapper mapper,
      AccountEvents events,
      PageTokens tokens,
      Calls calls,
      Limits limits,
      ArrearsClock clock) {
    this.accounts = accounts;
    this.terms = terms;
    this.payments = payments;
    this.webhooks = webhooks;
    this.ledger = ledger;
    this.statuses = statuses;
    this.mapper = mapper;
    this.events = events;
    this.tokens = tokens;
    this.calls = calls;
    this.limits = limits;
    this.clock = clock;
  }

  /** With the watch bound to the plain observer; {@link Watches} says why. */
  @Override
  public ServerServiceDefinition bindService() {
    return Bindings.streaming(
        super.bindService(), AccountServiceGrpc.getWatchAccountStatusMethod(), events::watch);
  }

  @Override
  public Uni<Account> createAccount(CreateAccountRequest request) {
    return calls.answer(
        () -> accounts.create(AccountTerms.of(request.getAccount())).map(AccountGrpc::account));
  }

  @Override
  public Uni<Account> getAccount(GetAccountRequest request) {
    return calls.answer(
        () -> {
          checkAccountId(request.getAccountId());
          return accounts.get(request.getAccountId()).map(AccountGrpc::account);
        });
  }

  @Override
  public Uni<Account> updateAccount(UpdateAccountRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () -> {
          String accountId = request.getAccount().getAccountId();
          checkAccountId(accountId);
          return accounts
              .get(accountId)
              .chain(
                  found ->
                      terms.update(
                          accountId,
                          AccountTerms.change(request, Currency.getInstance(found.currency)),
                          actor))
              .map(AccountGrpc::account);
        });
  }

  @Override
  public Uni<WebhookSecrets> getWebhookSecrets(GetWebhookSecretsRequest request) {
    return calls.answer(
        () -> {
          checkAccountId(request.getAccountId());
          return accounts
              .get(request.getAccountId())
              .map(
                  found ->
                      WebhookSecrets.newBuilder()
                          .addAllSecrets(webhooks.secrets(found.accountId))
                          .build());
        });
  }

  private static void checkAccountId(String accountId) {
    Checks checks = new Checks();
    checks.accountId("account_id", accountId);
    checks.done();
  }

  private static Account account(AccountEntity row) {
    return Account.newBuilder()
        .setAccountId(row.accountId)
        .setCurrencyCode(row.currency)
        .setCreditLimit(money(row.creditLimit, row.currency))
        .setTier(row.tier)
        .setLocale(row.locale)
        .setContact(Contact.newBuilder().setEmail(row.email).setWebhookUrl(row.webhookUrl))
        .setCreateTime(timestamp(row.createTime))
        .setUpdateTime(timestamp(row.updateTime))
        .setRegion(row.region)
        .setTimeZone(row.timeZone)
        .setFrozen(money(row.frozen, row.currency))
        .build();
  }

  @Override
  public Uni<ListAccountsResponse> listAccounts(ListAccountsRequest request) {
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          int size = checks.pageSize(request.getPageSize(), limits);
          checks.text("product", request.getProduct(), Checks.MAX_ID_BYTES);
          List<ServiceState> states =
              request.getStatesList().stream()
                  .distinct()
                  .map(state -> state(state, checks))
                  .toList();
          checks.done();
          StatusService.Filter filter =
              new StatusService.Filter(states, request.getProduct(), request.getOverdueOnly());
          String list = "accounts\n" + filter;
          List<String> position = tokens.position(list, request.getPageToken());
          return statuses
              .list(filter, position.isEmpty() ? "" : position.get(0), size + 1)
              .map(page -> accounts(list, page, size));
        });
  }

  private static ServiceState state(io.arrears.v1.ServiceState state, Checks checks) {
    return switch (state) {
      case SERVICE_STATE_UNSPECIFIED, UNRECOGNIZED -> {
        checks.violated("states", "must be states of a service");
        yield ServiceState.ACTIVE;
      }
      default -> ServiceState.valueOf(state.name().substring("SERVICE_STATE_".length()));
    };
  }

  private ListAccountsResponse accounts(String list, List<io.arrears.core.Account> page, int size) {
    ListAccountsResponse.Builder response = ListAccountsResponse.newBuilder();
    page.stream().limit(size).forEach(each -> response.addAccounts(mapper.status(each)));
    if (page.size() > size) {
      response.setNextPageToken(tokens.token(list, page.get(size - 1).accountId()));
    }
    return response.build();
  }

  @Override
  public Uni<AccountStatus> getAccountStatus(GetAccountStatusRequest request) {
    return calls.answer(
        () -> {
          checkAccountId(request.getAccountId());
          Uni<io.arrears.core.Account> account = statuses.get(request.getAccountId());
          return request.getWithUnbilled()
              ? account.chain(this::withUnbilled)
              : account.map(mapper::status);
        });
  }

  private Uni<AccountStatus> withUnbilled(io.arrears.core.Account account) {
    return statuses
        .unbilled(account.accountId())
        .map(
            exact ->
                mapper.status(account).toBuilder()
                    .setUnbilled(unbilled(exact, account.currency()))
                    .build());
  }

  /**
   * To the nine decimals that the wire's money has: it is no bill, so it is not rounded like one.
   */
  private static com.google.type.Money unbilled(BigDecimal exact, Currency currency) {
    return money(exact.setScale(9, RoundingMode.HALF_UP), currency);
  }

  @Override
  public Uni<BatchGetAccountStatusResponse> batchGetAccountStatus(
      BatchGetAccountStatusRequest request) {
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.require(request.getAccountIdsCount() > 0, "account_ids", "must not be empty");
          checks.require(
              request.getAccountIdsCount() <= limits.accountsPerBatch(),
              "account_ids",
              "must be at most " + limits.accountsPerBatch());
          for (int i = 0; i < request.getAccountIdsCount() && checks.passed(); i++) {
            checks.accountId("account_ids[" + i + "]", request.getAccountIds(i));
          }
          checks.done();
          return statuses
              .getAll(request.getAccountIdsList())
              .map(
                  found -> {
                    BatchGetAccountStatusResponse.Builder response =
                        BatchGetAccountStatusResponse.newBuilder();
                    for (String id : request.getAccountIdsList()) {
                      io.arrears.core.Account account = found.get(id);
                      if (account == null) {
                        response.addUnknownAccountIds(id);
                      } else {
                        response.addAccounts(mapper.status(account));
                      }
                    }
                    return response.build();
                  });
        });
  }

  @Override
  public Uni<RecordPaymentResponse> recordPayment(RecordPaymentRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () ->
            payments
                .pay(payment(request, actor))
                .map(
                    posted ->
                        RecordPaymentResponse.newBuilder()
                            .setEntry(
                                Protos.ledgerEntry(posted.entry(), posted.account().currency()))
                            .setStatus(mapper.status(posted.account()))
                            .build()));
  }

  private PaymentService.Payment payment(RecordPaymentRequest request, String actor) {
    Checks checks = new Checks();
    checks.accountId("account_id", request.getAccountId());
    checks.id("payment_id", request.getPaymentId());
    BigDecimal amount = checks.money("amount", request.getAmount());
    checks.require(amount == null || amount.signum() > 0, "amount", "must be above zero");
    Instant paidAt =
        request.hasPaidAt() ? checks.time("paid_at", request.getPaidAt(), clock.instant()) : null;
    checks.require(
        request.getBillIdsCount() <= limits.pageSize(),
        "bill_ids",
        "must be at most " + limits.pageSize());
    for (int i = 0; i < request.getBillIdsCount() && checks.passed(); i++) {
      checks.billId("bill_ids[" + i + "]", request.getBillIds(i));
    }
    checks.require(
        request.getBillIdsList().stream().distinct().count() == request.getBillIdsCount(),
        "bill_ids",
        "must not name a bill twice");
    checks.done();
    return new PaymentService.Payment(
        request.getAccountId(),
        amount,
        request.getAmount().getCurrencyCode(),
        request.getPaymentId(),
        paidAt,
        request.getBillIdsList(),
        actor);
  }

  @Override
  public Uni<io.arrears.v1.LedgerEntry> adjustBalance(AdjustBalanceRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () ->
            payments
                .adjust(adjustment(request, actor))
                .map(posted -> Protos.ledgerEntry(posted.entry(), posted.account().currency())));
  }

  private static PaymentService.Adjustment adjustment(AdjustBalanceRequest request, String actor) {
    Checks checks = new Checks();
    checks.accountId("account_id", request.getAccountId());
    checks.id("adjustment_id", request.getAdjustmentId());
    BigDecimal amount = checks.money("amount", request.getAmount());
    checks.require(amount == null || amount.signum() != 0, "amount", "must not be zero");
    checks.require(!request.getReason().isBlank(), "reason", "must not be empty");
    checks.text("reason", request.getReason(), MAX_REASON_BYTES);
    if (!request.getBillId().isEmpty()) {
      checks.billId("bill_id", request.getBillId());
    }
    checks.done();
    return new PaymentService.Adjustment(
        request.getAccountId(),
        amount,
        request.getAmount().getCurrencyCode(),
        request.getAdjustmentId(),
        request.getReason(),
        request.getBillId(),
        actor);
  }

  @Override
  public Uni<ListLedgerEntriesResponse> listLedgerEntries(ListLedgerEntriesRequest request) {
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.accountId("account_id", request.getAccountId());
          int size = checks.pageSize(request.getPageSize(), limits);
          checks.done();
          String list = "ledger\n" + request.getAccountId();
          List<String> position = tokens.position(list, request.getPageToken());
          long after = position.isEmpty() ? 0 : Long.parseLong(position.get(0));
          return accounts
              .get(request.getAccountId())
              .chain(
                  account ->
                      ledger
                          .page(request.getAccountId(), after, size + 1)
                          .map(
                              page ->
                                  entries(
                                      list,
                                      page,
                                      size,
                                      Money.currency(account.currency).orElseThrow())));
        });
  }

  private ListLedgerEntriesResponse entries(
      String list, List<LedgerEntry> page, int size, Currency currency) {
    ListLedgerEntriesResponse.Builder response = ListLedgerEntriesResponse.newBuilder();
    page.stream()
        .limit(size)
        .forEach(entry -> response.addEntries(Protos.ledgerEntry(entry, currency)));
    if (page.size() > size) {
      response.setNextPageToken(tokens.token(list, page.get(size - 1).sequence()));
    }
    return response.build();
  }
}
