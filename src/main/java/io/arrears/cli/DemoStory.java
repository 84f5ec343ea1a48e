package io.arrears.cli;

import io.arrears.v1.AccountStatus;
import io.arrears.v1.AdvanceClockRequest;
import io.arrears.v1.Clock;
import io.arrears.v1.ConfirmNotificationReceiptRequest;
import io.arrears.v1.GetAccountStatusRequest;
import io.arrears.v1.GetClockRequest;
import io.arrears.v1.IngestBillingItemsRequest;
import io.arrears.v1.IngestBillingItemsResponse;
import io.arrears.v1.RecordPaymentRequest;
import io.arrears.v1.Transition;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The demonstration: usage arrives day by day, the clock moves on, customers do what they do, and
 * the service, which is told of nothing else, does the rest.
 */
final class DemoStory {

  /** Where the sample begins. */
  static final Instant START = Instant.parse("2024-09-01T00:00:00Z");

  private static final Duration DAY = Duration.ofDays(1);

  /** The day's usage arrives this long before the day before it is billed. */
  private static final Duration BEFORE_BILLS = Duration.ofHours(1);

  /** Well within the 24 hours that every built-in policy gives. */
  private static final Duration IN_TIME = Duration.ofHours(20);

  private final Connection connection;
  private final DemoBill bill;
  private final Instant end;
  private final int days;
  private final PrintWriter out;
  private final DemoTimeline timeline;
  private final PriorityQueue<Act> acts =
      new PriorityQueue<>(Comparator.comparing(Act::at).thenComparing(Act::order));
  private final Map<String, BigDecimal> paid = new HashMap<>();
  private int sentItems;
  private int sentCorrections;
  private long order;

  DemoStory(Connection connection, DemoBill bill, int days, PrintWriter out) {
    this.connection = connection;
    this.bill = bill;
    this.days = days;
    this.end = START.plus(DAY.multipliedBy(days));
    this.out = out;
    this.timeline = new DemoTimeline(connection, bill, out);
  }

  /** Something that happens at an instant of the virtual clock. */
  private record Act(Instant at, long order, Runnable what) {}

  /** Returns whether the books agree in the end. */
  boolean play() {
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
    open();
    plan();
    while (!acts.isEmpty() && !acts.peek().at().isAfter(end)) {
      Act act = acts.poll();
      advance(act.at());
      act.what().run();
      observe();
    }
    advance(end);
    observe();
    boolean agree = new DemoBooks(connection, bill, paid, end).close(out);
    out.printf("%d days in %.1f s%n", days, (System.nanoTime() - began) / 1e9);
    out.flush();
    return agree;
  }

  private void refuseOtherClock() {
    Clock clock = connection.operations().getClock(GetClockRequest.getDefaultInstance());
    if (!clock.getVirtual() || Wire.instant(clock.getNow()).isAfter(START)) {
      throw new IllegalStateException(
          "the demonstration needs a service with ARREARS_CLOCK=virtual and ARREARS_CLOCK_START="
              + START);
    }
  }

  private void open() {
    advance(START);
    for (DemoBill.Customer each : bill.customers().values()) {
      connection.accounts().createAccount(Requests.account(each.accountId(), each.currency()));
      if (each.starts().signum() > 0) {
        connection
            .accounts()
            .recordPayment(
                Requests.startingBalance(each.accountId(), each.starts(), each.currency()));
        paid.merge(each.accountId(), each.starts(), BigDecimal::add);
      }
    }
  }

  private void plan() {
    Instant lastUsage = bill.usage().get(bill.usage().size() - 1).end();
    for (Instant morning = START.plus(DAY); !morning.isAfter(end); morning = morning.plus(DAY)) {
      Instant usageArrives = morning.minus(BEFORE_BILLS);
      if (!usageArrives.isAfter(lastUsage.plus(DAY))) {
        at(usageArrives, () -> send(usageArrives));
      }
      at(morning, () -> {});
    }
  }

  private void at(Instant when, Runnable what) {
    acts.add(new Act(when, order++, what));
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
        paid.merge(correction.accountId(), correction.amount(), BigDecimal::add);
      }
    }
  }

  private void observe() {
    timeline.observe(this::react);
  }

  /** What a customer does about what has just happened to the account. */
  private void react(DemoBill.Customer customer, Transition transition) {
    Instant at = Wire.instant(transition.getAt());
    switch (transition.getToState()) {
      case SERVICE_STATE_OVERDUE -> {
        if (customer.confirms() != null) {
          at(at.plus(customer.confirms()), () -> confirm(customer));
        }
        if (customer.habit() == DemoBill.Habit.IN_TIME) {
          at(at.plus(IN_TIME), () -> pay(customer));
        }
      }
      case SERVICE_STATE_SUSPENDED -> {
        if (customer.habit() == DemoBill.Habit.LATE) {
          at(at.plus(Duration.ofHours(30 + 7L * customer.rank())), () -> pay(customer));
        }
      }
      default -> {}
    }
  }

  private void confirm(DemoBill.Customer customer) {
    AccountStatus status = status(customer);
    if (status.hasArrears() && !status.getArrears().hasReceivedAt()) {
      connection
          .lifecycle()
          .confirmNotificationReceipt(
              ConfirmNotificationReceiptRequest.newBuilder()
                  .setAccountId(customer.accountId())
                  .setEpisode(status.getArrears().getEpisode())
                  .build());
    }
  }

  /** What is owed, and enough for the rest of the month, in whole units. */
  private void pay(DemoBill.Customer customer) {
    AccountStatus status = status(customer);
    if (!status.hasArrears()) {
      return;
    }
    BigDecimal due = Wire.amount(status.getArrears().getAmountDue());
    BigDecimal amount = DemoBill.wholeUnits(due.add(customer.spends()).subtract(customer.starts()));
    connection
        .accounts()
        .recordPayment(
            RecordPaymentRequest.newBuilder()
                .setAccountId(customer.accountId())
                .setAmount(Wire.money(amount, customer.currency()))
                .setPaymentId("demo:episode-" + status.getArrears().getEpisode())
                .build());
    paid.merge(customer.accountId(), amount, BigDecimal::add);
    timeline.paid(customer, amount);
  }

  private AccountStatus status(DemoBill.Customer customer) {
    return connection
        .accounts()
        .getAccountStatus(
            GetAccountStatusRequest.newBuilder().setAccountId(customer.accountId()).build());
  }
}
