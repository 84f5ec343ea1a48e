package io.arrears.api;

import static io.arrears.api.Protos.timestamp;

import io.arrears.account.AccountService;
import io.arrears.account.BillEntity;
import io.arrears.account.BillRepository;
import io.arrears.billing.BillingItemSql;
import io.arrears.billing.BillingItemSql.Listed;
import io.arrears.billing.BillingItemSql.Position;
import io.arrears.billing.IngestionService;
import io.arrears.billing.Item;
import io.arrears.billing.Outcome;
import io.arrears.billing.PrepaidPackageEntity;
import io.arrears.billing.PrepaidPackageService;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Limits;
import io.arrears.platform.Rejection;
import io.arrears.v1.Bill;
import io.arrears.v1.GetBillRequest;
import io.arrears.v1.IngestBillingItemsRequest;
import io.arrears.v1.IngestBillingItemsResponse;
import io.arrears.v1.ItemRejection;
import io.arrears.v1.ListBillingItemsRequest;
import io.arrears.v1.ListBillingItemsResponse;
import io.arrears.v1.ListBillsRequest;
import io.arrears.v1.ListBillsResponse;
import io.arrears.v1.MutinyBillingServiceGrpc.BillingServiceImplBase;
import io.arrears.v1.PrepaidPackage;
import io.arrears.v1.ReportPrepaidPackageRequest;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** BillingService: usage in, bills out. */
@GrpcService
class BillingGrpc extends BillingServiceImplBase {

  private static final Duration LONGEST_PACKAGE = Duration.ofDays(36_600);

  private final IngestionService ingestion;
  private final PrepaidPackageService packages;
  private final AccountService accounts;
  private final BillRepository bills;
  private final BillingItemSql items;
  private final PageTokens tokens;
  private final Calls calls;
  private final Limits limits;
  private final ArrearsClock clock;

