package io.arrears.cli;

import io.arrears.v1.AdvanceClockRequest;
import io.arrears.v1.Clock;
import io.arrears.v1.GetClockRequest;
import io.arrears.v1.IngestBillingItemsRequest;
import io.arrears.v1.IngestBillingItemsResponse;
import io.arrears.v1.Transition;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The demonstration: usage arrives day by day, the clock moves on, customers, people and products
 * do what they do, and the service, which is told of nothing else, does the rest.
 */
final class DemoStory {

  /** Where the sample begins. */
  static final Instant START = Instant.parse("2024-09-01T00:00:00Z");

  private static final Duration DAY = Duration.ofDays(1);

  /** The day's usage arrives this long before the day before it is billed. */
  private static final Duration BEFORE_BILLS = Duration.ofHours(1);

  private final Connection connection;
  private final DemoBill bill;
  private final Instant end;
  private final int days;
  private final URI keys;
  private final PrintWriter out;
  private final DemoTimeline timeline;
  private final DemoAgenda agenda = new DemoAgenda(START);
  private final DemoCustomers customers;
  private final DemoDesk desk;
  private final DemoProducts products;
  private final Set<String> news = new HashSet<>();
  private int sentItems;
  private int sentCorrections;

  /**
   * @param keys where the service publishes the keys of its certificates
   */
  DemoStory(Connection connection, DemoBill bill, int days, URI keys, PrintWriter out) {
    this.connection = connection;
    this.bill = bill;
    this.days = days;
    this.end = START.plus(DAY.multipliedBy(days));
    this.keys = keys;
    this.out = out;
    this.timeline = new DemoTimeline(connection, bill, out);
    this.customers = new DemoCustomers(connection, bill, agenda, timeline);
    this.desk = new DemoDesk(connection, bill, agenda, timeline, customers);
    this.products = new DemoProducts(connection, agenda, timeline, customers);
  }

  /** Returns whether the books agree in the end, and what was promised is kept. */
  boolean play() throws IOException {
    long began = System.nanoTime();
    refuseOtherClock();
    out.printf(
        "%,d lines of real bills (FOCUS 1.0), %d accounts, %d days from %s, Asia/Shanghai. Some"
            + " accounts%nstart with half of what their month costs: they pay in time, late, or never.%n%n",
        bill.usage().size() + bill.corrections().size(),
        bill.customers().size(),
        days,
        DemoTimeline.text(START));
    out.flush();
    advance(START);
    customers.open();
    plan();
    Instant now;
    do {
      now = agenda.next(end);
      advance(now);
      agenda.happen(now);
      products.follow(timeline.observe(this::react));
    } while (now.isBefore(end));
    boolean agree = new DemoBooks(connection, bill, customers.credited(), end).close(out);
    boolean kept = new DemoPromises(desk, bill, keys).check(out);
    out.printf("%d days in %.1f s%n", days, (System.nanoTime() - began) / 1e9);
    out.flush();
    return agree && kept;
  }

  private void refuseOtherClock() {
    Clock clock = connection.operations().getClock(GetClockRequest.getDefaultInstance());
    if (!clock.getVirtual() || Wire.instant(clock.getNow()).isAfter(START)) {
      throw new IllegalStateException(
          "the demonstration needs a service with ARREARS_CLOCK=virtual and ARREARS_CLOCK_START="
              + START);
    }
  }

  private void plan() {
    Instant lastUsage = bill.usage().get(bill.usage().size() - 1).end();
    for (Instant morning = START.plus(DAY); !morning.isAfter(end); morning = morning.plus(DAY)) {
      Instant usageArrives = morning.minus(BEFORE_BILLS);
      if (!usageArrives.isAfter(lastUsage.plus(DAY))) {
        agenda.at(usageArrives, () -> send(usageArrives));
      }
      agenda.at(morning, () -> {});
    }
    desk.plan();
  }

  /** Products hear of each of their services, people once, however many products it concerns. */
  private void react(DemoBill.Customer customer, Transition transition) {
    products.react(customer, transition);
    String what =
        "%s %s %s %s"
            .formatted(
                transition.getAccountId(),
                Wire.instant(transition.getAt()),
                transition.getRule(),
                transition.getToState());
    if (news.add(what)) {
      customers.react(customer, transition);
      desk.react(customer, transition);
    }
  }

  private void advance(Instant to) {
    Clock clock =
        connection
            .operations()
            .advanceClock(AdvanceClockRequest.newBuilder().setInstant(Wire.timestamp(to)).build());
    if (!Wire.instant(clock.getNow()).equals(to)) {
      throw new IllegalStateException("the clock stands at " + Wire.instant(clock.getNow()));
    }
  }

  /** What was used until now and has not been sent. */
  private void send(Instant now) {
    IngestBillingItemsRequest.Builder request = IngestBillingItemsRequest.newBuilder();
    List<FocusLine.Usage> usage = bill.usage();
    while (sentItems < usage.size() && !usage.get(sentItems).end().isAfter(now)) {
      request.addItems(Requests.item(usage.get(sentItems++)));
    }
    if (request.getItemsCount() > 0) {
      IngestBillingItemsResponse answer = connection.billing().ingestBillingItems(request.build());
      if (answer.getAccepted() != request.getItemsCount()) {
        throw new IllegalStateException(
            "of %d items %d were accepted; is the service empty? %s"
                .formatted(
                    request.getItemsCount(), answer.getAccepted(), answer.getRejectionsList()));
      }
    }
    List<FocusLine.Correction> corrections = bill.corrections();
    while (sentCorrections < corrections.size()
        && !corrections.get(sentCorrections).at().isAfter(now)) {
      FocusLine.Correction correction = corrections.get(sentCorrections++);
      if (correction.amount().signum() != 0) {
        connection.accounts().adjustBalance(Requests.adjustment(correction));
        customers.credit(correction.accountId(), correction.amount());
      }
    }
  }
}
