package io.arrears.policy;

import io.arrears.core.Clearing;
import io.arrears.core.Effect;
import io.arrears.core.Feature;
import io.arrears.core.Notice.Rung;
import io.arrears.core.QuietHours;
import io.arrears.core.Reminder;
import io.arrears.core.Reminder.Deadline;
import io.arrears.core.ServiceState;
import io.arrears.core.Span;
import io.arrears.core.Violation;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;

/** Reads what becomes of data, features and customers: clearing, violations, notices. */
final class AfterRules {

  private static final List<Effect> EFFECTS =
      List.of(Effect.DEGRADED, Effect.INACCESSIBLE, Effect.ERASED);
  static final String EFFECT = Values.oneOf(EFFECTS);

  private static final Clearing ALL_DATA =
      new Clearing(List.of("data"), Span.NONE, Span.exactly(Duration.ofHours(24)));
  private static final Violation KEEPS = new Violation(null, null, List.of());
  private static final Span ENFORCED_WITHIN = Span.exactly(Duration.ofMinutes(10));
  private static final int MOST_CATEGORIES = 32;
  private static final int MOST_FEATURES = 64;
  private static final int MOST_CONDITIONS = 16;
  private static final int MOST_REMINDERS = 16;
  private static final int MOST_DAYS = 366;

  /** Those that a document chooses among. */
  private static final List<Rung> NOTICES =
      List.of(Rung.OVERDUE, Rung.SUSPENDED, Rung.RESTORED, Rung.REPOSSESSED, Rung.CLEARED);

  private static final List<Deadline> DEADLINES = List.of(Deadline.values());
  private static final List<ServiceState> STATES = List.of(ServiceState.values());

  private AfterRules() {}

  static Effect effect(String text) {
    return Values.constant(text, EFFECTS);
  }

  static Clearing clearing(Section top, ZoneId zone) {
    Section clearing = top.section("clearing", "a mapping of categories, after and repeat-every");
    if (clearing == null) {
      return ALL_DATA;
    }
    List<String> categories =
        clearing.has("categories")
            ? clearing.values(
                "categories", MOST_CATEGORIES, Values.NAMES, Values.NAME, Values::name)
            : ALL_DATA.categories();
    Clearing read =
        new Clearing(
            categories,
            clearing.read(
                "after",
                Spans.expectedOr("at-once"),
                text -> Spans.parseOr("at-once", text, zone),
                ALL_DATA.after()),
            clearing.read(
                "repeat-every",
                Spans.EXPECTED,
                text -> Spans.parse(text, zone),
                ALL_DATA.repeatEvery()));
    clearing.close();
    return read;
  }

  static Violation violations(Section top, ZoneId zone) {
    Section violations =
        top.section("violations", "a mapping of repossess-after, clear-after and retained");
    if (violations == null) {
      return KEEPS;
    }
    Function<String, Span> span = text -> Spans.parseOr("at-once", text, zone);
    String expected = Spans.expectedOr("at-once");
    Violation read =
        new Violation(
            violations.read("repossess-after", expected, span, null),
            violations.read("clear-after", expected, span, null),
            violations.values(
                "retained", MOST_CATEGORIES, Values.NAMES, Values.NAME, Values::name));
    violations.close();
    return read;
  }

  static List<Feature> features(Section top) {
    List<Feature> features = new ArrayList<>();
    Section section = top.section("features", "a mapping from features to what becomes of them");
    if (section == null) {
      return List.of();
    }
    for (String name : section.keys()) {
      checkName(section, name);
      features.add(feature(section, name));
    }
    if (features.size() > MOST_FEATURES) {
      top.fault("features", "must be at most " + MOST_FEATURES);
    }
    return List.copyOf(features);
  }

  /** Keys that a document makes up are names, too. */
  static void checkName(Section section, String key) {
    try {
      Values.name(key);
    } catch (IllegalArgumentException e) {
      section.fault(key, "must be " + Values.NAME);
    }
  }

  private static Feature feature(Section features, String name) {
    if (!(features.value(name) instanceof MappingNode)) {
      return new Feature(name, null, conditions(features, name));
    }
    Section feature = features.section(name, "a mapping");
    String follows =
        feature.require("follows", "the product whose access it shares", Values::name, null);
    List<Feature.Condition> conditions = conditions(feature, "conditions");
    feature.close();
    return new Feature(name, follows, conditions);
  }

