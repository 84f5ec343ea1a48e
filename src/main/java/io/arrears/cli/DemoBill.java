package io.arrears.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sample bill, read for a demonstration: its lines, and its customers in the order of what they
 * spend. How each of them will behave follows from that order, so that every run tells the same
 * story.
 */
record DemoBill(
    List<FocusLine.Usage> usage,
    List<FocusLine.Correction> corrections,
    Map<String, Customer> customers) {

  /** Where the built-in policies' days begin and end. */
  static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  private static final String SAMPLE = "samples/focus_sample.csv";

  /** Of those who are billed more than a cent, every so manyth starts with half of it. */
  private static final int OUTRUNS = 3;

  private static final BigDecimal CENT = new BigDecimal("0.01");

  private static final List<Habit> HABITS = List.of(Habit.LATE, Habit.IN_TIME, Habit.NEVER);

  /** What becomes of a customer besides; everybody else has an ordinary life. */
  enum Fate {
    NONE,
    PROMISES,
    /** Has a service that comes back by ticket only. */
    STARTS_BY_HAND,
    LEAVES,
    INVESTIGATED,
    BANNED
  }

  /** By rank; all but the one who leaves spend more than they start with. */
  private static final Map<Integer, Fate> FATES =
      Map.of(
          0, Fate.PROMISES,
          3, Fate.STARTS_BY_HAND,
          14, Fate.LEAVES,
          15, Fate.INVESTIGATED,
          27, Fate.BANNED);

  /** What a customer does about a debt. */
  enum Habit {
    IN_TIME,
    LATE,
    NEVER
  }

  /**
   * One account of the bill.
   *
   * @param rank 0 spends the most
   * @param spends what the month's bills will come to
   * @param starts the money at the beginning; may be zero
   * @param confirms how long after a notification its receipt is confirmed; null for never
   */
  record Customer(
      String accountId,
      String name,
      String currency,
      int rank,
      BigDecimal spends,
      BigDecimal starts,
      Habit habit,
      Fate fate,
      Duration confirms) {}

  /** The only one of a fate that is not an ordinary life. */
  Customer customer(Fate fate) {
    return customers.values().stream()
        .filter(customer -> customer.fate() == fate)
        .findFirst()
        .orElseThrow();
  }

  static DemoBill read() throws IOException {
    List<FocusLine.Usage> usage = new ArrayList<>();
    List<FocusLine.Correction> corrections = new ArrayList<>();
    Map<String, String> names = new LinkedHashMap<>();
    FocusMapper mapper = new FocusMapper(ProductMapping.builtIn());
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(open(), StandardCharsets.UTF_8))) {
      FocusReader reader = new FocusReader(in);
      while (reader.hasNext()) {
        FocusReader.Row row = reader.next();
        names.putIfAbsent(row.get("SubAccountId"), row.get("SubAccountName"));
        FocusLine line = mapper.map(row);
        if (line instanceof FocusLine.Usage item) {
          usage.add(item);
        } else if (line instanceof FocusLine.Correction correction) {
          corrections.add(correction);
        } else if (line instanceof FocusLine.Refused refused) {
          throw new IOException("the sample's line " + refused.line() + ": " + refused.message());
        }
      }
    }
    usage.sort(Comparator.comparing(FocusLine.Usage::end));
    corrections.sort(Comparator.comparing(FocusLine.Correction::at));
    return new DemoBill(usage, corrections, customers(usage, names));
  }

  private static InputStream open() throws IOException {
    InputStream in = DemoBill.class.getClassLoader().getResourceAsStream(SAMPLE);
    if (in == null) {
      throw new IOException("the program lacks its " + SAMPLE);
    }
    return in;
  }

  /** The instant at which the built-in policies bill what was used at an instant (S1). */
  static Instant billedAt(Instant used) {
    return used.atZone(ZONE).toLocalDate().plusDays(1).atTime(8, 0).atZone(ZONE).toInstant();
  }

  private static Map<String, Customer> customers(
      List<FocusLine.Usage> usage, Map<String, String> names) {
    Map<String, BigDecimal> spent = spent(usage);
    Map<String, String> currencies = new HashMap<>();
    usage.forEach(item -> currencies.put(item.accountId(), item.currency()));
    List<String> ranked = new ArrayList<>(names.keySet());
    ranked.sort(Comparator.comparing((String id) -> spent(spent, id)).reversed());
    Map<String, Customer> customers = new LinkedHashMap<>();
    for (int rank = 0; rank < ranked.size(); rank++) {
      String id = ranked.get(rank);
      customers.put(
          id,
          customer(
              id, name(id, names), currencies.getOrDefault(id, "USD"), rank, spent(spent, id)));
    }
    return customers;
  }

  private static BigDecimal spent(Map<String, BigDecimal> spent, String accountId) {
    return spent.getOrDefault(accountId, BigDecimal.ZERO);
  }

  private static Customer customer(
      String id, String name, String currency, int rank, BigDecimal spends) {
    boolean outruns = spends.compareTo(CENT) > 0 && rank % OUTRUNS == 0;
    int turn = rank / OUTRUNS;
    Fate fate = FATES.getOrDefault(rank, Fate.NONE);
    BigDecimal starts =
        outruns
            ? spends.divide(BigDecimal.valueOf(2), Wire.digits(currency), RoundingMode.DOWN)
            : wholeUnits(spends.add(BigDecimal.ONE));
    return new Customer(
        id,
        name,
        currency,
        rank,
        spends,
        starts,
        fate == Fate.STARTS_BY_HAND ? Habit.LATE : HABITS.get(turn % HABITS.size()),
        fate,
        turn % 2 == 0 ? Duration.ofHours(2 + turn) : null);
  }

  static BigDecimal wholeUnits(BigDecimal amount) {
    return amount.setScale(0, RoundingMode.CEILING);
  }

  /** As the service will bill: by account, product and day, each rounded once. */
  private static Map<String, BigDecimal> spent(List<FocusLine.Usage> usage) {
    record Day(String accountId, String product, LocalDate day) {}
    Map<Day, BigDecimal> exact = new HashMap<>();
    for (FocusLine.Usage item : usage) {
      Day day = new Day(item.accountId(), item.product(), item.end().atZone(ZONE).toLocalDate());
      exact.merge(day, item.cost(), BigDecimal::add);
    }
    Map<String, BigDecimal> spent = new HashMap<>();
    exact.forEach(
        (day, sum) ->
            spent.merge(day.accountId(), sum.setScale(2, RoundingMode.HALF_UP), BigDecimal::add));
    return spent;
  }

  /** As the bill calls the account; with the end of its id where two are called the same. */
  private static String name(String id, Map<String, String> names) {
    String name = names.get(id);
    boolean shared = names.values().stream().filter(name::equals).count() > 1;
    return shared ? name + " " + id.substring(Math.max(0, id.length() - 3)) : name;
  }
}
