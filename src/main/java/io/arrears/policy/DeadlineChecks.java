package io.arrears.policy;

import static io.arrears.policy.Spans.alwaysLonger;
import static io.arrears.policy.Spans.neverLonger;

import io.arrears.core.Effect;
import io.arrears.core.Grace;
import io.arrears.core.Grace.Anchor;
import io.arrears.core.Policy;
import io.arrears.core.Reminder;
import io.arrears.core.Reminder.Deadline;
import io.arrears.core.Repossession.Winner;
import io.arrears.core.Span;
import io.arrears.core.Stage;
import io.arrears.core.Suspension.Billed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges the order of a policy's deadlines: what could never come, because something else is
 * certain to come first. Where it hangs on when a customer reads a message, or on how long a month
 * is, nothing is refused.
 */
final class DeadlineChecks {

  /** An instant in the course of arrears: so long after the service became overdue, or stopped. */
  private record Point(boolean fromSuspension, List<Span> spans) {

    static Point of(boolean fromSuspension, Span span) {
      return new Point(fromSuspension, List.of(span));
    }

    Point and(Span more) {
      List<Span> longer = new ArrayList<>(spans);
      longer.add(more);
      return new Point(fromSuspension, longer);
    }
  }

  private static final Point SUSPENSION = new Point(true, List.of());

  private final Sheet sheet;
  private final Section top;
  private final Policy policy;

  DeadlineChecks(Sheet sheet) {
    this.sheet = sheet;
    this.top = sheet.top;
    this.policy = sheet.policy;
  }

  void check() {
    if (!sheet.sound("billing", "overdue", "grace", "suspension", "repossession")) {
      return;
    }
    if (policy.suspension() != null) {
      repossession();
      if (sheet.sound("stages")) {
        stages();
      }
    }
    if (sheet.sound("clearing") && clocks().isEmpty() && !policy.clearing().after().isNone()) {
      top.faultAt(
          "must be left out where nothing is repossessed: it counts from there",
          "clearing",
          "after");
    }
    if (sheet.sound("reminders", "clearing")) {
      reminders();
    }
  }

  /** The clocks of the repossession; one that is over at once means with the suspension. */
  private List<Point> clocks() {
    List<Point> clocks = new ArrayList<>();
    Span afterOverdue = policy.repossession().afterOverdue();
    if (afterOverdue != null) {
      clocks.add(afterOverdue.isNone() ? SUSPENSION : Point.of(false, afterOverdue));
    }
    if (policy.repossession().afterSuspension() != null) {
      clocks.add(Point.of(true, policy.repossession().afterSuspension()));
    }
    return clocks;
  }

  private boolean allClocksMustRunOut() {
    return policy.repossession().wins() == Winner.LATER;
  }

  /** Whether the service is certain to be repossessed by then. */
  private boolean repossessedBy(Point point) {
    List<Point> clocks = clocks();
    return !clocks.isEmpty()
        && (allClocksMustRunOut()
            ? clocks.stream().allMatch(clock -> neverAfter(clock, point))
            : clocks.stream().anyMatch(clock -> neverAfter(clock, point)));
  }

  /** Whether one point is certain to come no later than another. */
  private boolean neverAfter(Point one, Point other) {
    if (one.fromSuspension == other.fromSuspension) {
      return neverLonger(one.spans, other.spans);
    }
    if (other.fromSuspension) {
      return graceIsWithinOverdue() && neverLonger(one.spans, sinceOverdue(other));
    }
    return suspensionIsFixed() && neverLonger(sinceOverdue(one), other.spans);
  }

  private List<Span> sinceOverdue(Point point) {
    List<Span> spans = new ArrayList<>();
    if (point.fromSuspension && graceIsWithinOverdue()) {
      spans.add(policy.grace().length());
    }
    spans.addAll(point.spans);
    return spans;
  }

  /** A bill can be issued long before it makes a service overdue; no other anchor comes earlier. */
  private boolean graceIsWithinOverdue() {
    return policy.grace().from() != Anchor.BILL_ISSUED;
  }

  /** Whether the suspension comes at a fixed time after the service became overdue. */
  private boolean suspensionIsFixed() {
    Grace grace = policy.grace();
    return graceIsWithinOverdue()
        && grace.from() != Anchor.NOTIFICATION_RECEIVED
        && grace.from() != Anchor.NOTIFICATION_SENT;
  }

  private void repossession() {
    Span afterOverdue = policy.repossession().afterOverdue();
    boolean decides = policy.repossession().afterSuspension() == null || !allClocksMustRunOut();
    if (afterOverdue != null
        && !afterOverdue.isNone()
        && decides
        && neverAfter(Point.of(false, afterOverdue), SUSPENSION)) {
      top.faultAt(
          "must be longer than the grace: it is over before the suspension; if that is meant, write"
              + " at-once",
          "repossession",
          "after-overdue");
    }
    Span ticketAfter = policy.suspension().restore().ticketAfter();
    if (ticketAfter != null && repossessedBy(Point.of(true, ticketAfter))) {
      top.faultAt(
          "must be shorter than the time until the repossession, which no ticket undoes",
          "suspension",
          "ticket-after");
    }
  }

