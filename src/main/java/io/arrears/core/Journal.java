package io.arrears.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one command did to an account, to be written down: its chain of transitions. */
final class Journal {

  private final String accountId;
  private final List<Transition> transitions = new ArrayList<>();
  private final List<BilledChange> billedChanges = new ArrayList<>();
  private long sequence;
  private byte[] chainHash;

  Journal(Account.State state) {
    this.accountId = state.accountId();
    this.sequence = state.transitionSequence();
    this.chainHash = state.chainHash();
  }

  /**
   * @param service as it was before
   */
  void moved(
      Service service, Course.Move move, Standing after, String why, Instant now, String actor) {
    Standing before = service.standing();
    Step step = move.step();
    Transition transition =
        new Transition(
                accountId,
                ++sequence,
                service.product(),
                before.state(),
                after.state(),
                step.at(),
                now,
                step.rule().id(),
                move.policy().version(),
                actor,
                why,
                chainHash,
                new byte[0])
            .sealed();
    transitions.add(transition);
    chainHash = transition.hash();
    Suspension.Billed billed = billed(after, move.policy());
    if (!billed.equals(billed(before, move.policy()))) {
      billedChanges.add(new BilledChange(accountId, service.product(), step.at(), billed));
    }
  }

  /** By its id, of a product's last move or else of another that it may follow; null if none. */
  @Nullable String lastRule(String product) {
    String last = null;
    String own = null;
    for (Transition transition : transitions) {
      last = transition.rule();
      own = transition.product().equals(product) ? last : own;
    }
    return own == null ? last : own;
  }

  private static Suspension.Billed billed(Standing standing, Policy policy) {
    Stage stage = policy.stage(standing.stage());
    if (standing.state() != ServiceState.SUSPENDED || policy.suspension() == null) {
      return Suspension.Billed.ALL;
    }
    return stage != null ? stage.billed() : policy.suspension().billed();
  }

  /** What the customer hears of a move; null for nothing. */
  static Notice.@Nullable Rung news(Standing before, Step step) {
    return switch (step.rule()) {
      case GRACE_EXPIRED -> Notice.Rung.SUSPENDED;
      case ARREARS_CLEARED, STARTED, RESTRICTION_LIFTED ->
          before.state() == ServiceState.SUSPENDED && step.to() == ServiceState.ACTIVE
              ? Notice.Rung.RESTORED
              : null;
      case OVERDUE_RETENTION_EXPIRED, SUSPENSION_RETENTION_EXPIRED -> Notice.Rung.REPOSSESSED;
      case DATA_CLEARED -> Notice.Rung.CLEARED;
      default -> null;
    };
  }

  long sequence() {
    return sequence;
  }

  byte[] chainHash() {
    return chainHash;
  }

  List<Transition> transitions() {
    return transitions;
  }

  List<BilledChange> billedChanges() {
    return billedChanges;
  }
}
