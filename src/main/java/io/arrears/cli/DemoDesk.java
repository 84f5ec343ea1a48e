package io.arrears.cli;

import io.arrears.v1.AccountStatus;
import io.arrears.v1.ApproveDeactivationRequest;
import io.arrears.v1.Deactivation;
import io.arrears.v1.GetDeactivationRequest;
import io.arrears.v1.Hold;
import io.arrears.v1.LiftRestrictionRequest;
import io.arrears.v1.ListHoldsRequest;
import io.arrears.v1.PlaceHoldRequest;
import io.arrears.v1.RequestDeactivationRequest;
import io.arrears.v1.RestrictAccountRequest;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.StartServiceRequest;
import io.arrears.v1.SuspensionReason;
import io.arrears.v1.Transition;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the provider's people decide in the demonstration: help desk, risk and legal. */
final class DemoDesk {

  private static final String TICKET = "T-1042";
  private static final String ASKS = "alice";
  private static final String APPROVES = "bob";

  private static final Duration CALLS_AFTER = Duration.ofHours(10);
  private static final Duration HOLDS_FOR = Duration.ofDays(7);
  private static final Duration KEEPS_AFTER = Duration.ofDays(5);
  private static final Duration STARTS_AFTER = Duration.ofHours(1);

  private final Connection connection;
  private final DemoBill bill;
  private final DemoAgenda agenda;
  private final DemoTimeline timeline;
  private final DemoCustomers customers;
  private boolean asked;

  DemoDesk(
      Connection connection,
      DemoBill bill,
      DemoAgenda agenda,
      DemoTimeline timeline,
      DemoCustomers customers) {
    this.connection = connection;
    this.bill = bill;
    this.agenda = agenda;
    this.timeline = timeline;
    this.customers = customers;
  }

  /** What is decided for reasons of their own, whatever the account owes. */
  void plan() {
    DemoBill.Customer banned = bill.customer(DemoBill.Fate.BANNED);
    at("2024-10-01T10:00:00Z", () -> restrict(banned, Reason.VIOLATION));
    DemoBill.Customer investigated = bill.customer(DemoBill.Fate.INVESTIGATED);
    at("2024-10-20T03:00:00Z", () -> restrict(investigated, Reason.LEGAL));
    DemoBill.Customer leaves = bill.customer(DemoBill.Fate.LEAVES);
    at("2024-10-08T07:00:00Z", () -> ask(leaves));
    at("2024-10-09T02:00:00Z", this::approve);
  }

  private void at(String instant, Runnable what) {
    agenda.at(Instant.parse(instant), what);
  }

  private enum Reason {
    VIOLATION(SuspensionReason.SUSPENSION_REASON_VIOLATION, "risk", "pirated streams"),
    LEGAL(SuspensionReason.SUSPENSION_REASON_LEGAL, "legal", "court order 17/24");

    /** Over the day on which the resources would be taken back. */
    private static final Duration STANDS_FOR = Duration.ofDays(27);

    final SuspensionReason onTheWire;
    final String actor;
    final String comment;

    Reason(SuspensionReason onTheWire, String actor, String comment) {
      this.onTheWire = onTheWire;
      this.actor = actor;
      this.comment = comment;
    }
  }

  private void restrict(DemoBill.Customer customer, Reason reason) {
    String restriction =
        connection
            .as(reason.actor)
            .lifecycle()
            .restrictAccount(
                RestrictAccountRequest.newBuilder()
                    .setAccountId(customer.accountId())
                    .setReason(reason.onTheWire)
                    .setComment(reason.comment)
                    .setRequestId("demo:" + reason)
                    .build())
            .getRestrictionId();
    if (reason == Reason.LEGAL) {
      agenda.at(agenda.now().plus(Reason.STANDS_FOR), () -> lift(restriction));
    }
  }

  private void lift(String restriction) {
    connection
        .as(Reason.LEGAL.actor)
        .lifecycle()
        .liftRestriction(
            LiftRestrictionRequest.newBuilder()
                .setRestrictionId(restriction)
                .setComment("order set aside")
                .build());
  }

  private void ask(DemoBill.Customer customer) {
    connection
        .as(ASKS)
        .lifecycle()
        .requestDeactivation(
            RequestDeactivationRequest.newBuilder()
                .setTicketId(TICKET)
                .setAccountId(customer.accountId())
                .setReason("the customer leaves")
                .build());
    asked = true;
    timeline.note(
        agenda.now(), customer, DemoEvent.LEAVES, "ticket %s, by %s".formatted(TICKET, ASKS));
  }

  private void approve() {
    connection
        .as(APPROVES)
        .lifecycle()
        .approveDeactivation(ApproveDeactivationRequest.newBuilder().setTicketId(TICKET).build());
  }

  /** The ticket as it stands; null if nobody has asked yet. */
  Deactivation ticket() {
    return asked
        ? connection
            .lifecycle()
            .getDeactivation(GetDeactivationRequest.newBuilder().setTicketId(TICKET).build())
        : null;
  }

  /** What people do about what has just happened to an account. */
  void react(DemoBill.Customer customer, Transition transition) {
    switch (transition.getToState()) {
      case SERVICE_STATE_OVERDUE -> {
        if (customer.fate() == DemoBill.Fate.PROMISES) {
          agenda.at(agenda.now().plus(CALLS_AFTER), () -> hold(customer));
        }
      }
      case SERVICE_STATE_SUSPENDED -> {
        if (transition.getRule().equals("arrears-cleared")) {
          agenda.at(agenda.now().plus(STARTS_AFTER), () -> start(customer));
        }
      }
      default -> {}
    }
  }

  /** The customer promises to pay; the timers stand still meanwhile. */
  private void hold(DemoBill.Customer customer) {
    AccountStatus status = customers.status(customer);
    if (!status.hasArrears()) {
      return;
    }
    BigDecimal promised = DemoCustomers.owes(customer, status);
    Instant until = agenda.now().plus(HOLDS_FOR);
    Hold hold =
        connection
            .as(ASKS)
            .lifecycle()
            .placeHold(
                PlaceHoldRequest.newBuilder()
                    .setAccountId(customer.accountId())
                    .setUntil(Wire.timestamp(until))
                    .setReason("promises to pay")
                    .setPromisedAmount(Wire.money(promised, customer.currency()))
                    .setRequestId("demo:promise-" + status.getArrears().getEpisode())
                    .build());
    timeline.note(
        agenda.now(),
        customer,
        DemoEvent.HELD,
        "until %s: promises %s"
            .formatted(DemoTimeline.text(until), Wire.text(hold.getPromisedAmount())));
    agenda.at(agenda.now().plus(KEEPS_AFTER), () -> customers.pay(customer, " as promised"));
  }

  /** All holds, as they stand. */
  List<Hold> holds() {
    return connection.lifecycle().listHolds(ListHoldsRequest.getDefaultInstance()).getHoldsList();
  }

  /** What waits for nothing but a hand, because its policy does not restore it by itself. */
  private void start(DemoBill.Customer customer) {
    for (ServiceStatus service : customers.status(customer).getServicesList()) {
      if (service
          .getReasonsList()
          .equals(List.of(SuspensionReason.SUSPENSION_REASON_AWAITING_START))) {
        connection
            .as(ASKS)
            .lifecycle()
            .startService(
                StartServiceRequest.newBuilder()
                    .setAccountId(customer.accountId())
                    .setProduct(service.getProduct())
                    .setTicketId("T-2" + customer.rank())
                    .build());
      }
    }
  }
}
