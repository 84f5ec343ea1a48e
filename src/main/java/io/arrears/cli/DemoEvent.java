package io.arrears.cli;

import io.arrears.v1.ServiceState;
import io.arrears.v1.Transition;
import java.util.List;
import java.util.Locale;

/** What a line of the demonstration tells, and in which colour. */
enum DemoEvent {
  OVERDUE("\u001b[33m"),
  RECEIVED("\u001b[36m"),
  HELD("\u001b[36m"),
  SUSPENDED("\u001b[31m"),
  PAID("\u001b[32m"),
  RESTORED("\u001b[32m"),
  RESTRICTED("\u001b[31m"),
  LIFTED("\u001b[32m"),
  BANNED("\u001b[31m"),
  REPOSSESSED("\u001b[35m"),
  LEAVES("\u001b[34m"),
  APPROVED("\u001b[34m"),
  SETTLED("\u001b[34m"),
  FAILED("\u001b[31m"),
  TOLD_AGAIN("\u001b[33m"),
  CLEARED("\u001b[35m");

  private static final boolean COLOURS = Boolean.getBoolean("arrears.colours");
  private static final String PLAIN = "\u001b[0m";

  private final String colour;

  DemoEvent(String colour) {
    this.colour = colour;
  }

  String label() {
    String text = "%-11s".formatted(name().toLowerCase(Locale.ROOT).replace('_', ' '));
    return COLOURS ? colour + text + PLAIN : text;
  }

  /**
   * What a moment of an account is called, by the newest of its steps that has a name. Null if
   * nobody need be told: a grace period that began with the debt itself.
   */
  static DemoEvent of(List<Transition> steps) {
    DemoEvent event = null;
    for (Transition step : steps) {
      DemoEvent own = of(step);
      boolean followsFromIt = own == RECEIVED || own == SETTLED || own == PAID;
      event = own == null || (event != null && followsFromIt) ? event : own;
    }
    return event;
  }

  private static DemoEvent of(Transition step) {
    boolean active = step.getToState() == ServiceState.SERVICE_STATE_ACTIVE;
    return switch (step.getRule()) {
      case "balance-below-limit", "bills-past-due" -> OVERDUE;
      case "receipt-confirmed", "receipt-assumed" -> RECEIVED;
      case "grace-expired" -> SUSPENDED;
      case "arrears-cleared" -> active ? RESTORED : PAID;
      case "started", "reopened" -> RESTORED;
      case "restricted" -> RESTRICTED;
      case "restriction-lifted" -> active ? RESTORED : LIFTED;
      case "violation" -> BANNED;
      case "overdue-retention-expired",
          "suspension-retention-expired",
          "violation-retention-expired" ->
          REPOSSESSED;
      case "deactivation-approved" -> APPROVED;
      case "clearing-started" -> SETTLED;
      case "data-cleared" -> CLEARED;
      default -> null;
    };
  }
}