  private static List<Feature.Condition> conditions(Section section, String key) {
    List<Feature.Condition> conditions = new ArrayList<>();
    for (Section each : section.sections(key, MOST_CONDITIONS, "effect and while")) {
      Effect effect = each.require("effect", EFFECT, AfterRules::effect, Effect.INACCESSIBLE);
      Section when = each.requireSection("while", "a mapping with states, and of product");
      each.close();
      if (when != null) {
        conditions.add(condition(effect, when));
      }
    }
    if (section.isEmptyList(key)) {
      section.fault(key, "must have an entry");
    }
    return List.copyOf(conditions);
  }

  private static Feature.Condition condition(Effect effect, Section when) {
    String product = when.read("product", Values.NAME, Values::name, null);
    List<ServiceState> states =
        when.values(
            "states",
            STATES.size(),
            Values.listOf(STATES),
            Values.oneOf(STATES),
            text -> Values.constant(text, STATES));
    when.close();
    if (!when.has("states") || when.isEmptyList("states")) {
      when.fault("states", "must have states, each " + Values.oneOf(STATES));
    }
    return new Feature.Condition(effect, product, Set.copyOf(states));
  }

  /** A broken promise is always told; reminders and the runway alert have keys of their own. */
  static Set<Rung> notices(Section top) {
    Set<Rung> notices = EnumSet.of(Rung.PROMISE_BROKEN);
    notices.addAll(
        top.has("notices")
            ? top.values(
                "notices",
                NOTICES.size(),
                Values.listOf(NOTICES),
                Values.oneOf(NOTICES),
                text -> Values.constant(text, NOTICES))
            : NOTICES);
    return Collections.unmodifiableSet(notices);
  }

  static List<Reminder> reminders(Section top, ZoneId zone) {
    List<Reminder> reminders = new ArrayList<>();
    String expected = "of, and either before or after";
    for (Section section : top.sections("reminders", MOST_REMINDERS, expected)) {
      Deadline of =
          section.require(
              "of",
              Values.oneOf(DEADLINES),
              text -> Values.constant(text, DEADLINES),
              Deadline.SUSPENSION);
      Span before = section.read("before", Spans.EXPECTED, text -> Spans.parse(text, zone), null);
      Span after = section.read("after", Spans.EXPECTED, text -> Spans.parse(text, zone), null);
      boolean promised = section.read("promised", Values.FLAG, Values::flag, false);
      section.close();
      if (section.has("before") == section.has("after")) {
        section.faultAt("must have either before or after");
      }
      Span by = before == null ? after : before;
      reminders.add(new Reminder(of, before != null, by == null ? Span.NONE : by, promised));
    }
    return List.copyOf(reminders);
  }

  static @Nullable QuietHours quietHours(Section top) {
    Section quiet = top.section("quiet-hours", "a mapping with from and until");
    if (quiet == null) {
      return null;
    }
    QuietHours read =
        new QuietHours(
            quiet.require(
                "from", MoneyRules.TIME_OF_DAY, MoneyRules::timeOfDay, LocalTime.of(22, 0)),
            quiet.require(
                "until", MoneyRules.TIME_OF_DAY, MoneyRules::timeOfDay, LocalTime.of(8, 0)));
    quiet.close();
    if (read.from().equals(read.until())) {
      quiet.fault("until", "must be another time than from: some hours must not be quiet");
    }
    return read;
  }

  static Span enforcedWithin(Section top, ZoneId zone) {
    Section enforcement = top.section("enforcement", "a mapping with within");
    if (enforcement == null) {
      return ENFORCED_WITHIN;
    }
    Span within =
        enforcement.require(
            "within", Spans.EXPECTED, text -> Spans.parse(text, zone), ENFORCED_WITHIN);
    enforcement.close();
    return within;
  }

  static @Nullable Integer runwayDays(Section top) {
    Section runway = top.section("runway-alert", "a mapping with days");
    if (runway == null) {
      return null;
    }
    Integer days =
        runway.require(
            "days",
            "a whole number from 1 to " + MOST_DAYS,
            text -> Values.whole(text, 1, MOST_DAYS),
            1);
    runway.close();
    return days;
  }
}
