package io.arrears.core;

import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.BANNED;
import static io.arrears.core.ServiceState.CLEARED;
import static io.arrears.core.ServiceState.DEACTIVATING;
import static io.arrears.core.ServiceState.GRACE;
import static io.arrears.core.ServiceState.OVERDUE;
import static io.arrears.core.ServiceState.REPOSSESSED;
import static io.arrears.core.ServiceState.SUSPENDED;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The transition table, as data: every move that a service can make, with the clause it comes from.
 * What is not here cannot happen. {@code docs/states.md} is generated from it.
 */
public enum Rule {
  BALANCE_BELOW_LIMIT("S3", "The balance went below the credit limit.", move(ACTIVE).to(OVERDUE)),
  BILLS_PAST_DUE(
      "S3", "Bills are past due for as long as the policy waits.", move(ACTIVE).to(OVERDUE)),
  RECEIPT_CONFIRMED(
      "S4",
      "The customer has received the notification; the grace period starts.",
      move(OVERDUE).to(GRACE)),
  RECEIPT_BY_DELIVERY(
      "S4",
      "A channel that confirms has delivered the notification, and the policy takes that for its"
          + " receipt.",
      move(OVERDUE).to(GRACE)),
  RECEIPT_ASSUMED(
      "S4",
      "Nobody confirmed the receipt for as long as the policy waits; it counts as received.",
      move(OVERDUE).to(GRACE)),
  GRACE_STARTED(
      "S4",
      "The policy's grace does not wait for a receipt: it starts from another anchor.",
      move(OVERDUE).to(GRACE)),
  GRACE_EXPIRED(
      "S4",
      "The grace period ended without the payment that clears.",
      move(GRACE, SUSPENDED).to(SUSPENDED)),
  STAGE_REACHED(
      "policies",
      "Suspended for arrears long enough for the policy's next stage.",
      stay(SUSPENDED)),
  ARREARS_CLEARED(
      "S4",
      "A payment or credit cleared the arrears. A service stays suspended where another reason"
          + " stands, or where the policy leaves it to the customer to start it.",
      move(OVERDUE, GRACE, SUSPENDED).to(ACTIVE),
      stay(SUSPENDED)),
  STARTED(
      "policies",
      "The customer started the service, once nothing else stood in the way.",
      move(SUSPENDED).to(ACTIVE)),
  OVERDUE_RETENTION_EXPIRED(
      "S10",
      "Overdue for longer than the policy keeps resources.",
      move(SUSPENDED).to(REPOSSESSED)),
  SUSPENSION_RETENTION_EXPIRED(
      "S7",
      "Suspended for arrears for longer than the policy keeps resources.",
      move(SUSPENDED).to(REPOSSESSED)),
  RESTRICTED(
      "people",
      "An operator gave a reason that money does not lift.",
      move(ACTIVE, OVERDUE, GRACE, SUSPENDED).to(SUSPENDED),
      stay(REPOSSESSED, DEACTIVATING, BANNED)),
  RESTRICTION_LIFTED(
      "people",
      "An operator lifted a reason. The service resumes when none is left.",
      move(SUSPENDED).to(ACTIVE),
      stay(SUSPENDED, REPOSSESSED, DEACTIVATING, BANNED)),
  VIOLATION(
      "S9",
      "The account broke the terms; nothing leads back.",
      move(ACTIVE, OVERDUE, GRACE, SUSPENDED, REPOSSESSED, DEACTIVATING).to(BANNED)),
  VIOLATION_RETENTION_EXPIRED(
      "S7", "Banned for longer than the policy keeps resources; they are released.", stay(BANNED)),
  DEACTIVATION_APPROVED(
      "S11",
      "The customer asked to leave, and a second person approved.",
      move(ACTIVE, OVERDUE, GRACE, SUSPENDED, REPOSSESSED).to(DEACTIVATING)),
  CLEARING_STARTED(
      "S10, S11",
      "The product is told to erase data and records, category by category.",
      stay(REPOSSESSED, DEACTIVATING, BANNED)),
  CLEARING_WITHDRAWN(
      "S10",
      "The arrears were paid before everything was erased: what is left is kept.",
      stay(REPOSSESSED)),
  DATA_CLEARED(
      "S10, S11",
      "The product has reported every category as erased.",
      move(REPOSSESSED, DEACTIVATING).to(CLEARED),
      stay(BANNED)),
  REOPENED(
      "people",
      "The service starts afresh, with nothing of the old one.",
      move(CLEARED, REPOSSESSED).to(ACTIVE));

  /** One move. */
  public record Arc(ServiceState from, ServiceState to) {}

  private final String clause;
  private final String meaning;

  @SuppressWarnings("ImmutableEnumChecker") // List.copyOf never changes.
  private final List<Arc> arcs;

  Rule(String clause, String meaning, List<Arc> arcs) {
    this(clause, meaning, arcs, List.of());
  }

  Rule(String clause, String meaning, List<Arc> moves, List<Arc> stays) {
    this.clause = clause;
    this.meaning = meaning;
    this.arcs = Stream.concat(moves.stream(), stays.stream()).toList();
  }

  private record From(List<ServiceState> states) {

    List<Arc> to(ServiceState to) {
      return states.stream().map(from -> new Arc(from, to)).toList();
    }
  }

  private static From move(ServiceState... states) {
    return new From(List.of(states));
  }

  private static List<Arc> stay(ServiceState... states) {
    List<Arc> arcs = new ArrayList<>();
    for (ServiceState state : states) {
      arcs.add(new Arc(state, state));
    }
    return arcs;
  }

  /** Where in the source, or in the service's own documents, it comes from. */
  public String clause() {
    return clause;
  }

  /** What happened, in a sentence. */
  public String meaning() {
    return meaning;
  }

  /** The moves that it makes. */
  public List<Arc> arcs() {
    return arcs;
  }

  public boolean leads(ServiceState from, ServiceState to) {
    return arcs.contains(new Arc(from, to));
  }

  boolean leavesFrom(ServiceState state) {
    return arcs.stream().anyMatch(arc -> arc.from() == state);
  }

  /** Whether it takes away something that no payment brings back. */
  public boolean irreversible() {
    return switch (this) {
      case OVERDUE_RETENTION_EXPIRED,
          SUSPENSION_RETENTION_EXPIRED,
          VIOLATION_RETENTION_EXPIRED,
          CLEARING_STARTED,
          DATA_CLEARED ->
          true;
      default -> false;
    };
  }

  /** Whether it has to wait until no hold runs any more. */
  boolean waitsForHolds() {
    return switch (this) {
      case RECEIPT_ASSUMED, GRACE_EXPIRED, STAGE_REACHED -> true;
      default -> irreversible();
    };
  }

  /** The name that transitions, counts and documents carry, for example {@code grace-expired}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
