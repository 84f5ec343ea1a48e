package io.arrears.api;

import com.google.protobuf.Timestamp;
import io.arrears.core.Money;
import io.arrears.platform.Rejection;
import io.arrears.platform.Rejection.Violation;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Currency;
import java.util.List;
import java.util.regex.Pattern;

/** Collects what is wrong with a request, so that the caller learns all of it at once. */
final class Checks {

  static final int MAX_ID_BYTES = 128;
  private static final int MAX_COMMENT_BYTES = 4096;
  private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
  private static final Duration FUTURE = Duration.ofDays(1);
  private static final BitSet ACCOUNT_ID = new BitSet();

  static {
    "._:@/-".chars().forEach(ACCOUNT_ID::set);
    ACCOUNT_ID.set('0', '9' + 1);
    ACCOUNT_ID.set('A', 'Z' + 1);
    ACCOUNT_ID.set('a', 'z' + 1);
  }

  private static final Pattern DECIMAL = Pattern.compile("[+-]?\\d{1,18}(\\.\\d{1,12})?");

  private final List<Violation> violations = new ArrayList<>();

  void violated(String field, String rule) {
    violations.add(new Violation(field, rule));
  }

  boolean passed() {
    return violations.isEmpty();
  }

  /** All of them in a line, for an item of a batch. */
  String summary() {
    return String.join("; ", violations.stream().map(v -> v.field() + " " + v.rule()).toList());
  }

  /**
   * @throws Rejection with every violation
   */
  void done() {
    if (!violations.isEmpty()) {
      throw Rejection.invalid(violations);
    }
  }

  void require(boolean holds, String field, String rule) {
    if (!holds) {
      violated(field, rule);
    }
  }

  String accountId(String field, String value) {
    id(field, value);
    require(value.chars().allMatch(ACCOUNT_ID::get), field, "must consist of [A-Za-z0-9._:@/-]");
    return value;
  }

  /** An id of the caller's: not empty, at most 128 bytes, no control characters. */
  String id(String field, String value) {
    require(!value.isEmpty(), field, "must not be empty");
    return text(field, value, MAX_ID_BYTES);
  }

  /** An id that the server made of one of the caller's. */
  String longId(String field, String value) {
    require(!value.isEmpty(), field, "must not be empty");
    return text(field, value, 2 * MAX_ID_BYTES);
  }

  /** The id of a bill, which is made of several others. */
  String billId(String field, String value) {
    require(!value.isEmpty(), field, "must not be empty");
    return text(field, value, 4 * MAX_ID_BYTES);
  }

  /** Every decision names a reason. */
  void comment(String field, String value) {
    require(!value.isBlank(), field, "must not be empty");
    text(field, value, MAX_COMMENT_BYTES);
  }

  /** Free text, possibly empty. */
  String text(String field, String value, int maxBytes) {
    int bytes = 0;
    boolean control = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
      control |= Character.isISOControl(c);
    }
    if (bytes > maxBytes) {
      violated(field, "must be at most " + maxBytes + " bytes");
    }
    require(!control, field, "must not hold control characters");
    return value;
  }

  /** Of the past, or at most a day ahead; null when it is out of range or not a timestamp. */
  Instant time(String field, Timestamp value, Instant now) {
    return instant(field, value, now.plus(FUTURE), "must not be more than a day ahead");
  }

  /** Possibly far ahead; null when it is out of range or not a timestamp. */
  Instant future(String field, Timestamp value, Instant latest) {
    return instant(field, value, latest, "must not be after " + latest);
  }

  /** To the microsecond. */
  private Instant instant(String field, Timestamp value, Instant latest, String rule) {
    if (value.getNanos() < 0 || value.getNanos() > 999_999_999) {
      violated(field, "must have nanos from 0 to 999999999");
      return null;
    }
    if (value.getSeconds() < EARLIEST.getEpochSecond()) {
      violated(field, "must not be before " + EARLIEST);
      return null;
    }
    if (value.getSeconds() > latest.getEpochSecond()) {
      violated(field, rule);
      return null;
    }
    return Instant.ofEpochSecond(value.getSeconds(), value.getNanos())
        .truncatedTo(ChronoUnit.MICROS);
  }

  /** Null when it is none. */
  BigDecimal decimal(String field, String value) {
    if (!DECIMAL.matcher(value).matches()) {
      violated(field, "must be a decimal of at most 18 digits before the point and 12 after it");
      return null;
    }
    return new BigDecimal(value);
  }

  Currency currency(String field, String code) {
    Currency currency = Money.currency(code).orElse(null);
    require(currency != null, field, "must be an ISO 4217 currency");
    return currency;
  }

  /** An amount that its currency can hold; null when it is none. */
  BigDecimal money(String field, com.google.type.Money value) {
    Currency currency = currency(field + ".currency_code", value.getCurrencyCode());
    if (Math.abs((long) value.getNanos()) > 999_999_999) {
      violated(field + ".nanos", "must be from -999999999 to 999999999");
      return null;
    }
    if (Long.signum(value.getUnits()) * Integer.signum(value.getNanos()) < 0) {
      violated(field + ".nanos", "must have the sign of units");
      return null;
    }
    BigDecimal amount =
        BigDecimal.valueOf(value.getUnits()).add(BigDecimal.valueOf(value.getNanos(), 9));
    if (amount.abs().compareTo(Money.LIMIT) >= 0) {
      violated(field, "must have at most 18 digits before the point");
      return null;
    }
    if (currency != null && amount.stripTrailingZeros().scale() > Money.digits(currency)) {
      violated(
          field,
          "must have at most "
              + Money.digits(currency)
              + " decimals, as "
              + currency.getCurrencyCode()
              + " has");
      return null;
    }
    return currency == null ? null : amount.setScale(Money.digits(currency));
  }

  /** The size of a page; 0 means the default. */
  int pageSize(int size, io.arrears.platform.Limits limits) {
    require(
        size >= 0 && size <= limits.pageSize(),
        "page_size",
        "must be from 1 to " + limits.pageSize() + ", or 0 for " + limits.defaultPageSize());
    return size == 0 ? limits.defaultPageSize() : size;
  }
}
