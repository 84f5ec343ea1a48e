package io.arrears.cli;

import io.arrears.v1.AccountStatus;
import io.arrears.v1.FeatureStatus;
import io.arrears.v1.ListAccountsRequest;
import io.arrears.v1.ListAccountsResponse;
import io.arrears.v1.ListTransitionsRequest;
import io.arrears.v1.ServiceState;
import io.arrears.v1.Transition;
import java.io.PrintWriter;
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
  private static final String GRACE = ": 24 hours to pay";

  private final Connection connection;
  private final DemoBill bill;
  private final PrintWriter out;
  private final Map<String, Long> versions = new HashMap<>();
  private final Map<String, Long> sequences = new HashMap<>();
  private final Map<String, String> payments = new HashMap<>();
  private final List<Line> notes = new ArrayList<>();

  DemoTimeline(Connection connection, DemoBill bill, PrintWriter out) {
    this.connection = connection;
    this.bill = bill;
    this.out = out;
  }

  static String text(Instant instant) {
    return TIME.format(instant);
  }

  /** What a payment was and what for, to be told with what it leads to. */
  void paid(DemoBill.Customer customer, String payment) {
    payments.put(customer.accountId(), payment);
  }

  /** Something that people or products do, and that leaves no transition. */
  void note(Instant at, DemoBill.Customer customer, DemoEvent event, String detail) {
    notes.add(new Line(at, customer, event, detail));
  }

  private record Line(Instant at, DemoBill.Customer customer, DemoEvent event, String detail) {}

  /** One account at one instant. */
  private record Moment(Instant at, String accountId) {}

  /**
   * Tells what is new, in the order in which it happened.
   *
   * @return the accounts that have changed
   */
  List<AccountStatus> observe(BiConsumer<DemoBill.Customer, Transition> react) {
    Map<String, AccountStatus> changed = new LinkedHashMap<>();
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
    print(moments, changed);
    for (Transition each : fresh) {
      react.accept(bill.customers().get(each.getAccountId()), each);
    }
    return List.copyOf(changed.values());
  }

  /** Of the same instant, first what was done, then what followed. */
  private void print(Map<Moment, List<Transition>> moments, Map<String, AccountStatus> changed) {
    List<Line> lines = new ArrayList<>(notes);
    notes.clear();
    moments.forEach(
        (moment, steps) -> {
          DemoEvent event = DemoEvent.of(steps);
          if (event != null) {
            DemoBill.Customer customer = bill.customers().get(moment.accountId());
            String detail = detail(event, steps, changed.get(moment.accountId()));
            lines.add(new Line(moment.at(), customer, event, detail));
          }
        });
    lines.sort(Comparator.comparing(Line::at));
    for (Line line : lines) {
      out.printf(
          "%s  %-18s %s %s%n",
          text(line.at()), line.customer().name(), line.event().label(), line.detail());
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

  private String detail(DemoEvent event, List<Transition> steps, AccountStatus status) {
    String products = products(steps, t -> true);
    String inGrace = products(steps, t -> t.getToState() == ServiceState.SERVICE_STATE_GRACE);
    return switch (event) {
      case OVERDUE ->
          "owes "
              + (status.hasArrears() ? Wire.text(status.getArrears().getAmountDue()) : "nothing")
              + ", notified"
              + (inGrace.isEmpty() ? "" : "; " + inGrace + GRACE);
      case RECEIVED ->
          inGrace
              + GRACE
              + (has(steps, "receipt-assumed") ? ", as nobody confirmed for 24 hours" : "");
      case SUSPENDED ->
          suspended(steps, status) + (inGrace.isEmpty() ? "" : "; " + inGrace + GRACE);
      case RESTORED, PAID -> restored(steps, status);
      case RESTRICTED, LIFTED -> "%s: now for %s".formatted(products, reasons(steps, status));
      case BANNED -> products + ": broke the terms, and nothing leads back";
      case REPOSSESSED ->
          products
              + ": resources taken back"
              + (has(steps, "restriction-lifted") ? ", now that nothing forbids it" : "");
      case APPROVED -> "by %s; %s stopped".formatted(steps.get(0).getActor(), products);
      case SETTLED -> products + ": all is billed and paid, the data is to be erased";
      case CLEARED -> products + ": all data is erased" + banned(status);
      case HELD, LEAVES, FAILED, TOLD_AGAIN -> products;
    };
  }

  private String restored(List<Transition> steps, AccountStatus status) {
    if (has(steps, "started")) {
      return products(steps, t -> true) + ": started by " + steps.get(0).getActor();
    } else if (has(steps, "restriction-lifted")) {
      return products(steps, t -> true) + ": the last reason is lifted";
    }
    List<Transition> suspended =
        steps.stream()
            .filter(t -> t.getFromState() == ServiceState.SERVICE_STATE_SUSPENDED)
            .toList();
    List<Transition> stay =
        suspended.stream()
            .filter(t -> t.getToState() == ServiceState.SERVICE_STATE_SUSPENDED)
            .toList();
    String back = products(suspended, t -> !stay.contains(t));
    return payment(status)
        + (back.isEmpty() ? "" : "; " + back + " restored at once")
        + (stay.isEmpty()
            ? ""
            : "; %s stays suspended: %s"
                .formatted(products(stay, t -> true), reasons(stay, status)))
        + (suspended.isEmpty() ? ", nothing was stopped" : "");
  }

  private static String suspended(List<Transition> steps, AccountStatus status) {
    List<Transition> suspended =
        steps.stream().filter(t -> t.getToState() == ServiceState.SERVICE_STATE_SUSPENDED).toList();
    String products = products(suspended, t -> true);
    return products
        + (products.equals("css") ? ": nothing new may start" : "")
        + affected(suspended, status);
  }

  /** What other products of the account cannot do while these are suspended. */
  private static String affected(List<Transition> steps, AccountStatus status) {
    String affected =
        status.getServicesList().stream()
            .filter(s -> steps.stream().noneMatch(t -> t.getProduct().equals(s.getProduct())))
            .flatMap(
                service ->
                    service.getFeaturesList().stream()
                        .filter(feature -> because(feature, steps))
                        .map(
                            feature ->
                                "%s of %s %s"
                                    .formatted(
                                        feature.getFeature(),
                                        service.getProduct(),
                                        Wire.word(feature.getEffect(), "EFFECT_"))))
            .collect(Collectors.joining(", "));
    return affected.isEmpty() ? "" : "; " + affected;
  }

  private static boolean because(FeatureStatus feature, List<Transition> steps) {
    return steps.stream()
        .map(step -> step.getProduct() + " is SUSPENDED")
        .anyMatch(feature.getBecause()::equals);
  }

  private String payment(AccountStatus status) {
    String paid = payments.remove(status.getAccountId());
    return paid == null ? "credited" : "paid " + paid;
  }

  private static String banned(AccountStatus status) {
    boolean banned =
        status.getServicesList().stream()
            .anyMatch(service -> service.getState() == ServiceState.SERVICE_STATE_BANNED);
    return banned ? "; the account stays banned" : "";
  }

  /** Why the services that moved are suspended now. */
  private static String reasons(List<Transition> steps, AccountStatus status) {
    return status.getServicesList().stream()
        .filter(s -> steps.stream().anyMatch(t -> t.getProduct().equals(s.getProduct())))
        .filter(service -> service.getReasonsCount() > 0)
        .map(StatusCommand::reasons)
        .distinct()
        .collect(Collectors.joining("; "));
  }

  private static boolean has(List<Transition> steps, String rule) {
    return steps.stream().anyMatch(step -> step.getRule().equals(rule));
  }

  private static String products(List<Transition> steps, Predicate<Transition> which) {
    return steps.stream()
        .filter(which)
        .map(Transition::getProduct)
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
