package io.arrears.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the FOCUS 1.0 columns of a row. Usage, taxes and purchases are items of the account {@code
 * SubAccountId}; credits, adjustments and refunds correct its balance.
 */
final class FocusMapper {

  private static final Pattern ACCOUNT_ID = Pattern.compile("[A-Za-z0-9._:@/-]{1,128}");
  private static final Set<String> ITEMS = Set.of("usage", "tax", "purchase");
  private static final Set<String> CORRECTIONS = Set.of("credit", "adjustment", "refund");
  private static final int MAX_REASON = 200;
  private static final int MAX_COST_LENGTH = 64;

  /** FOCUS periods end before their end; the usage day is the day on which something was used. */
  private static final Duration BEFORE_END = Duration.of(1, ChronoUnit.MICROS);

  private final ProductMapping products;

  FocusMapper(ProductMapping products) {
    this.products = products;
  }

  /** A row that lacks what the service needs, named for counting. */
  private static final class Unfit extends Exception {
    private static final long serialVersionUID = 1;
    private final String reason;

    Unfit(String reason, String message) {
      super(message);
      this.reason = reason;
    }
  }

  /**
   * @throws IOException if a column is missing without which no line can be read
   */
  static void check(FocusReader reader) throws IOException {
    for (String column :
        new String[] {
          "BilledCost",
          "BillingCurrency",
          "ChargeCategory",
          "ChargePeriodStart",
          "ChargePeriodEnd",
          "SubAccountId"
        }) {
      if (!reader.hasColumn(column)) {
        throw new IOException("the file is not FOCUS 1.0: it has no column " + column);
      }
    }
  }

  FocusLine map(FocusReader.Row row) {
    if (row.malformed() != null) {
      return new FocusLine.Refused(row.line(), "MALFORMED_ROW", row.malformed());
    }
    try {
      String category = row.get("ChargeCategory").toLowerCase(Locale.ROOT);
      if (ITEMS.contains(category)) {
        return usage(row);
      } else if (CORRECTIONS.contains(category)) {
        return correction(row);
      }
      throw new Unfit(
          "CHARGE_CATEGORY", "ChargeCategory '" + row.get("ChargeCategory") + "' is not known");
    } catch (Unfit e) {
      return new FocusLine.Refused(row.line(), e.reason, e.getMessage());
    }
  }

  private FocusLine usage(FocusReader.Row row) throws Unfit {
    String sku = row.get("SkuId");
    return new FocusLine.Usage(
        row.line(),
        accountId(row),
        currency(row),
        itemId(row),
        products.product(row.get("ServiceName"), row.get("ServiceCategory")),
        sku.isEmpty() ? row.get("ServiceName") : sku,
        cost(row),
        time(row, "ChargePeriodStart"),
        time(row, "ChargePeriodEnd").minus(BEFORE_END),
        quantity(row),
        row.get("ConsumedUnit"));
  }

  private static FocusLine correction(FocusReader.Row row) throws Unfit {
    String currency = currency(row);
    BigDecimal exact = cost(row).negate();
    return new FocusLine.Correction(
        row.line(),
        accountId(row),
        currency,
        itemId(row),
        exact,
        exact.setScale(Wire.digits(currency), RoundingMode.HALF_UP),
        reason(row),
        time(row, "ChargePeriodEnd").minus(BEFORE_END));
  }

  private static String accountId(FocusReader.Row row) throws Unfit {
    String id = row.get("SubAccountId");
    if (!ACCOUNT_ID.matcher(id).matches()) {
      throw new Unfit(
          "ACCOUNT_ID",
          id.isEmpty()
              ? "SubAccountId is empty"
              : "SubAccountId '" + id + "' must be at most 128 of [A-Za-z0-9._:@/-]");
    }
    return id;
  }

  private static String currency(FocusReader.Row row) throws Unfit {
    String code = row.get("BillingCurrency");
    if (!code.matches("[A-Z]{3}")) {
      throw new Unfit("CURRENCY", "BillingCurrency '" + code + "' must be an ISO 4217 code");
    }
    return code;
  }

  private static BigDecimal cost(FocusReader.Row row) throws Unfit {
    String text = row.get("BilledCost");
    try {
      BigDecimal cost = new BigDecimal(text);
      if (text.length() <= MAX_COST_LENGTH && cost.precision() - (long) cost.scale() < 20) {
        return cost;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message for both.
    }
    throw new Unfit("COST", "BilledCost '" + text + "' must be a decimal");
  }

  /** In the file's {@code yyyy-MM-dd HH:mm:ss}, which is UTC, or as ISO 8601 has it. */
  private static Instant time(FocusReader.Row row, String column) throws Unfit {
    String text = row.get(column);
    String iso = text.length() > 10 ? text.substring(0, 10) + "T" + text.substring(11) : text;
    try {
      return iso.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
          ? OffsetDateTime.parse(iso).toInstant()
          : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new Unfit("TIME", column + " '" + text + "' must be like 2024-09-01 00:00:00");
    }
  }

  private static String quantity(FocusReader.Row row) {
    String text = row.get("ConsumedQuantity");
    try {
      return text.isEmpty() ? "" : new BigDecimal(text).stripTrailingZeros().toPlainString();
    } catch (NumberFormatException e) {
      return text;
    }
  }

  private static String reason(FocusReader.Row row) {
    String text = row.get("ChargeDescription").replaceAll("\\p{Cntrl}+", " ").strip();
    String reason = text.isEmpty() ? row.get("ChargeCategory") : text;
    return reason.length() <= MAX_REASON ? reason : reason.substring(0, MAX_REASON);
  }

  /**
   * The line's {@code Id}, which some exporters add, else a hash of all that it says: the same line
   * is the same item, however often and from wherever it is imported.
   */
  private static String itemId(FocusReader.Row row) {
    String id = row.get("Id");
    return id.isEmpty() ? "sha256:" + digest(String.join("\u001f", row.values())) : id;
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
