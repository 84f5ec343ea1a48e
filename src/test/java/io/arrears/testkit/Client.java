package io.arrears.testkit;

import com.google.protobuf.Timestamp;
import com.google.type.Decimal;
import com.google.type.Money;
import io.arrears.v1.Account;
import io.arrears.v1.AccountServiceGrpc;
import io.arrears.v1.AccountServiceGrpc.AccountServiceBlockingStub;
import io.arrears.v1.AccountStatus;
import io.arrears.v1.AdvanceClockRequest;
import io.arrears.v1.Bill;
import io.arrears.v1.BillingCycle;
import io.arrears.v1.BillingItem;
import io.arrears.v1.BillingServiceGrpc;
import io.arrears.v1.BillingServiceGrpc.BillingServiceBlockingStub;
import io.arrears.v1.ConfirmNotificationReceiptRequest;
import io.arrears.v1.CreateAccountRequest;
import io.arrears.v1.GetAccountStatusRequest;
import io.arrears.v1.GetClockRequest;
import io.arrears.v1.IngestBillingItemsRequest;
import io.arrears.v1.IngestBillingItemsResponse;
import io.arrears.v1.Job;
import io.arrears.v1.JobRun;
import io.arrears.v1.LifecycleServiceGrpc;
import io.arrears.v1.LifecycleServiceGrpc.LifecycleServiceBlockingStub;
import io.arrears.v1.ListBillsRequest;
import io.arrears.v1.ListTransitionsRequest;
import io.arrears.v1.OperationsServiceGrpc;
import io.arrears.v1.OperationsServiceGrpc.OperationsServiceBlockingStub;
import io.arrears.v1.RecordPaymentRequest;
import io.arrears.v1.RecordPaymentResponse;
import io.arrears.v1.RunJobRequest;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.Transition;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A gRPC client over a real socket, with the words that tests speak in. */
public final class Client implements AutoCloseable {

  public static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  private final ManagedChannel channel;
  public final AccountServiceBlockingStub accounts;
  public final BillingServiceBlockingStub billing;
  public final LifecycleServiceBlockingStub lifecycle;
  public final OperationsServiceBlockingStub operations;

  public Client(int port) {
    this(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext());
  }

  public Client(NettyChannelBuilder address) {
    channel = address.maxInboundMessageSize(64 << 20).build();
    accounts = AccountServiceGrpc.newBlockingStub(channel);
    billing = BillingServiceGrpc.newBlockingStub(channel);
    lifecycle = LifecycleServiceGrpc.newBlockingStub(channel);
    operations = OperationsServiceGrpc.newBlockingStub(channel);
  }

  public ManagedChannel channel() {
    return channel;
  }

