package io.arrears.policy;

import io.arrears.core.PolicyVersion.Variant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;

/**
 * Reads a policy document; {@code docs/policies.md} explains its keys. Every fault is reported at
 * once, with its line and path, also those that show only in the rules of a single tier or date.
 */
public final class PolicyReader {

  private static final int LONGEST_DESCRIPTION = 2000;

  private final Faults faults = new Faults();
  private final Tree tree;
  private final Overrides overrides;
  private final List<Variant> variants = new ArrayList<>();

  private PolicyReader(MappingNode root) {
    tree = new Tree(root, faults);
    overrides = new Overrides(tree, faults);
  }

  /**
   * What a document says.
   *
   * @throws PolicyException naming every fault; never any other exception, whatever the text
   */
  public static PolicyDocument read(String document) {
    MappingNode root = YamlText.compose(document);
    return new PolicyReader(root).read(root);
  }

  private PolicyDocument read(MappingNode root) {
    Sheet standard = variants(root, null);
    overrides
        .dates(root)
        .forEach((date, differences) -> variants(overrides.overlay(differences, root), date));
    faults.refuse();
    return new PolicyDocument(
        standard.policy.product(),
        standard.policy.version(),
        description(standard.top),
        List.copyOf(variants));
  }

  static long version(Section top) {
    return top.read(
        "version",
        "a whole number from 1 on",
        text -> (long) Values.whole(text, 1, Integer.MAX_VALUE),
        0L);
  }

  static String description(Section top) {
    return top.read(
        "description",
        "text of at most " + LONGEST_DESCRIPTION + " characters",
        text -> Values.text(text, LONGEST_DESCRIPTION),
        "");
  }

  /** The rules for no tier, which are returned, and those for each tier. */
  private Sheet variants(MappingNode document, @Nullable Instant openedBefore) {
    Sheet rest = variant(null, openedBefore, document);
    overrides
        .tiers(document)
        .forEach(
            (tier, differences) ->
                variant(tier, openedBefore, overrides.overlay(differences, document)));
    return rest;
  }

  private Sheet variant(@Nullable String tier, @Nullable Instant openedBefore, MappingNode node) {
    if (faults.areEnough()) {
      faults.refuse();
    }
    faults.speakOf(audience(tier, openedBefore));
    Sheet sheet = new Sheet(node, tree, faults);
    new PolicyChecks(sheet).check();
    variants.add(new Variant(tier, openedBefore, sheet.policy));
    faults.speakOf("");
    return sheet;
  }

  private static String audience(@Nullable String tier, @Nullable Instant openedBefore) {
    String ofTier = tier == null ? "" : "tier " + YamlText.cut(tier);
    String ofDate = openedBefore == null ? "" : "services opened before " + openedBefore;
    return ofTier + (tier == null || openedBefore == null ? "" : ", ") + ofDate;
  }
}
