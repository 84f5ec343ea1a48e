package io.arrears.policy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * The nodes of one document with their paths, and how overrides are laid over them. A node keeps
 * its line and path wherever it is laid, so that a fault in an override is told where it stands.
 */
final class Tree {

  private final IdentityHashMap<Node, String> paths = new IdentityHashMap<>();

  /** Keys that are no text, or there twice, are faults: whoever wrote them meant something. */
  Tree(MappingNode root, Faults faults) {
    walk(root, "", faults);
  }

  private void walk(Node node, String path, Faults faults) {
    paths.put(node, path);
    if (node instanceof SequenceNode sequence) {
      int index = 0;
      for (Node item : sequence.getValue()) {
        walk(item, path + "[" + index++ + "]", faults);
      }
    } else if (node instanceof MappingNode mapping) {
      Set<String> seen = new HashSet<>();
      for (NodeTuple tuple : mapping.getValue()) {
        String key = key(tuple);
        if (key == null) {
          faults.add(tuple.getKeyNode(), path, "has a key that is not text");
          continue;
        }
        String below = join(path, key);
        if (!seen.add(key)) {
          faults.add(tuple.getKeyNode(), below, "is there twice");
        }
        walk(tuple.getValueNode(), below, faults);
      }
    }
  }

  /** Of a node of the document, or of one that was made by laying overrides over it. */
  String path(Node node) {
    return paths.getOrDefault(node, "");
  }

  static String join(String path, String key) {
    String shown = YamlText.cut(key);
    return path.isEmpty() ? shown : path + "." + shown;
  }

  /** Null when it is not text. */
  static @Nullable String key(NodeTuple tuple) {
    return tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : null;
  }

  static boolean isNothing(Node node) {
    return Tag.NULL.equals(node.getTag());
  }

  /** By key; of a key that is there twice, the first. */
  static Map<String, NodeTuple> entries(Node node) {
    Map<String, NodeTuple> entries = new LinkedHashMap<>();
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        String key = key(tuple);
        if (key != null) {
          entries.putIfAbsent(key, tuple);
        }
      }
    }
    return entries;
  }

  /**
   * The same mapping with overrides: mappings are laid over each other key by key, anything else is
   * replaced, and {@code ~} takes a key away.
   */
  MappingNode lay(MappingNode over, MappingNode base) {
    Map<String, NodeTuple> laid = entries(base);
    entries(over)
        .forEach(
            (key, tuple) -> {
              NodeTuple below = laid.get(key);
              if (isNothing(tuple.getValueNode())) {
                laid.remove(key);
              } else if (tuple.getValueNode() instanceof MappingNode more) {
                MappingNode under =
                    below != null && below.getValueNode() instanceof MappingNode mapping
                        ? mapping
                        : like(more, List.of());
                laid.put(key, new NodeTuple(tuple.getKeyNode(), lay(more, under)));
              } else {
                laid.put(key, tuple);
              }
            });
    return like(base, new ArrayList<>(laid.values()));
  }

  /** The mapping without some of its keys. */
  MappingNode without(MappingNode mapping, Set<String> keys) {
    Map<String, NodeTuple> kept = entries(mapping);
    kept.keySet().removeAll(keys);
    return like(mapping, new ArrayList<>(kept.values()));
  }

  /** The mapping with another value for a key that it has. */
  MappingNode with(MappingNode mapping, String key, Node value) {
    Map<String, NodeTuple> changed = entries(mapping);
    changed.computeIfPresent(key, (same, tuple) -> new NodeTuple(tuple.getKeyNode(), value));
    return like(mapping, new ArrayList<>(changed.values()));
  }

  /** The sequence with some of its items only, each with the path that it had. */
  SequenceNode only(SequenceNode sequence, List<Node> items) {
    SequenceNode shorter =
        new SequenceNode(
            sequence.getTag(),
            true,
            items,
            sequence.getStartMark(),
            sequence.getEndMark(),
            sequence.getFlowStyle());
    paths.put(shorter, path(sequence));
    return shorter;
  }

  private MappingNode like(MappingNode mapping, List<NodeTuple> tuples) {
    MappingNode copy =
        new MappingNode(
            mapping.getTag(),
            true,
            tuples,
            mapping.getStartMark(),
            mapping.getEndMark(),
            mapping.getFlowStyle());
    paths.put(copy, path(mapping));
    return copy;
  }
}
