package io.arrears.policy;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** What a document says differently for a tier, or for services opened before a date. */
final class Overrides {

  static final int MOST = 16;
  private static final int LONGEST_NAME = 64;
  private static final String WHAT = "a mapping of what is different for them";

  private final Tree tree;
  private final Faults faults;

  Overrides(Tree tree, Faults faults) {
    this.tree = tree;
    this.faults = faults;
  }

  /** By tier. */
  Map<String, MappingNode> tiers(MappingNode document) {
    return under(
        document,
        "tiers",
        Set.of("product", "version", "description", "enforcement", "tiers", "opened-before"));
  }

  /** By date; each may hold tiers. */
  Map<Instant, MappingNode> dates(MappingNode document) {
    Map<Instant, MappingNode> dates = new LinkedHashMap<>();
    under(
            document,
            "opened-before",
            Set.of("product", "version", "description", "enforcement", "opened-before"))
        .forEach(
            (date, overrides) -> {
              try {
                if (dates.putIfAbsent(OffsetDateTime.parse(date).toInstant(), overrides) != null) {
                  faults.add(overrides, tree.path(overrides), "is the same instant once more");
                }
              } catch (DateTimeParseException e) {
                faults.add(
                    overrides,
                    tree.path(overrides),
                    "must be named by a date and time with its offset, e.g."
                        + " \"2022-07-11T00:00:00+08:00\"");
              }
            });
    return dates;
  }

  private Map<String, MappingNode> under(MappingNode document, String key, Set<String> forbidden) {
    Map<String, MappingNode> found = new LinkedHashMap<>();
    NodeTuple tuple = Tree.entries(document).get(key);
    if (tuple == null) {
      return found;
    }
    Node all = tuple.getValueNode();
    if (!(all instanceof MappingNode)) {
      faults.add(all, tree.path(all), "must be a mapping, each entry " + WHAT);
    }
    for (Map.Entry<String, NodeTuple> entry : Tree.entries(all).entrySet()) {
      if (found.size() == MOST) {
        faults.add(all, tree.path(all), "must have at most " + MOST + " entries");
        break;
      }
      Node overrides = entry.getValue().getValueNode();
      checkName(entry.getKey(), overrides);
      if (overrides instanceof MappingNode mapping) {
        found.put(entry.getKey(), mapping);
        checkKeys(mapping, forbidden);
      } else {
        faults.add(overrides, tree.path(overrides), "must be " + WHAT);
      }
    }
    return found;
  }

  private void checkName(String name, Node overrides) {
    try {
      Values.text(name, LONGEST_NAME);
    } catch (IllegalArgumentException e) {
      faults.add(
          overrides,
          tree.path(overrides),
          "must have a name of 1 to " + LONGEST_NAME + " characters");
    }
  }

  private void checkKeys(MappingNode overrides, Set<String> forbidden) {
    refuse(overrides, forbidden, "is the same for all services of a product; leave it out here");
    NodeTuple billing = Tree.entries(overrides).get("billing");
    if (billing != null) {
      refuse(
          billing.getValueNode(),
          Set.copyOf(MoneyRules.CALENDAR),
          "is the same for all services of a product, because one run bills them; leave it out");
    }
  }

  private void refuse(Node mapping, Set<String> keys, String because) {
    Tree.entries(mapping)
        .forEach(
            (key, tuple) -> {
              if (keys.contains(key)) {
                faults.add(tuple.getKeyNode(), tree.path(tuple.getValueNode()), because);
              }
            });
  }

  /**
   * The document with overrides. One that says never takes along what would follow, so that {@code
   * suspension: never} is all that a tier needs to say.
   */
  MappingNode overlay(MappingNode overrides, MappingNode document) {
    MappingNode base = document;
    if (saysNever(overrides, "suspension")) {
      base = tree.without(base, Set.of("grace", "stages", "repossession"));
      base = withoutWhatFollowsRepossession(withoutReminders(base, "suspension"));
    } else if (saysNever(overrides, "repossession")) {
      base = withoutWhatFollowsRepossession(base);
    }
    return tree.lay(overrides, base);
  }

  private static boolean saysNever(MappingNode overrides, String key) {
    NodeTuple tuple = Tree.entries(overrides).get(key);
    return tuple != null
        && tuple.getValueNode() instanceof ScalarNode scalar
        && scalar.getValue().equals("never");
  }

  private MappingNode withoutWhatFollowsRepossession(MappingNode document) {
    MappingNode base = withoutReminders(withoutReminders(document, "repossession"), "clearing");
    NodeTuple clearing = Tree.entries(base).get("clearing");
    return clearing != null && clearing.getValueNode() instanceof MappingNode mapping
        ? tree.with(base, "clearing", tree.without(mapping, Set.of("after")))
        : base;
  }

  private MappingNode withoutReminders(MappingNode document, String deadline) {
    NodeTuple reminders = Tree.entries(document).get("reminders");
    if (reminders == null || !(reminders.getValueNode() instanceof SequenceNode sequence)) {
      return document;
    }
    List<Node> others =
        sequence.getValue().stream().filter(reminder -> !isOf(reminder, deadline)).toList();
    return tree.with(document, "reminders", tree.only(sequence, others));
  }

  private static boolean isOf(Node reminder, String deadline) {
    NodeTuple of = Tree.entries(reminder).get("of");
    return of != null
        && of.getValueNode() instanceof ScalarNode scalar
        && scalar.getValue().equals(deadline);
  }
}
