package io.arrears.policy;

import io.arrears.core.Feature;
import io.arrears.core.PolicyVersion.Variant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds products whose features depend on each other in a circle (S6, S8 have none). */
public final class PolicyCycles {

  private PolicyCycles() {}

  /**
   * A circle, from a product back to itself, or null if there is none.
   *
   * @param inForce the rules of every product, a draft's in place of those that it replaces
   */
  public static @Nullable List<String> find(Collection<Variant> inForce) {
    Map<String, Set<String>> dependsOn = new TreeMap<>();
    for (Variant variant : inForce) {
      Set<String> others =
          dependsOn.computeIfAbsent(variant.policy().product(), product -> new TreeSet<>());
      for (Feature feature : variant.policy().features()) {
        if (feature.follows() != null) {
          others.add(feature.follows());
        }
        feature.conditions().stream()
            .map(Feature.Condition::product)
            .filter(product -> product != null)
            .forEach(others::add);
      }
    }
    Set<String> free = new HashSet<>();
    for (String product : dependsOn.keySet()) {
      List<String> circle = find(product, dependsOn, new ArrayList<>(), free);
      if (circle != null) {
        return circle;
      }
    }
    return null;
  }

  /**
   * @param way that led to the product
   * @param free products that are known to lead into no circle
   */
  private static @Nullable List<String> find(
      String product, Map<String, Set<String>> dependsOn, List<String> way, Set<String> free) {
    int start = way.indexOf(product);
    way.add(product);
    if (start >= 0) {
      return List.copyOf(way.subList(start, way.size()));
    }
    if (!free.contains(product)) {
      for (String other : dependsOn.getOrDefault(product, Set.of())) {
        List<String> circle = find(other, dependsOn, way, free);
        if (circle != null) {
          return circle;
        }
      }
      free.add(product);
    }
    way.remove(way.size() - 1);
    return null;
  }
}
