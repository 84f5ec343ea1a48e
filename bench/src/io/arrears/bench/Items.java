package io.arrears.bench;

import com.google.protobuf.Timestamp;
import com.google.type.Decimal;
import io.arrears.v1.BillingCycle;
import io.arrears.v1.BillingItem;
import io.arrears.v1.IngestBillingItemsRequest;
import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;

/**
 * The items of one usage day: the same ones, whether they go to the service or, as rows, to {@code
 * COPY}. Neighbours belong to accounts far apart, as usage comes in the order of time.
 *
 * @param accounts that share the items evenly
 */
record Items(LocalDate day, long accounts) {

  static final String PRODUCT = "css";
  static final String CURRENCY = "CNY";
  private static final String SKU = "css.live-traffic";
  private static final String UNIT = "GB";
  private static final long FIRST_ACCOUNT = 1_000_000_000L;
  private static final long STRIDE = 7_919_317L;

  /** Digits only, so that pgbench can name accounts too. */
  static String accountId(long account) {
    return Long.toString(FIRST_ACCOUNT + account);
  }

  private String account(long index) {
    return accountId(index * STRIDE % accounts);
  }

  private static String itemId(long index) {
    return "live-" + (100_000_000L + index);
  }

  /** Eleven decimals, as real bills price. */
  private static BigDecimal cost(long index) {
    return BigDecimal.valueOf(index * 1_234_567_891L % 10_000_000_000_000L + 1, 11);
  }

  private static String quantity(long index) {
    return BigDecimal.valueOf(index % 100_000, 3).toPlainString();
  }

  /** An hour of the day in Shanghai. */
  private Instant start(long index) {
    return day.atTime(LocalTime.MIDNIGHT)
        .minusHours(8)
        .plusHours(index * 23 / 10_000_000 % 23)
        .plusSeconds(index % 3000)
        .toInstant(ZoneOffset.UTC);
  }

  BillingItem item(long index) {
    Instant start = start(index);
    return BillingItem.newBuilder()
        .setItemId(itemId(index))
        .setAccountId(account(index))
        .setProduct(PRODUCT)
        .setSku(SKU)
        .setCycle(BillingCycle.BILLING_CYCLE_DAILY)
        .setCost(Decimal.newBuilder().setValue(cost(index).toPlainString()))
        .setUsageStart(Timestamp.newBuilder().setSeconds(start.getEpochSecond()))
        .setUsageEnd(Timestamp.newBuilder().setSeconds(start.getEpochSecond() + 300))
        .setQuantity(quantity(index))
        .setUnit(UNIT)
        .setCurrencyCode(CURRENCY)
        .build();
  }

  IngestBillingItemsRequest batch(long first, int size) {
    IngestBillingItemsRequest.Builder batch = IngestBillingItemsRequest.newBuilder();
    for (int i = 0; i < size; i++) {
      batch.addItems(item(first + i));
    }
    return batch.build();
  }

  /**
   * The rows that the service would store, in COPY's text format; lib/floors.sh has the columns.
   */
  void writeRows(Path file, long count) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (long i = 0; i < count; i++) {
        Instant start = start(i);
        out.write(
            String.join(
                "\t",
                account(i),
                PRODUCT,
                day.toString(),
                itemId(i),
                "DAILY",
                "f",
                "1",
                cost(i).stripTrailingZeros().toPlainString(),
                start.toString(),
                start.plusSeconds(300).toString(),
                SKU,
                quantity(i),
                UNIT));
        out.write('\n');
      }
    }
  }
}
