package io.arrears.policy;

import io.arrears.core.Access;
import io.arrears.core.Effect;
import io.arrears.core.Grace;
import io.arrears.core.Grace.Anchor;
import io.arrears.core.Repossession;
import io.arrears.core.Repossession.Winner;
import io.arrears.core.Span;
import io.arrears.core.Stage;
import io.arrears.core.Suspension;
import io.arrears.core.Suspension.Billed;
import io.arrears.core.Suspension.Restore;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the way from the bad news to the repossession: grace, suspension, stages, retention. */
final class ArrearsRules {

  private static final Span A_DAY = Span.exactly(Duration.ofHours(24));
  private static final String BILLED = "all, none, or a list of SKU patterns, e.g. [\"storage*\"]";
  private static final String PATTERN = "text, e.g. \"storage*\", in which * stands for any text";
  private static final String ACCESS = "new-blocked or blocked";
  private static final int MOST_STAGES = 16;
  private static final int MOST_PATTERNS = 64;
  private static final int LONGEST_SKU = 128;

  private static final List<Anchor> ANCHORS = List.of(Anchor.values());
  private static final List<Stage.Anchor> STAGE_ANCHORS = List.of(Stage.Anchor.values());
  private static final List<Winner> WINNERS = List.of(Winner.values());

  /** Of a service that is never suspended: it stays OVERDUE until somebody confirms a receipt. */
  private static final Grace ENDLESS =
      new Grace(Span.NONE, Anchor.NOTIFICATION_RECEIVED, false, null);

  private static final Suspension SOME =
      new Suspension(Access.BLOCKED, Billed.ALL, Restore.AUTOMATIC);

  private ArrearsRules() {}

  static boolean neverSuspends(Section top) {
    return top.says("suspension", "never");
  }

  static Grace grace(Section top, ZoneId zone) {
    if (neverSuspends(top) && !top.has("grace")) {
      return ENDLESS;
    }
    Section grace = top.requireSection("grace", "a mapping with length and from");
    if (grace == null) {
      return ENDLESS;
    }
    Anchor from =
        grace.require(
            "from", Values.oneOf(ANCHORS), text -> Values.constant(text, ANCHORS), Anchor.OVERDUE);
    Grace read =
        new Grace(
            grace.require(
                "length",
                Spans.expectedOr("none"),
                text -> Spans.parseOr("none", text, zone),
                A_DAY),
            from,
            grace.read("inclusive", Values.FLAG, Values::flag, false),
            grace.read(
                "assume-received-after",
                Spans.expectedOr("never"),
                text -> text.equals("never") ? null : Spans.parse(text, zone),
                from == Anchor.NOTIFICATION_RECEIVED ? A_DAY : null),
            grace.read("delivery-is-receipt", Values.FLAG, Values::flag, false));
    grace.close();
    return read;
  }

  static @Nullable Suspension suspension(Section top, ZoneId zone) {
    if (neverSuspends(top)) {
      return null;
    }
    Section suspension = top.requireSection("suspension", "never, or a mapping with access");
    if (suspension == null) {
      return SOME;
    }
    Suspension read =
        new Suspension(
            suspension.require("access", ACCESS, ArrearsRules::access, Access.BLOCKED),
            billed(suspension, Billed.ALL),
            new Restore(
                suspension.read(
                    "restored", "automatic or by-hand", ArrearsRules::restoredByHand, false),
                suspension.read(
                    "ticket-after", Spans.EXPECTED, text -> Spans.parse(text, zone), null)));
    suspension.close();
    return read;
  }

  private static Access access(String text) {
    return Values.constant(text, List.of(Access.NEW_BLOCKED, Access.BLOCKED));
  }

  private static boolean restoredByHand(String text) {
    if (!text.equals("automatic") && !text.equals("by-hand")) {
      throw new IllegalArgumentException(text);
    }
    return text.equals("by-hand");
  }

  private static Billed billed(Section section, Billed otherwise) {
    if (!section.has("billed")) {
      return otherwise;
    }
    if (section.says("billed", "all")) {
      return Billed.ALL;
    }
    if (section.says("billed", "none")) {
      return Billed.NONE;
    }
    Function<String, String> pattern = text -> Values.text(text, LONGEST_SKU);
    List<String> skus = section.values("billed", MOST_PATTERNS, BILLED, PATTERN, pattern);
    return skus.isEmpty() ? Billed.NONE : new Billed(false, skus);
  }

  /** What a stage leaves out is as it was before it. */
  static List<Stage> stages(Section top, @Nullable Suspension suspension, ZoneId zone) {
    List<Stage> stages = new ArrayList<>();
    Suspension before = suspension == null ? SOME : suspension;
    Access access = before.access();
    Billed billed = before.billed();
    for (Section section : top.sections("stages", MOST_STAGES, "name, after and from")) {
      Stage stage =
          new Stage(
              section.require("name", Values.NAME, Values::name, ""),
              section.require("after", Spans.EXPECTED, text -> Spans.parse(text, zone), A_DAY),
              section.require(
                  "from",
                  Values.oneOf(STAGE_ANCHORS),
                  text -> Values.constant(text, STAGE_ANCHORS),
                  Stage.Anchor.PREVIOUS),
              section.read("access", ACCESS, ArrearsRules::access, access),
              billed(section, billed),
              effects(section));
      section.close();
      stages.add(stage);
      access = stage.access();
      billed = stage.billed();
    }
    return List.copyOf(stages);
  }

  private static Map<String, Effect> effects(Section stage) {
    Map<String, Effect> effects = new TreeMap<>();
    Section features = stage.section("features", "a mapping of features to their effects");
    if (features != null) {
      for (String feature : features.keys()) {
        AfterRules.checkName(features, feature);
        effects.put(
            feature,
            features.read(feature, AfterRules.EFFECT, AfterRules::effect, Effect.INACCESSIBLE));
      }
    }
    return Collections.unmodifiableMap(effects);
  }

  static Repossession repossession(Section top, ZoneId zone) {
    boolean never = top.says("repossession", "never");
    if (never || (neverSuspends(top) && !top.has("repossession"))) {
      return new Repossession(null, null, Winner.EARLIER);
    }
    Section repossession =
        top.requireSection(
            "repossession", "never, or a mapping with after-overdue, after-suspension or both");
    if (repossession == null) {
      return new Repossession(null, null, Winner.EARLIER);
    }
    Function<String, Span> span = text -> Spans.parseOr("at-once", text, zone);
    String expected = Spans.expectedOr("at-once");
    Repossession read =
        new Repossession(
            repossession.read("after-overdue", expected, span, null),
            repossession.read("after-suspension", expected, span, null),
            repossession.read(
                "wins",
                Values.oneOf(WINNERS),
                text -> Values.constant(text, WINNERS),
                Winner.EARLIER));
    repossession.close();
    if (!repossession.has("after-overdue") && !repossession.has("after-suspension")) {
      top.fault(
          "repossession",
          "must have after-overdue, after-suspension or both; for no repossession write never");
    }
    return read;
  }
}
