package io.arrears.core;

import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.GRACE;
import static io.arrears.core.ServiceState.OVERDUE;
import static io.arrears.core.ServiceState.REPOSSESSED;
import static io.arrears.core.ServiceState.SUSPENDED;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The transition table, as data: every move that a service can make, with the clause it comes from.
 * What is not here cannot happen.
 */
public enum Rule {
  /** S3: the balance went below the credit limit. */
  BALANCE_BELOW_LIMIT(OVERDUE, ACTIVE),
  /** S4: the customer has received the notification; the grace period starts. */
  RECEIPT_CONFIRMED(GRACE, OVERDUE),
  /** S4: nobody confirmed the receipt for as long as the policy waits; it counts as received. */
  RECEIPT_ASSUMED(GRACE, OVERDUE),
  /** The policy's grace does not wait for a receipt: it starts with the deduction itself. */
  GRACE_STARTED(GRACE, OVERDUE),
  /** S4: the grace period ended without the payment that clears. */
  GRACE_EXPIRED(SUSPENDED, GRACE),
  /** S4: a payment or credit cleared the arrears. */
  ARREARS_CLEARED(ACTIVE, OVERDUE, GRACE, SUSPENDED),
  /** S10: overdue for longer than the policy keeps resources. */
  OVERDUE_RETENTION_EXPIRED(REPOSSESSED, SUSPENDED),
  /** S7: suspended for longer than the policy keeps resources. */
  SUSPENSION_RETENTION_EXPIRED(REPOSSESSED, SUSPENDED);

  private final ServiceState to;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of and Set.copyOf never change.
  private final Set<ServiceState> from;

  Rule(ServiceState to, ServiceState first, ServiceState... more) {
    this.to = to;
    this.from = Set.copyOf(EnumSet.of(first, more));
  }

  /** The state that the rule leads to. */
  public ServiceState to() {
    return to;
  }

  public boolean leavesFrom(ServiceState state) {
    return from.contains(state);
  }

  /** The name that transitions, counts and documents carry, for example {@code grace-expired}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