  BillingGrpc(
      IngestionService ingestion,
      PrepaidPackageService packages,
      AccountService accounts,
      BillRepository bills,
      BillingItemSql items,
      PageTokens tokens,
      Calls calls,
      Limits limits,
      ArrearsClock clock) {
    this.ingestion = ingestion;
    this.packages = packages;
    this.accounts = accounts;
    this.bills = bills;
    this.items = items;
    this.tokens = tokens;
    this.calls = calls;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public Uni<IngestBillingItemsResponse> ingestBillingItems(IngestBillingItemsRequest request) {
    return calls.answer(() -> ingest(request));
  }

  /** Several batches at a time, answered in order; flow control holds the sender back. */
  @Override
  public Multi<IngestBillingItemsResponse> streamBillingItems(
      Multi<IngestBillingItemsRequest> requests) {
    return requests
        .map(this::ingestBillingItems)
        .emitOn(Runnable::run, limits.batchesInFlight())
        .onItem()
        .transformToUniAndConcatenate(answer -> answer);
  }

  private Uni<IngestBillingItemsResponse> ingest(IngestBillingItemsRequest request) {
    Checks whole = new Checks();
    whole.require(request.getItemsCount() > 0, "items", "must not be empty");
    whole.require(
        request.getItemsCount() <= limits.itemsPerBatch(),
        "items",
        "must be at most " + limits.itemsPerBatch());
    whole.text("request_id", request.getRequestId(), Checks.MAX_ID_BYTES);
    whole.done();
    Instant now = clock.instant();
    Outcome[] outcomes = new Outcome[request.getItemsCount()];
    List<Item> good = new ArrayList<>(outcomes.length);
    for (int i = 0; i < outcomes.length; i++) {
      Checks checks = new Checks();
      Item item = ItemMapper.item(request.getItems(i), now, checks);
      if (item == null) {
        outcomes[i] = new Outcome(Outcome.Kind.INVALID, checks.summary());
      } else {
        good.add(item);
      }
    }
    ingestion.countInvalid(outcomes.length - good.size());
    return ingestion.ingest(good).map(judged -> response(request, outcomes, judged));
  }

  /**
   * @param outcomes of the items that are wrong in themselves, at their places
   * @param judged of the others, in order
   */
  private static IngestBillingItemsResponse response(
      IngestBillingItemsRequest request, Outcome[] outcomes, List<Outcome> judged) {
    IngestBillingItemsResponse.Builder response =
        IngestBillingItemsResponse.newBuilder().setRequestId(request.getRequestId());
    int accepted = 0;
    int duplicates = 0;
    Iterator<Outcome> others = judged.iterator();
    for (int i = 0; i < outcomes.length; i++) {
      Outcome outcome = outcomes[i] == null ? others.next() : outcomes[i];
      switch (outcome.kind()) {
        case ACCEPTED -> accepted++;
        case DUPLICATE -> duplicates++;
        default ->
            response.addRejections(
                ItemRejection.newBuilder()
                    .setIndex(i)
                    .setItemId(request.getItems(i).getItemId())
                    .setReason(ItemRejection.Reason.valueOf("REASON_" + outcome.kind().name()))
                    .setMessage(outcome.message()));
      }
    }
    return response.setAccepted(accepted).setDuplicates(duplicates).build();
  }

  @Override
  public Uni<Bill> getBill(GetBillRequest request) {
    return calls.answer(
        () ->
            find(request.getBillId())
                .chain(
                    bill ->
                        accounts.get(bill.accountId).map(account -> bill(bill, account.currency))));
  }

  private Uni<BillEntity> find(String billId) {
    Checks checks = new Checks();
    checks.billId("bill_id", billId);
    checks.done();
    BillEntity.Key key = BillEntity.Key.of(billId);
    return (key == null ? Uni.createFrom().<BillEntity>nullItem() : bills.get(key))
        .onItem()
        .ifNull()
        .failWith(
            () ->
                Rejection.of(
                    Rejection.Kind.NOT_FOUND, "BILL_NOT_FOUND", "there is no bill " + billId));
  }

  @Override
  public Uni<ListBillsResponse> listBills(ListBillsRequest request) {
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.accountId("account_id", request.getAccountId());
          checks.text("product", request.getProduct(), Checks.MAX_ID_BYTES);
          int size = checks.pageSize(request.getPageSize(), limits);
          checks.done();
          String list = "bills\n" + request.getAccountId() + "\n" + request.getProduct();
          BillRepository.Position after = after(tokens.position(list, request.getPageToken()));
          return accounts
              .get(request.getAccountId())
              .chain(
                  account ->
                      bills
                          .page(request.getAccountId(), request.getProduct(), after, size + 1)
                          .map(page -> bills(list, page, size, account.currency)));
        });
  }

  private static BillRepository.Position after(List<String> position) {
    return position.isEmpty()
        ? null
        : new BillRepository.Position(
            Instant.parse(position.get(0)),
            LocalDate.parse(position.get(1)),
            position.get(2),
            io.arrears.core.BillingCycle.valueOf(position.get(3)),
            Integer.parseInt(position.get(4)));
  }

  private ListBillsResponse bills(
      String list, List<BillEntity> page, int size, String currencyCode) {
    ListBillsResponse.Builder response = ListBillsResponse.newBuilder();
    page.stream().limit(size).forEach(bill -> response.addBills(bill(bill, currencyCode)));
    if (page.size() > size) {
      BillEntity last = page.get(size - 1);
      response.setNextPageToken(
          tokens.token(
              list, last.generatedAt, last.periodStart, last.product, last.cycle, last.supplement));
    }
    return response.build();
  }

  @Override
  public Uni<ListBillingItemsResponse> listBillingItems(ListBillingItemsRequest request) {
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          int size = checks.pageSize(request.getPageSize(), limits);
          return switch (request.getOfCase()) {
            case BILL_ID -> {
              checks.done();
              String list = "items of bill\n" + request.getBillId();
              Position after = itemsAfter(list, request.getPageToken());
              yield find(request.getBillId())
                  .chain(bill -> items.ofBill(bill, after, size + 1).call(() -> allKept(bill)))
                  .map(page -> items(list, page, size));
            }
            case UNBILLED_ACCOUNT_ID -> {
              String accountId =
                  checks.accountId("unbilled_account_id", request.getUnbilledAccountId());
              checks.done();
              String list = "unbilled items\n" + accountId;
              Position after = itemsAfter(list, request.getPageToken());
              yield accounts
                  .get(accountId)
                  .chain(() -> items.unbilled(accountId, after, size + 1))
                  .map(page -> items(list, page, size));
            }
            case OF_NOT_SET ->
                throw Rejection.invalid("of", "must be bill_id or unbilled_account_id");
          };
        });
  }

  /** An empty list would say that there was nothing. */
  private Uni<Void> allKept(BillEntity bill) {
    return items
        .droppedFrom(bill)
        .invoke(
            through -> {
              if (through != null) {
                throw Rejection.of(
                    Rejection.Kind.FAILED_PRECONDITION,
                    "ITEMS_NOT_KEPT",
                    "the items of bill %s are no longer kept: days up to %s have been dropped"
                        .formatted(bill.key().billId(), through));
              }
            })
        .replaceWithVoid();
  }

  private Position itemsAfter(String list, String token) {
    List<String> position = tokens.position(list, token);
    return position.isEmpty()
        ? Position.START
        : new Position(LocalDate.parse(position.get(0)), position.get(1), position.get(2));
  }

  private ListBillingItemsResponse items(String list, List<Listed> page, int size) {
    ListBillingItemsResponse.Builder response = ListBillingItemsResponse.newBuilder();
    page.stream().limit(size).forEach(l -> response.addItems(ItemMapper.item(l.item())));
    if (page.size() > size) {
      Position last = page.get(size - 1).position();
      response.setNextPageToken(tokens.token(list, last.usageDay(), last.product(), last.itemId()));
    }
    return response.build();
  }

  private static Bill bill(BillEntity bill, String currencyCode) {
    Bill.Builder made =
        Bill.newBuilder()
            .setBillId(bill.key().billId())
            .setAccountId(bill.accountId)
            .setProduct(bill.product)
            .setCycle(Protos.cycle(bill.cycle))
            .setPeriodStart(Protos.date(bill.periodStart))
            .setPeriodEnd(Protos.date(bill.periodEnd))
            .setAmount(Protos.money(bill.amount, currencyCode))
            .setItemCount(bill.itemCount)
            .setGeneratedAt(timestamp(bill.generatedAt))
            .setLateItemCount(bill.lateItemCount)
            .setSupplement(bill.supplement)
            .setExactAmount(Protos.decimal(bill.exactAmount))
            .setUnpaid(Protos.money(bill.unpaid, currencyCode));
    if (bill.dueAt != null) {
      made.setDueTime(timestamp(bill.dueAt));
    }
    return made.build();
  }

  @Override
  public Uni<PrepaidPackage> reportPrepaidPackage(ReportPrepaidPackageRequest request) {
    String actor = Caller.name();
    return calls.answer(
        () -> {
          Checks checks = new Checks();
          checks.require(request.hasPrepaidPackage(), "prepaid_package", "must be set");
          checks.done();
          return packages
              .report(report(request.getPrepaidPackage(), actor))
              .map(BillingGrpc::prepaid);
        });
  }

  private PrepaidPackageService.Report report(PrepaidPackage prepaid, String actor) {
    Checks checks = new Checks();
    String path = "prepaid_package.";
    Instant now = clock.instant();
    checks.accountId(path + "account_id", prepaid.getAccountId());
    checks.id(path + "package_id", prepaid.getPackageId());
    checks.id(path + "product", prepaid.getProduct());
    BigDecimal remaining = checks.decimal(path + "remaining", prepaid.getRemaining().getValue());
    checks.require(
        remaining == null || remaining.signum() >= 0, path + "remaining", "must not be below zero");
    checks.text(path + "unit", prepaid.getUnit(), Checks.MAX_ID_BYTES);
    Instant expires =
        prepaid.hasExpireTime()
            ? checks.future(
                path + "expire_time", prepaid.getExpireTime(), now.plus(LONGEST_PACKAGE))
            : null;
    Instant reported =
        prepaid.hasReportTime()
            ? checks.time(path + "report_time", prepaid.getReportTime(), now)
            : null;
    checks.done();
    return new PrepaidPackageService.Report(
        prepaid.getAccountId(),
        prepaid.getPackageId(),
        prepaid.getProduct(),
        remaining,
        prepaid.getUnit(),
        expires,
        reported,
        actor);
  }

  private static PrepaidPackage prepaid(PrepaidPackageEntity entity) {
    PrepaidPackage.Builder prepaid =
        PrepaidPackage.newBuilder()
            .setPackageId(entity.packageId)
            .setAccountId(entity.accountId)
            .setProduct(entity.product)
            .setRemaining(Protos.decimal(entity.remaining))
            .setUnit(entity.unit)
            .setReportTime(timestamp(entity.reportTime));
    if (entity.expireTime != null) {
      prepaid.setExpireTime(timestamp(entity.expireTime));
    }
    return prepaid.build();
  }
}
