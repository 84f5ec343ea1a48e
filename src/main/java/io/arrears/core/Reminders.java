package io.arrears.core;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When a policy's reminders are due, and what waits for those that it promises. */
final class Reminders {

  private Reminders() {}

  /** A reminder that is to be given. */
  record Due(Reminder reminder, Instant at) {}

  /** Those of the episode that were not given yet, with when they are due. */
  private static List<Due> open(Facts facts, Policy policy) {
    if (policy.reminders().isEmpty()) {
      return List.of();
    }
    List<Due> due = new ArrayList<>();
    List<Step> schedule = Lifecycle.schedule(facts, policy);
    for (Reminder reminder : policy.reminders()) {
      Instant at = reminder.before() ? before(reminder, schedule) : after(reminder, facts);
      if (at != null && !facts.reminded().containsKey(reminder.id())) {
        due.add(new Due(reminder, at));
      }
    }
    return due;
  }

  /** The earliest of those, or null. */
  static @Nullable Due first(Facts facts, Policy policy) {
    return open(facts, policy).stream().min(Comparator.comparing(Due::at)).orElse(null);
  }

  private static @Nullable Instant before(Reminder reminder, List<Step> schedule) {
    for (Step step : schedule) {
      if (announces(reminder.of(), step.rule())) {
        return reminder.by().before(step.at());
      }
    }
    return null;
  }

  private static @Nullable Instant after(Reminder reminder, Facts facts) {
    Standing standing = facts.standing();
    Instant deadline =
        switch (reminder.of()) {
          case OVERDUE ->
              facts.arrears() == null || !atMostSuspended(standing.state())
                  ? null
                  : facts.arrears().overdueSince();
          case SUSPENSION -> standing.suspendedAt();
          case REPOSSESSION ->
              standing.state() == ServiceState.REPOSSESSED ? standing.since() : null;
          case CLEARING -> standing.erased() ? null : standing.clearingSince();
        };
    return deadline == null ? null : reminder.by().after(deadline);
  }

  private static boolean atMostSuspended(ServiceState state) {
    return state.compareTo(ServiceState.SUSPENDED) <= 0;
  }

  private static boolean announces(Reminder.Deadline deadline, Rule rule) {
    return switch (deadline) {
      case OVERDUE -> false;
      case SUSPENSION -> rule == Rule.GRACE_EXPIRED;
      case REPOSSESSION ->
          rule == Rule.OVERDUE_RETENTION_EXPIRED || rule == Rule.SUSPENSION_RETENTION_EXPIRED;
      case CLEARING -> rule == Rule.CLEARING_STARTED;
    };
  }

  /**
   * The deadline, or later where a promised reminder came late, or comes when quiet hours end: it
   * announces the deadline at least for as long as it was promised.
   *
   * @param today when a reminder that was not given yet could be given at the earliest
   */
  static Instant kept(
      Facts facts, Policy policy, Reminder.Deadline of, Instant deadline, Instant today) {
    Instant kept = deadline;
    for (Reminder reminder : policy.reminders()) {
      if (reminder.promised() && reminder.before() && reminder.of() == of) {
        Instant due = reminder.by().before(deadline);
        Instant given = facts.reminded().get(reminder.id());
        Instant from = given == null ? givenAt(due, today, facts, policy) : given;
        boolean late = from.isAfter(due);
        Instant possible = late ? facts.holds().after(from, reminder.by()) : deadline;
        kept = possible.isAfter(kept) ? possible : kept;
      }
    }
    return kept;
  }

  private static Instant givenAt(Instant due, Instant today, Facts facts, Policy policy) {
    Instant at = today.isAfter(due) ? today : due;
    QuietHours quiet = policy.quietHours();
    ZoneId zone = facts.zone() == null ? policy.billing().zone() : facts.zone();
    return quiet == null ? at : quiet.sendAt(at, zone);
  }
}