  /** Somebody who calls under a name. */
  public Person person(String name) {
    return new Person(channel, name);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // Accounts and money

  /** A new account in USD with no credit. */
  public String account() {
    return account("USD", "0");
  }

  public String account(String currency, String creditLimit) {
    String id = "acct-" + UUID.randomUUID();
    accounts.createAccount(
        CreateAccountRequest.newBuilder()
            .setAccount(
                Account.newBuilder()
                    .setAccountId(id)
                    .setCurrencyCode(currency)
                    .setCreditLimit(money(creditLimit, currency)))
            .build());
    return id;
  }

  public static Money usd(String amount) {
    return money(amount, "USD");
  }

  public static Money money(String amount, String currency) {
    BigDecimal[] parts = new BigDecimal(amount).divideAndRemainder(BigDecimal.ONE);
    return Money.newBuilder()
        .setCurrencyCode(currency)
        .setUnits(parts[0].longValueExact())
        .setNanos(parts[1].movePointRight(9).intValueExact())
        .build();
  }

  public static BigDecimal amount(Money money) {
    return BigDecimal.valueOf(money.getUnits())
        .add(BigDecimal.valueOf(money.getNanos(), 9))
        .stripTrailingZeros();
  }

  public RecordPaymentResponse pay(String account, String amount) {
    return pay(account, amount, null);
  }

  public RecordPaymentResponse pay(String account, String amount, Instant paidAt) {
    RecordPaymentRequest.Builder request =
        RecordPaymentRequest.newBuilder()
            .setAccountId(account)
            .setAmount(usd(amount))
            .setPaymentId(UUID.randomUUID().toString());
    if (paidAt != null) {
      request.setPaidAt(timestamp(paidAt));
    }
    return accounts.recordPayment(request.build());
  }

  public AccountStatus status(String account) {
    return accounts.getAccountStatus(
        GetAccountStatusRequest.newBuilder().setAccountId(account).build());
  }

  /** The exact sum of what no bill holds yet. */
  public BigDecimal unbilled(String account) {
    return amount(
        accounts
            .getAccountStatus(
                GetAccountStatusRequest.newBuilder()
                    .setAccountId(account)
                    .setWithUnbilled(true)
                    .build())
            .getUnbilled());
  }

  public ServiceStatus service(String account, String product) {
    return service(status(account), product);
  }

  public static ServiceStatus service(AccountStatus status, String product) {
    return status.getServicesList().stream()
        .filter(service -> service.getProduct().equals(product))
        .findFirst()
        .orElseThrow();
  }

  // Usage and bills

  /** A daily css item of an hour that ends at an instant. */
  public static BillingItem.Builder item(String account, String cost, Instant usageEnd) {
    return BillingItem.newBuilder()
        .setItemId(UUID.randomUUID().toString())
        .setAccountId(account)
        .setProduct("css")
        .setSku("css.live-traffic")
        .setCycle(BillingCycle.BILLING_CYCLE_DAILY)
        .setCost(Decimal.newBuilder().setValue(cost))
        .setUsageStart(timestamp(usageEnd.minusSeconds(3600)))
        .setUsageEnd(timestamp(usageEnd))
        .setCurrencyCode("USD");
  }

  public IngestBillingItemsResponse ingest(BillingItem.Builder... items) {
    IngestBillingItemsRequest.Builder request = IngestBillingItemsRequest.newBuilder();
    for (BillingItem.Builder item : items) {
      request.addItems(item);
    }
    return billing.ingestBillingItems(request.build());
  }

  /** Newest first. */
  public List<Bill> bills(String account) {
    return billing
        .listBills(ListBillsRequest.newBuilder().setAccountId(account).setPageSize(1000).build())
        .getBillsList();
  }

  public List<Transition> transitions(String account) {
    return lifecycle
        .listTransitions(
            ListTransitionsRequest.newBuilder().setAccountId(account).setPageSize(1000).build())
        .getTransitionsList();
  }

  /** The states that the services of an account went through, in order. */
  public List<String> states(String account) {
    return transitions(account).stream()
        .map(t -> t.getToState().name().substring("SERVICE_STATE_".length()))
        .toList();
  }

  // Time and jobs

  public Instant now() {
    return instant(operations.getClock(GetClockRequest.getDefaultInstance()).getNow());
  }

  public Instant advanceTo(Instant instant) {
    return instant(
        operations
            .advanceClock(AdvanceClockRequest.newBuilder().setInstant(timestamp(instant)).build())
            .getNow());
  }

  public Instant advance(Duration by) {
    return advanceTo(now().plus(by));
  }

  /** Today, in the time zone of the built-in products. */
  public LocalDate today() {
    return now().atZone(SHANGHAI).toLocalDate();
  }

  /** 08:00 of the next day that has not begun. */
  public Instant nextMorning() {
    return at(today().plusDays(1), "08:00");
  }

  public static Instant at(LocalDate day, String time) {
    return day.atTime(LocalTime.parse(time)).atZone(SHANGHAI).toInstant();
  }

  public JobRun run(Job job) {
    return operations.runJob(RunJobRequest.newBuilder().setJob(job).build());
  }

  public AccountStatus confirmReceipt(String account, Instant receivedAt) {
    ConfirmNotificationReceiptRequest.Builder request =
        ConfirmNotificationReceiptRequest.newBuilder()
            .setAccountId(account)
            .setEpisode(status(account).getArrears().getEpisode());
    if (receivedAt != null) {
      request.setReceivedAt(timestamp(receivedAt));
    }
    return lifecycle.confirmNotificationReceipt(request.build());
  }

  /** An account that became overdue on the next morning, by a bill of this amount; returns it. */
  public String overdueAccount(String owed) {
    String account = account();
    ingest(item(account, owed, now()));
    advanceTo(nextMorning());
    return account;
  }

  public static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  public static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }
}
