package io.arrears.core;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The text of {@code docs/states.md}: the transition table and the states, put into words. */
final class StatesDocument {

  /** The command that writes it anew. */
  static final String REFRESH = "./mvnw -q test -Dtest=StatesDocumentTest -Dstates.write=true";

  private static final String HEAD =
      """
      # States

      A service is one product of one account. It is in one of eight states. `Lifecycle.decide` alone
      moves it, customers start and reopen it by hand, and no move is made that is not in the table.

      This page is generated from `Rule`, `ServiceState` and `Access` in `core`. A test fails when it is
      stale; this writes it anew:

      ```
      %s
      ```
      """;

  private static final String MOVES =
      """
      What leaves a service in its state is not drawn.
      """;

  private static final String RULES =
      """
      Clauses S1 to S11 are the source's (`css.yaml` names them where it follows them); *people* is what
      operators and customers decide, *policies* what only [documents](policies.md) ask for. What is
      irreversible never happens under a hold, nor while a LEGAL restriction stands.
      """;

  private static final Instant ONCE = Instant.EPOCH;

  private final StringBuilder text = new StringBuilder();

  private StatesDocument() {}

  static String text() {
    StatesDocument document = new StatesDocument();
    document.text.append(HEAD.formatted(REFRESH));
    document.states();
    document.moves();
    document.rules();
    document.access();
    return document.text.toString();
  }

  private void states() {
    section("States", "");
    row("state", "meaning", "access");
    row("---", "---", "---");
    for (ServiceState state : ServiceState.values()) {
      row(code(state), state.meaning(), codes(access(state)));
    }
  }

  private void moves() {
    section("Moves", MOVES);
    text.append("```mermaid\nstateDiagram-v2\n  [*] --> ACTIVE\n");
    rulesByMove()
        .forEach(
            (arc, rules) ->
                text.append(
                    "  %s --> %s: %s\n"
                        .formatted(arc.from(), arc.to(), String.join("<br>", rules))));
    text.append("```\n");
  }

  private static Map<Rule.Arc, List<String>> rulesByMove() {
    Map<Rule.Arc, List<String>> moves = new LinkedHashMap<>();
    for (ServiceState from : ServiceState.values()) {
      for (ServiceState to : ServiceState.values()) {
        List<String> rules =
            Stream.of(Rule.values()).filter(rule -> rule.leads(from, to)).map(Rule::id).toList();
        if (from != to && !rules.isEmpty()) {
          moves.put(new Rule.Arc(from, to), rules);
        }
      }
    }
    return moves;
  }

  private void rules() {
    section("Rules", RULES);
    row("rule", "from", "to", "clause", "meaning", "irreversible");
    row("---", "---", "---", "---", "---", "---");
    for (Rule rule : Rule.values()) {
      for (ServiceState to : ServiceState.values()) {
        List<ServiceState> from =
            rule.arcs().stream().filter(arc -> arc.to() == to).map(Rule.Arc::from).toList();
        if (!from.isEmpty()) {
          row(
              "`" + rule.id() + "`",
              codes(from),
              code(to),
              rule.clause(),
              rule.meaning(),
              rule.irreversible() ? "yes" : "");
        }
      }
    }
  }

  private void access() {
    section("Access", "What the product of a service must allow.\n");
    row("access", "meaning", "in");
    row("---", "---", "---");
    for (Access access : Access.values()) {
      List<ServiceState> in =
          Stream.of(ServiceState.values()).filter(each -> access(each).contains(access)).toList();
      row(code(access), access.meaning(), codes(in));
    }
  }

  /** All that a state can come to, whatever the policy says and however far its farewell is. */
  private static Set<Access> access(ServiceState state) {
    Set<Access> all = new LinkedHashSet<>();
    for (Access suspended : List.of(Access.NEW_BLOCKED, Access.BLOCKED)) {
      Policy policy = Policies.suspendedTo(suspended);
      all.add(Desired.access(standing(state, null, false), policy));
      if (Farewell.leaving(state)) {
        all.add(Desired.access(standing(state, ONCE, false), policy));
      }
      if (state == ServiceState.BANNED) {
        all.add(Desired.access(standing(state, ONCE, true), policy));
      }
    }
    return all;
  }

  private static Standing standing(
      ServiceState state, @Nullable Instant releasedAt, boolean erased) {
    return new Standing(state, ONCE, ONCE, Set.of(), null, 0, null, releasedAt, null, erased);
  }

  private static String code(Enum<?> constant) {
    return "`" + constant + "`";
  }

  private static String codes(Collection<? extends Enum<?>> constants) {
    return constants.stream().map(StatesDocument::code).collect(Collectors.joining(", "));
  }

  private void section(String title, String paragraph) {
    text.append("\n## ").append(title).append("\n\n").append(paragraph);
    text.append(paragraph.isEmpty() ? "" : "\n");
  }

  private void row(String... cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
