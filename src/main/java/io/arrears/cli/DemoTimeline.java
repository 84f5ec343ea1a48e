package io.arrears.cli;

import io.arrears.v1.AccountStatus;
import io.arrears.v1.ListAccountsRequest;
import io.arrears.v1.ListAccountsResponse;
import io.arrears.v1.ListTransitionsRequest;
import io.arrears.v1.ServiceState;
import io.arrears.v1.Transition;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Watches the accounts and tells, in a line each, what happens to them. */
final class DemoTimeline {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("MMM dd HH:mm", Locale.ENGLISH).withZone(DemoBill.ZONE);
  private static final int PAGE = 1000;

  private final Connection connection;
  private final DemoBill bill;
  private final PrintWriter out;
  private final Map<String, Long> versions = new HashMap<>();
  private final Map<String, Long> sequences = new HashMap<>();
  private final Map<String, String> payments = new HashMap<>();

  DemoTimeline(Connection connection, DemoBill bill, PrintWriter out) {
    this.connection = connection;
    this.bill = bill;
    this.out = out;
  }

  static String text(Instant instant) {
    return TIME.format(instant);
  }

  void paid(DemoBill.Customer customer, BigDecimal amount) {
    payments.put(customer.accountId(), Wire.text(Wire.money(amount, customer.currency())));
  }

  /** One account at one instant. */
  private record Moment(Instant at, String accountId) {}

  /** Tells what is new, in the order in which it happened. */
  void observe(BiConsumer<DemoBill.Customer, Transition> react) {
    Map<String, AccountStatus> changed = new HashMap<>();
    List<Transition> fresh = new ArrayList<>();
    for (AccountStatus status : accounts()) {
      if (!Long.valueOf(status.getVersion())
          .equals(versions.put(status.getAccountId(), status.getVersion()))) {
        changed.put(status.getAccountId(), status);
        fresh.addAll(newTransitions(status.getAccountId()));
      }
    }
    fresh.sort(
        Comparator.comparing((Transition t) -> Wire.instant(t.getAt()))
            .thenComparing(Transition::getAccountId)
            .thenComparing(Transition::getSequence));
    Map<Moment, List<Transition>> moments =
        fresh.stream()
            .collect(
                Collectors.groupingBy(
                    t -> new Moment(Wire.instant(t.getAt()), t.getAccountId()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    moments.forEach((moment, steps) -> tell(moment, steps, changed.get(moment.accountId())));
    for (List<Transition> steps : moments.values()) {
      DemoBill.Customer customer = bill.customers().get(steps.get(0).getAccountId());
      // A customer reacts once, however many products it concerns.
      steps.stream()
          .collect(Collectors.toMap(Transition::getToState, t -> t, (a, b) -> a))
          .values()
          .forEach(step -> react.accept(customer, step));
    }
    out.flush();
  }

  private List<AccountStatus> accounts() {
    List<AccountStatus> all = new ArrayList<>();
    String token = "";
    do {
      ListAccountsResponse page =
          connection
              .accounts()
              .listAccounts(
                  ListAccountsRequest.newBuilder().setPageSize(PAGE).setPageToken(token).build());
      page.getAccountsList().stream()
          .filter(status -> bill.customers().containsKey(status.getAccountId()))
          .forEach(all::add);
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    return all;
  }

  private List<Transition> newTransitions(String accountId) {
    long seen = sequences.getOrDefault(accountId, 0L);
    List<Transition> fresh =
        connection
            .lifecycle()
            .listTransitions(
                ListTransitionsRequest.newBuilder()
                    .setAccountId(accountId)
                    .setPageSize(PAGE)
                    .build())
            .getTransitionsList()
            .stream()
            .filter(t -> t.getSequence() > seen)
            .toList();
    sequences.put(accountId, seen + fresh.size());
    return fresh;
  }

  private void tell(Moment moment, List<Transition> steps, AccountStatus status) {
    Event event = Event.of(steps);
    if (event == null) {
      return;
    }
    out.printf(
        "%s  %-18s %s %s%n",
        text(moment.at()),
        bill.customers().get(moment.accountId()).name(),
        event.label(),
        detail(event, moment.accountId(), steps, status));
  }

  private String detail(
      Event event, String accountId, List<Transition> steps, AccountStatus status) {
    String products = products(steps, t -> true);
    String inGrace = products(steps, t -> t.getToState() == ServiceState.SERVICE_STATE_GRACE);
    return switch (event) {
      case OVERDUE ->
          "owes "
              + (status.hasArrears() ? Wire.text(status.getArrears().getAmountDue()) : "nothing")
              + ", notified"
              + (inGrace.isEmpty() ? "" : "; " + inGrace + ": 24 hours to pay");
      case RECEIVED ->
          inGrace
              + ": 24 hours to pay"
              + (steps.get(0).getRule().equals("receipt-assumed")
                  ? ", as nobody confirmed for 24 hours"
                  : "");
      case SUSPENDED -> products + (products.equals("css") ? ": nothing new may start" : "");
      case RESTORED -> {
        String paid = payments.remove(accountId);
        boolean suspended =
            steps.stream().anyMatch(t -> t.getFromState() == ServiceState.SERVICE_STATE_SUSPENDED);
        yield (paid == null ? "credited" : "paid " + paid)
            + (suspended ? "; " + products + " restored at once" : " in time, nothing was stopped");
      }
      case REPOSSESSED -> products + ": resources taken back";
    };
  }

  private static String products(List<Transition> steps, Predicate<Transition> which) {
    return steps.stream()
        .filter(which)
        .map(Transition::getProduct)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** What a moment is called, by the newest of its steps that has a name. */
  private enum Event {
    OVERDUE("\u001b[33m"),
    RECEIVED("\u001b[36m"),
    SUSPENDED("\u001b[31m"),
    RESTORED("\u001b[32m"),
    REPOSSESSED("\u001b[35m");

    private static final boolean COLOURS = Boolean.getBoolean("arrears.colours");
    private static final String PLAIN = "\u001b[0m";

    private final String colour;

    Event(String colour) {
      this.colour = colour;
    }

    String label() {
      String text = "%-11s".formatted(name().toLowerCase(Locale.ROOT));
      return COLOURS ? colour + text + PLAIN : text;
    }

    /** Null if nobody need be told: a grace period that began with the debt itself. */
    static Event of(List<Transition> steps) {
      Event event =
          steps.stream().anyMatch(t -> t.getRule().startsWith("receipt-")) ? RECEIVED : null;
      for (Transition step : steps) {
        event =
            switch (step.getToState()) {
              case SERVICE_STATE_OVERDUE -> OVERDUE;
              case SERVICE_STATE_SUSPENDED -> SUSPENDED;
              case SERVICE_STATE_ACTIVE -> RESTORED;
              case SERVICE_STATE_REPOSSESSED -> REPOSSESSED;
              default -> event;
            };
      }
      return event;
    }
  }
}
