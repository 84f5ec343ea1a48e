package io.arrears.policy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What a row of {@code real-products.tsv} says; an empty cell says nothing. */
record RealProduct(
    String product,
    String graceHours,
    String graceFrom,
    String retentionHours,
    String retentionFrom,
    String billed,
    String restoredBy) {

  private static final Map<String, String> DOCUMENTS =
      Map.ofEntries(
          Map.entry("CSS (live)", "css"),
          Map.entry("VOD", "vod"),
          Map.entry("TRTC", "trtc"),
          Map.entry("MPS", "mps"),
          Map.entry("StreamLive", "streamlive"),
          Map.entry("COS", "cos"),
          Map.entry("CLS", "cls"),
          Map.entry("CDN/ECDN hourly", "cdn"),
          Map.entry("CLB", "clb"),
          Map.entry("CVM", "cvm"),
          Map.entry("ECM", "ecm"),
          Map.entry("TencentDB MySQL", "tencentdb-mysql"),
          Map.entry("API Gateway", "api-gateway"),
          Map.entry("TEM", "tem"),
          Map.entry("TKE native nodes", "tke-native-nodes"),
          Map.entry("KMS", "kms"));

  static final Instant OVERDUE = Instant.parse("2024-09-02T00:00:00Z");
  static final Duration READ_AFTER = Duration.ofHours(5);
  static final Duration INSTANT = Duration.ofNanos(1000);

  private static RealProduct of(String line) {
    String[] cells = line.split("\t", -1);
    return new RealProduct(cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]);
  }

  String id() {
    return Objects.requireNonNull(DOCUMENTS.get(product), product);
  }

  boolean fromReceipt() {
    return graceFrom.equals("notification received");
  }

  /** The first instant at which the grace is over. */
  Instant graceOver() {
    Instant start = fromReceipt() ? OVERDUE.plus(READ_AFTER) : OVERDUE;
    Instant end = start.plus(Duration.ofHours(Long.parseLong(graceHours)));
    return graceFrom.contains("inclusive") ? end.plus(INSTANT) : end;
  }

  /** When resources are taken back; null where the row does not say. */
  Instant takenBack() {
    if (retentionHours.isEmpty()) {
      return null;
    }
    Duration length = Duration.ofHours(Long.parseLong(retentionHours));
    return switch (retentionFrom) {
      case "suspension", "shutdown", "end of grace", "end of grace (168 h after overdue)" ->
          graceOver().plus(length);
      case "overdue (EN) / suspension (CN 266/39505)" -> graceOver().plus(length);
      case "overdue", "overdue (contiguous)" -> OVERDUE.plus(length);
      case "168 h after OVERDUE" -> OVERDUE.plus(Duration.ofDays(7));
      case "suspension (and also \"overdue >60d\")" -> OVERDUE.plus(length);
      default -> throw new IllegalStateException(retentionFrom);
    };
  }

  boolean destroyedAtOnce() {
    return "0".equals(retentionHours);
  }

  @Override
  public String toString() {
    return product;
  }

  static Stream<RealProduct> all() throws IOException {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(RealProduct.class.getResourceAsStream("/real-products.tsv")),
                StandardCharsets.UTF_8))) {
      List<RealProduct> rows =
          in.lines()
              .filter(line -> !line.startsWith("#") && !line.startsWith("product\t"))
              .map(RealProduct::of)
              .toList();
      return rows.stream();
    }
  }
}