  private void stages() {
    Set<String> names = new HashSet<>();
    Point before = SUSPENSION;
    for (int i = 0; i < policy.stages().size(); i++) {
      Stage stage = policy.stages().get(i);
      Point reached = point(stage, before);
      if (!names.add(stage.name())) {
        top.faultAt("is the name of two stages", "stages", i, "name");
      }
      // One that is reached with the suspension itself is another way to say what it does.
      boolean late = i == 0 ? certainlyBefore(reached) : neverAfter(reached, before);
      if (late) {
        top.faultAt(
            "must be later than the " + (i == 0 ? "suspension" : "stage before it"),
            "stages",
            i,
            "after");
      }
      if (repossessedBy(reached)) {
        top.faultAt("must be earlier than the repossession", "stages", i, "after");
      }
      before = reached;
    }
    strictness();
  }

  private static Point point(Stage stage, Point before) {
    return switch (stage.from()) {
      case OVERDUE -> Point.of(false, stage.after());
      case SUSPENSION -> Point.of(true, stage.after());
      case PREVIOUS -> before.and(stage.after());
    };
  }

  private boolean certainlyBefore(Point reached) {
    return !reached.fromSuspension
        && graceIsWithinOverdue()
        && alwaysLonger(List.of(policy.grace().length()), reached.spans);
  }

  /** Nothing comes back while nothing is paid. */
  private void strictness() {
    Map<String, Effect> effects = new HashMap<>();
    var access = policy.suspension().access();
    Billed billed = policy.suspension().billed();
    for (int i = 0; i < policy.stages().size(); i++) {
      Stage stage = policy.stages().get(i);
      if (stage.access().compareTo(access) < 0) {
        top.faultAt(
            "must not be milder than before, " + Values.word(access), "stages", i, "access");
      }
      if (extent(stage.billed()) > extent(billed)) {
        top.faultAt("must not be more than was billed before", "stages", i, "billed");
      }
      for (Map.Entry<String, Effect> effect : stage.features().entrySet()) {
        Effect earlier = effects.put(effect.getKey(), effect.getValue());
        if (earlier != null && effect.getValue().compareTo(earlier) < 0) {
          top.faultAt(
              "must not be milder than before, " + Values.word(earlier),
              "stages",
              i,
              "features",
              effect.getKey());
        }
      }
      access = stage.access();
      billed = stage.billed();
    }
  }

  private static int extent(Billed billed) {
    return billed.all() ? 2 : billed.skus().isEmpty() ? 0 : 1;
  }

  private void reminders() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < policy.reminders().size(); i++) {
      Reminder reminder = policy.reminders().get(i);
      String fault = fault(reminder);
      if (fault != null) {
        top.faultAt(fault, "reminders", i);
      } else if (!ids.add(reminder.id())) {
        top.faultAt("is the same as one before it: " + reminder.id(), "reminders", i);
      }
    }
  }

  private @Nullable String fault(Reminder reminder) {
    if (!happens(reminder.of())) {
      return "must be of something that happens: there is no "
          + Values.word(reminder.of())
          + " by this policy";
    }
    if (!reminder.before()) {
      return afterwards(reminder);
    }
    if (reminder.of() == Deadline.OVERDUE) {
      return "must have after, not before: what makes a service overdue is not known before; for"
          + " the time that the balance lasts there is runway-alert";
    }
    return tooEarly(reminder)
        ? "must have a before that is no longer than the time there is until the "
            + Values.word(reminder.of())
        : null;
  }

  private @Nullable String afterwards(Reminder reminder) {
    if (reminder.promised()) {
      return "must have before where it is promised: what has happened does not wait for it";
    }
    boolean suspension = reminder.of() == Deadline.SUSPENSION;
    return (suspension || reminder.of() == Deadline.OVERDUE)
            && repossessedBy(Point.of(suspension, reminder.by()))
        ? "must have an after that is over before the repossession"
        : null;
  }

  private boolean happens(Deadline deadline) {
    return switch (deadline) {
      case OVERDUE -> true;
      case SUSPENSION -> policy.suspension() != null;
      case REPOSSESSION, CLEARING -> policy.suspension() != null && !clocks().isEmpty();
    };
  }

  /** Whether it would be due before the service is even overdue. */
  private boolean tooEarly(Reminder reminder) {
    List<Span> by = new ArrayList<>(List.of(reminder.by()));
    if (!graceIsWithinOverdue() && policy.overdue().bills() != null) {
      if (policy.bills().payWithin() != null) {
        by.add(policy.bills().payWithin());
      }
      by.add(policy.overdue().bills().pastDue());
    }
    List<Span> grace = List.of(policy.grace().length());
    return switch (reminder.of()) {
      case SUSPENSION -> alwaysLonger(by, grace);
      case REPOSSESSION -> tooEarly(by, Span.NONE);
      case CLEARING -> tooEarly(by, policy.clearing().after());
      case OVERDUE -> true;
    };
  }

  private boolean tooEarly(List<Span> by, Span afterRepossession) {
    List<Point> clocks = clocks();
    return allClocksMustRunOut()
        ? clocks.stream().allMatch(clock -> tooEarly(by, clock, afterRepossession))
        : clocks.stream().anyMatch(clock -> tooEarly(by, clock, afterRepossession));
  }

  private boolean tooEarly(List<Span> by, Point clock, Span afterRepossession) {
    List<Span> time = new ArrayList<>();
    if (clock.fromSuspension) {
      time.add(policy.grace().length());
    }
    time.addAll(clock.spans);
    time.add(afterRepossession);
    return alwaysLonger(clock.fromSuspension ? by : List.of(by.get(0)), time);
  }
}
