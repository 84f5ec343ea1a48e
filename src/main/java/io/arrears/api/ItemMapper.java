package io.arrears.api;

import io.arrears.billing.Item;
import io.arrears.core.BillingCycle;
import io.arrears.v1.BillingItem;
import java.math.BigDecimal;
import java.time.Instant;

/** Items, from the wire and back; each is judged by itself. */
final class ItemMapper {

  private static final int MAX_SKU_BYTES = 128;
  private static final int MAX_QUANTITY_BYTES = 64;

  private ItemMapper() {}

  /** Null if it breaks a rule, which {@code checks} then names. */
  static Item item(BillingItem wire, Instant now, Checks checks) {
    checks.id("item_id", wire.getItemId());
    checks.accountId("account_id", wire.getAccountId());
    checks.id("product", wire.getProduct());
    checks.text("sku", wire.getSku(), MAX_SKU_BYTES);
    checks.text("quantity", wire.getQuantity(), MAX_QUANTITY_BYTES);
    checks.text("unit", wire.getUnit(), MAX_QUANTITY_BYTES);
    checks.currency("currency_code", wire.getCurrencyCode());
    BigDecimal cost = checks.decimal("cost", wire.getCost().getValue());
    BillingCycle cycle = cycle(wire.getCycle());
    checks.require(cycle != null, "cycle", "must be DAILY or MONTHLY");
    Instant start = checks.time("usage_start", wire.getUsageStart(), now);
    Instant end = checks.time("usage_end", wire.getUsageEnd(), now);
    checks.require(
        start == null || end == null || end.isAfter(start),
        "usage_end",
        "must be after usage_start");
    return checks.passed()
        ? new Item(
            wire.getItemId(),
            wire.getAccountId(),
            wire.getProduct(),
            wire.getSku(),
            cycle,
            cost,
            start,
            end,
            wire.getQuantity(),
            wire.getUnit(),
            wire.getCurrencyCode())
        : null;
  }

  private static BillingCycle cycle(io.arrears.v1.BillingCycle cycle) {
    return switch (cycle) {
      case BILLING_CYCLE_DAILY -> BillingCycle.DAILY;
      case BILLING_CYCLE_MONTHLY -> BillingCycle.MONTHLY;
      case BILLING_CYCLE_UNSPECIFIED, UNRECOGNIZED -> null;
    };
  }

  static BillingItem item(Item item) {
    return BillingItem.newBuilder()
        .setItemId(item.itemId())
        .setAccountId(item.accountId())
        .setProduct(item.product())
        .setSku(item.sku())
        .setCycle(Protos.cycle(item.cycle()))
        .setCost(Protos.decimal(item.cost()))
        .setUsageStart(Protos.timestamp(item.usageStart()))
        .setUsageEnd(Protos.timestamp(item.usageEnd()))
        .setQuantity(item.quantity())
        .setUnit(item.unit())
        .setCurrencyCode(item.currencyCode())
        .build();
  }
}
