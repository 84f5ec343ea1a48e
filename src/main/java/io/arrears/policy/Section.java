package io.arrears.policy;

import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * One mapping of a document, read key by key. What cannot be read is a fault, and reading goes on
 * with the value that the caller has for that case.
 */
final class Section {

  private final MappingNode node;
  private final Tree tree;
  private final Faults faults;
  private final Map<String, NodeTuple> entries;
  private final Set<String> known = new LinkedHashSet<>();

  Section(MappingNode node, Tree tree, Faults faults) {
    this.node = node;
    this.tree = tree;
    this.faults = faults;
    this.entries = Tree.entries(node);
  }

  /** The value of a key, which is known from now on. */
  @Nullable Node value(String key) {
    known.add(key);
    NodeTuple tuple = entries.get(key);
    return tuple == null ? null : tuple.getValueNode();
  }

  boolean has(String key) {
    return value(key) != null;
  }

  /** Whether a key has one word for its value, in place of a mapping or a list. */
  boolean says(String key, String word) {
    return value(key) instanceof ScalarNode scalar && scalar.getValue().equals(word);
  }

  Set<String> keys() {
    return entries.keySet();
  }

  String path() {
    return tree.path(node);
  }

  /**
   * A value that must be there.
   *
   * @param otherwise to go on with where it is missing or wrong
   */
  <T> T require(String key, String expected, Function<String, T> parse, T otherwise) {
    if (!has(key)) {
      missing(key, expected);
      return otherwise;
    }
    return read(key, expected, parse, otherwise);
  }

  /**
   * A value that may be there.
   *
   * @param parse throws IllegalArgumentException or DateTimeException at what is wrong
   * @param otherwise what its absence means
   */
  <T> T read(String key, String expected, Function<String, T> parse, T otherwise) {
    Node value = value(key);
    return value == null ? otherwise : scalar(value, expected, parse, otherwise);
  }

  private <T> T scalar(Node value, String expected, Function<String, T> parse, T otherwise) {
    try {
      if (value instanceof ScalarNode scalar && !Tree.isNothing(value)) {
        return parse.apply(scalar.getValue());
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      // Falls through to the one message that says what would be right.
    }
    faults.add(value, tree.path(value), "must be " + expected);
    return otherwise;
  }

  /**
   * A list of single values; empty where it is missing or wrong.
   *
   * @param expected of the list
   * @param each expected of each value
   */
  <T> List<T> values(
      String key, int most, String expected, String each, Function<String, T> parse) {
    List<T> values = new ArrayList<>();
    for (Node item : items(key, most, expected)) {
      T value = scalar(item, each, parse, null);
      if (value != null && values.contains(value)) {
        faults.add(item, tree.path(item), "is there twice");
      } else if (value != null) {
        values.add(value);
      }
    }
    return List.copyOf(values);
  }

  /** Whether a key has a list with nothing in it. */
  boolean isEmptyList(String key) {
    return value(key) instanceof SequenceNode sequence && sequence.getValue().isEmpty();
  }

  /** A list of mappings; empty where it is missing or wrong. */
  List<Section> sections(String key, int most, String expected) {
    List<Section> sections = new ArrayList<>();
    for (Node item : items(key, most, "a list of mappings, each with " + expected)) {
      if (item instanceof MappingNode mapping) {
        sections.add(new Section(mapping, tree, faults));
      } else {
        faults.add(item, tree.path(item), "must be a mapping with " + expected);
      }
    }
    return sections;
  }

  private List<Node> items(String key, int most, String expected) {
    Node value = value(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof SequenceNode sequence)) {
      faults.add(value, tree.path(value), "must be " + expected);
      return List.of();
    }
    if (sequence.getValue().size() > most) {
      faults.add(value, tree.path(value), "must have at most " + most + " entries");
      return sequence.getValue().subList(0, most);
    }
    return sequence.getValue();
  }

  /** A mapping that may be there; null where it is missing or no mapping. */
  @Nullable Section section(String key, String expected) {
    Node value = value(key);
    if (value instanceof MappingNode mapping) {
      return new Section(mapping, tree, faults);
    }
    if (value != null) {
      faults.add(value, tree.path(value), "must be " + expected);
    }
    return null;
  }

  /** A mapping that must be there; null where it is missing or no mapping. */
  @Nullable Section requireSection(String key, String expected) {
    if (!has(key)) {
      missing(key, expected);
    }
    return section(key, expected);
  }

  /** Whoever wrote a key that is not known meant something by it. */
  void close() {
    for (NodeTuple tuple : entries.values()) {
      if (!known.contains(Tree.key(tuple))) {
        faults.add(
            tuple.getKeyNode(),
            tree.path(tuple.getValueNode()),
            "is not a key; the keys here are " + String.join(", ", known));
      }
    }
  }

  private void missing(String key, String expected) {
    faults.add(node, Tree.join(path(), key), "is missing; it must be " + expected);
  }

  /** A fault of a key, or of the section itself where the key is not there. */
  void fault(String key, String message) {
    NodeTuple tuple = entries.get(key);
    if (tuple == null) {
      faults.add(node, path(), message);
    } else {
      faults.add(tuple.getKeyNode(), tree.path(tuple.getValueNode()), message);
    }
  }

  /**
   * A fault of something deeper down.
   *
   * @param steps keys and positions; where one of them is not there, the fault is of the one before
   */
  void faultAt(String message, Object... steps) {
    Node at = node;
    for (Object step : steps) {
      Node next = step(at, step);
      if (next == null) {
        break;
      }
      at = next;
    }
    faults.add(at, tree.path(at), message);
  }

  private static @Nullable Node step(Node at, Object step) {
    if (step instanceof Integer index) {
      return at instanceof SequenceNode sequence && index < sequence.getValue().size()
          ? sequence.getValue().get(index)
          : null;
    }
    NodeTuple tuple = Tree.entries(at).get(step);
    return tuple == null ? null : tuple.getValueNode();
  }
}
