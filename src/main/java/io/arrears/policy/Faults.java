package io.arrears.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Collects what is wrong with a document. The same fault is found once for every tier and date that
 * inherits it, and told once.
 */
final class Faults {

  /** Whoever has so many does not read more; an answer has to fit into a message. */
  static final int MOST_TOLD = 100;

  private static final int ENOUGH = 10 * MOST_TOLD;

  private final Map<Fault, Fault> found = new LinkedHashMap<>();
  private String audience = "";
  private int reported;

  /** From now on faults are of the rules for these services; empty for all. */
  void speakOf(String whom) {
    audience = whom;
  }

  void add(Node at, String path, String message) {
    add(line(at), path, message);
  }

  void add(int line, String path, String message) {
    reported++;
    Fault fault = new Fault(line, path, message);
    boolean named =
        audience.isEmpty() || path.startsWith("tiers") || path.startsWith("opened-before");
    found.putIfAbsent(
        fault, named ? fault : new Fault(line, path, message + " (for " + audience + ")"));
  }

  /** How often something was found, repetitions included: grows when a part is not sound. */
  int reported() {
    return reported;
  }

  /** Whether looking for more would only take time. */
  boolean areEnough() {
    return found.size() > ENOUGH;
  }

  /**
   * @throws PolicyException if there are any
   */
  void refuse() {
    if (found.isEmpty()) {
      return;
    }
    List<Fault> told = new ArrayList<>(found.values());
    told.sort(Comparator.comparingInt(Fault::line));
    int more = told.size() - MOST_TOLD;
    if (more > 0) {
      told = new ArrayList<>(told.subList(0, MOST_TOLD));
      told.add(new Fault(0, "", "has " + more + " more faults"));
    }
    throw new PolicyException(told);
  }

  private static int line(Node at) {
    return at.getStartMark() == null ? 0 : at.getStartMark().getLine() + 1;
  }
}
