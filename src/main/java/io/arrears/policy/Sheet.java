package io.arrears.policy;

import io.arrears.core.BillingCalendar;
import io.arrears.core.Clearing;
import io.arrears.core.Feature;
import io.arrears.core.Grace;
import io.arrears.core.Notice;
import io.arrears.core.Overdue;
import io.arrears.core.Policy;
import io.arrears.core.QuietHours;
import io.arrears.core.Reminder;
import io.arrears.core.Repossession;
import io.arrears.core.Span;
import io.arrears.core.Stage;
import io.arrears.core.Suspension;
import io.arrears.core.Violation;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.yaml.snakeyaml.nodes.MappingNode;

/**
 * One set of rules as read from a mapping. A part with a fault in it holds some value all the same,
 * so that the sound parts can be judged together and every fault is told at once.
 */
final class Sheet {

  final Section top;
  final Policy policy;
  private final Faults faults;
  private final Set<String> unsound = new HashSet<>();

  Sheet(MappingNode mapping, Tree tree, Faults faults) {
    this.faults = faults;
    this.top = new Section(mapping, tree, faults);
    this.policy = read();
    top.has("tiers");
    top.has("opened-before");
    top.close();
  }

  private Policy read() {
    String product = top.require("product", Values.NAME, Values::name, "");
    long version = PolicyReader.version(top);
    PolicyReader.description(top);
    BillingCalendar calendar = part("billing", () -> MoneyRules.calendar(top));
    ZoneId zone = calendar.zone();
    Overdue overdue = part("overdue", () -> MoneyRules.overdue(top, zone));
    Policy.Bills bills =
        part("billing", () -> MoneyRules.bills(top, overdue.bills() != null, zone));
    Grace grace = part("grace", () -> ArrearsRules.grace(top, zone));
    Suspension suspension = part("suspension", () -> ArrearsRules.suspension(top, zone));
    List<Stage> stages = part("stages", () -> ArrearsRules.stages(top, suspension, zone));
    Repossession repossession = part("repossession", () -> ArrearsRules.repossession(top, zone));
    Clearing clearing = part("clearing", () -> AfterRules.clearing(top, zone));
    Violation violation = part("violations", () -> AfterRules.violations(top, zone));
    List<Feature> features = part("features", () -> AfterRules.features(top));
    Set<Notice.Rung> notices = part("notices", () -> AfterRules.notices(top));
    List<Reminder> reminders = part("reminders", () -> AfterRules.reminders(top, zone));
    QuietHours quietHours = part("quiet-hours", () -> AfterRules.quietHours(top));
    Integer runway = part("runway-alert", () -> AfterRules.runwayDays(top));
    Span within = part("enforcement", () -> AfterRules.enforcedWithin(top, zone));
    return new Policy(
        product,
        version,
        calendar,
        bills,
        overdue,
        grace,
        suspension,
        stages,
        repossession,
        clearing,
        violation,
        features,
        notices,
        reminders,
        quietHours,
        runway,
        within);
  }

  private <T> T part(String name, Supplier<T> read) {
    int before = faults.reported();
    T value = read.get();
    if (faults.reported() > before) {
      unsound.add(name);
    }
    return value;
  }

  /** Whether these parts were read without a fault, so that something can be said of them. */
  boolean sound(String... parts) {
    return Arrays.stream(parts).noneMatch(unsound::contains);
  }
}
