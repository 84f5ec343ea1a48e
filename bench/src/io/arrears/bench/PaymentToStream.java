package io.arrears.bench;

import com.google.protobuf.Timestamp;
import com.google.type.Decimal;
import com.google.type.Money;
import io.arrears.v1.Access;
import io.arrears.v1.Account;
import io.arrears.v1.AccountServiceGrpc;
import io.arrears.v1.AdjustBalanceRequest;
import io.arrears.v1.ApplyPolicyRequest;
import io.arrears.v1.BillingCycle;
import io.arrears.v1.BillingItem;
import io.arrears.v1.BillingServiceGrpc;
import io.arrears.v1.CreateAccountRequest;
import io.arrears.v1.DesiredState;
import io.arrears.v1.EnforcementServiceGrpc;
import io.arrears.v1.GetClockRequest;
import io.arrears.v1.IngestBillingItemsRequest;
import io.arrears.v1.OperationsServiceGrpc;
import io.arrears.v1.PolicyServiceGrpc;
import io.arrears.v1.RecordPaymentRequest;
import io.arrears.v1.WatchDesiredStatesRequest;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * From a payment's due instant to the product being told that the service is allowed again: the
 * customer who has just paid. Each account is suspended beforehand and pays once.
 */
final class PaymentToStream {

  private static final String PRODUCT = "bench-flow";
  private static final Money DEBT = money(1);

  /** Suspends at once, so that an adjustment is all it takes. */
  private static final String POLICY =
      """
      product: bench-flow
      billing: {time-zone: UTC, daily-at: "08:00", monthly-day: 1, monthly-at: "08:00"}
      grace: {length: none, from: overdue}
      suspension: {access: blocked}
      repossession: {after-overdue: 60d}
      """;

  private final ManagedChannel channel;
  private final Map<String, Consumer<Throwable>> waiting = new ConcurrentHashMap<>();

  PaymentToStream(ManagedChannel channel) {
    this.channel = channel;
  }

  /** Makes the product. */
  void apply() {
    PolicyServiceGrpc.newBlockingStub(channel)
        .applyPolicy(ApplyPolicyRequest.newBuilder().setDocument(POLICY).build());
  }

  private static Money money(long units) {
    return Money.newBuilder().setCurrencyCode(Items.CURRENCY).setUnits(units).build();
  }

  private static String accountId(long index) {
    return "flow-" + index;
  }

  /** Makes an account, opens the product with an item, and takes more money than there is. */
  Operation suspend() {
    Timestamp now =
        OperationsServiceGrpc.newBlockingStub(channel)
            .getClock(GetClockRequest.getDefaultInstance())
            .getNow();
    return (index, done) ->
        AccountServiceGrpc.newStub(channel)
            .createAccount(
                CreateAccountRequest.newBuilder()
                    .setAccount(
                        Account.newBuilder()
                            .setAccountId(accountId(index))
                            .setCurrencyCode(Items.CURRENCY)
                            .setCreditLimit(money(0)))
                    .build(),
                then(done, made -> true, () -> open(index, now, done)));
  }

  private void open(long index, Timestamp now, Consumer<Throwable> done) {
    BillingItem item =
        BillingItem.newBuilder()
            .setItemId("first")
            .setAccountId(accountId(index))
            .setProduct(PRODUCT)
            .setSku("traffic")
            .setCycle(BillingCycle.BILLING_CYCLE_DAILY)
            .setCost(Decimal.newBuilder().setValue("0.01"))
            .setCurrencyCode(Items.CURRENCY)
            .setUsageStart(now.toBuilder().setSeconds(now.getSeconds() - 60))
            .setUsageEnd(now)
            .build();
    BillingServiceGrpc.newStub(channel)
        .ingestBillingItems(
            IngestBillingItemsRequest.newBuilder().addItems(item).build(),
            then(done, answer -> answer.getAccepted() == 1, () -> owe(index, done)));
  }

  private void owe(long index, Consumer<Throwable> done) {
    AccountServiceGrpc.newStub(channel)
        .adjustBalance(
            AdjustBalanceRequest.newBuilder()
                .setAccountId(accountId(index))
                .setAmount(money(-1))
                .setAdjustmentId("debt")
                .setReason("benchmark")
                .build(),
            then(done, taken -> true, () -> done.accept(null)));
  }

  /** Ends when the product has been told. */
  Operation pay() {
    EnforcementServiceGrpc.newStub(channel)
        .watchDesiredStates(
            WatchDesiredStatesRequest.newBuilder().setProduct(PRODUCT).build(),
            new StreamObserver<DesiredState>() {
              @Override
              public void onNext(DesiredState state) {
                Consumer<Throwable> done =
                    state.getAccess() == Access.ACCESS_ALLOWED
                        ? waiting.remove(state.getAccountId())
                        : null;
                if (done != null) {
                  done.accept(null);
                }
              }

              @Override
              public void onError(Throwable failure) {
                waiting.values().forEach(done -> done.accept(failure));
              }

              @Override
              public void onCompleted() {}
            });
    return (index, done) -> {
      waiting.put(accountId(index), done);
      AccountServiceGrpc.newStub(channel)
          .recordPayment(
              RecordPaymentRequest.newBuilder()
                  .setAccountId(accountId(index))
                  .setAmount(DEBT)
                  .setPaymentId("cure")
                  .build(),
              then(done, paid -> true, () -> {}));
    };
  }

  private static <A> StreamObserver<A> then(
      Consumer<Throwable> failed, Predicate<A> expected, Runnable next) {
    return new StreamObserver<>() {
      private A answer;

      @Override
      public void onNext(A received) {
        answer = received;
      }

      @Override
      public void onError(Throwable failure) {
        failed.accept(failure);
      }

      @Override
      public void onCompleted() {
        if (expected.test(answer)) {
          next.run();
        } else {
          failed.accept(new IllegalStateException("answered: " + answer));
        }
      }
    };
  }
}
