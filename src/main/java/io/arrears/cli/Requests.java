package io.arrears.cli;

import com.google.type.Decimal;
import io.arrears.v1.Account;
import io.arrears.v1.AdjustBalanceRequest;
import io.arrears.v1.BillingCycle;
import io.arrears.v1.BillingItem;
import io.arrears.v1.CreateAccountRequest;
import io.arrears.v1.RecordPaymentRequest;
import java.math.BigDecimal;

/** What an import asks of the service; the same line always asks the same. */
final class Requests {

  /** One per account, so that the money is there once however often the import runs. */
  private static final String STARTING_BALANCE = "import:starting-balance";

  private Requests() {}

  static CreateAccountRequest account(String accountId, String currency) {
    return CreateAccountRequest.newBuilder()
        .setAccount(Account.newBuilder().setAccountId(accountId).setCurrencyCode(currency))
        .build();
  }

  static RecordPaymentRequest startingBalance(
      String accountId, BigDecimal amount, String currency) {
    return RecordPaymentRequest.newBuilder()
        .setAccountId(accountId)
        .setAmount(Wire.money(amount, currency))
        .setPaymentId(STARTING_BALANCE)
        .build();
  }

  static BillingItem item(FocusLine.Usage usage) {
    return BillingItem.newBuilder()
        .setItemId(usage.itemId())
        .setAccountId(usage.accountId())
        .setProduct(usage.product())
        .setSku(usage.sku())
        .setCycle(BillingCycle.BILLING_CYCLE_DAILY)
        .setCost(Decimal.newBuilder().setValue(usage.cost().toPlainString()))
        .setUsageStart(Wire.timestamp(usage.start()))
        .setUsageEnd(Wire.timestamp(usage.end()))
        .setQuantity(usage.quantity())
        .setUnit(usage.unit())
        .setCurrencyCode(usage.currency())
        .build();
  }

  static AdjustBalanceRequest adjustment(FocusLine.Correction correction) {
    return AdjustBalanceRequest.newBuilder()
        .setAccountId(correction.accountId())
        .setAmount(Wire.money(correction.amount(), correction.currency()))
        .setAdjustmentId(correction.adjustmentId())
        .setReason(correction.reason())
        .build();
  }
}
