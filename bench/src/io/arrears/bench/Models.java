package io.arrears.bench;

import com.google.protobuf.Timestamp;
import com.google.type.Decimal;
import com.google.type.Money;
import io.arrears.v1.Account;
import io.arrears.v1.AccountServiceGrpc;
import io.arrears.v1.AdjustBalanceRequest;
import io.arrears.v1.ApplyPolicyRequest;
import io.arrears.v1.BillingCycle;
import io.arrears.v1.BillingItem;
import io.arrears.v1.BillingServiceGrpc;
import io.arrears.v1.CreateAccountRequest;
import io.arrears.v1.IngestBillingItemsRequest;
import io.arrears.v1.IngestBillingItemsResponse;
import io.arrears.v1.PolicyServiceGrpc;
import io.grpc.ManagedChannel;
import java.time.Instant;

/** Accounts that the service makes one of, and SQL a million: so that their rows are real. */
final class Models {

  /** Bills at midnight; whoever is overdue keeps the service for so many hours. */
  private static final String POLICY =
      """
      product: %s
      billing: {time-zone: UTC, daily-at: "00:00", monthly-day: 1, monthly-at: "08:00"}
      grace: {length: %dh, from: overdue}
      suspension: {access: blocked}
      repossession: {after-overdue: 60d}
      """;

  private Models() {}

  /**
   * An account without credit, with one item of the product.
   *
   * @param used when
   * @param debt in whole units; 0 leaves it as it is
   */
  static void make(
      ManagedChannel channel,
      String product,
      String accountId,
      Instant used,
      long debt,
      int hours) {
    PolicyServiceGrpc.newBlockingStub(channel)
        .applyPolicy(
            ApplyPolicyRequest.newBuilder().setDocument(POLICY.formatted(product, hours)).build());
    AccountServiceGrpc.newBlockingStub(channel)
        .createAccount(
            CreateAccountRequest.newBuilder()
                .setAccount(
                    Account.newBuilder()
                        .setAccountId(accountId)
                        .setCurrencyCode(Items.CURRENCY)
                        .setCreditLimit(money(0)))
                .build());
    Timestamp end = Timestamp.newBuilder().setSeconds(used.getEpochSecond()).build();
    IngestBillingItemsResponse answer =
        BillingServiceGrpc.newBlockingStub(channel)
            .ingestBillingItems(
                IngestBillingItemsRequest.newBuilder()
                    .addItems(
                        BillingItem.newBuilder()
                            .setItemId("first")
                            .setAccountId(accountId)
                            .setProduct(product)
                            .setSku("traffic")
                            .setCycle(BillingCycle.BILLING_CYCLE_DAILY)
                            .setCost(Decimal.newBuilder().setValue("0.01"))
                            .setCurrencyCode(Items.CURRENCY)
                            .setUsageStart(end.toBuilder().setSeconds(end.getSeconds() - 300))
                            .setUsageEnd(end))
                    .build());
    if (answer.getAccepted() != 1) {
      throw new IllegalStateException("answered: " + answer);
    }
    if (debt > 0) {
      AccountServiceGrpc.newBlockingStub(channel)
          .adjustBalance(
              AdjustBalanceRequest.newBuilder()
                  .setAccountId(accountId)
                  .setAmount(money(-debt))
                  .setAdjustmentId("debt")
                  .setReason("benchmark")
                  .build());
    }
  }

  private static Money money(long units) {
    return Money.newBuilder().setCurrencyCode(Items.CURRENCY).setUnits(units).build();
  }
}
