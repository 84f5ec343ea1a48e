package io.arrears.sim;

import io.arrears.core.Rule;
import io.arrears.core.Transition;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Moves of the transition table by name, to say which of them were seen. */
final class Moves {

  private Moves() {}

  static String name(Transition move) {
    return move.rule() + ": " + move.from() + " to " + move.to();
  }

  static Set<String> all() {
    return Arrays.stream(Rule.values())
        .flatMap(
            rule ->
                rule.arcs().stream().map(arc -> rule.id() + ": " + arc.from() + " to " + arc.to()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
