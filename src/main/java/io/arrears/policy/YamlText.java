package io.arrears.policy;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Turns text into nodes, within limits. Nothing is constructed from the nodes by the library, so no
 * type that a document names is ever loaded.
 */
final class YamlText {

  static final int MOST_BYTES = 64 * 1024;
  static final int MOST_NODES = 10_000;
  static final int DEEPEST = 12;
  private static final int LONGEST_SHOWN = 100;

  private YamlText() {}

  /**
   * The mapping that a document is.
   *
   * @throws PolicyException if it is none
   */
  static MappingNode compose(String document) {
    Faults faults = new Faults();
    if (document.length() > MOST_BYTES
        || document.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      faults.add(0, "", "must be at most " + MOST_BYTES / 1024 + " KiB long");
      faults.refuse();
    }
    Node root = null;
    try {
      inspect(document, faults);
      faults.refuse();
      root = composer(document).getSingleNode();
    } catch (PolicyException e) {
      throw e;
    } catch (RuntimeException e) {
      // The library has more than one kind: escapes out of range are not its YAMLException.
      faults.add(line(e), "", "must be YAML, which it is not: " + problem(e));
      faults.refuse();
    }
    if (root instanceof MappingNode mapping) {
      return mapping;
    }
    faults.add(root == null ? 0 : root.getStartMark().getLine() + 1, "", "must be a mapping");
    faults.refuse();
    throw new IllegalStateException("refused already");
  }

  /** Looks at the stream of events first: a few lines of aliases can unfold to a billion nodes. */
  private static void inspect(String document, Faults faults) {
    Parser parser = parser(document);
    int nodes = 0;
    int depth = 0;
    int documents = 0;
    while (parser.peekEvent() != null) {
      Event event = parser.getEvent();
      int line = event.getStartMark() == null ? 0 : event.getStartMark().getLine() + 1;
      documents += event instanceof DocumentStartEvent ? 1 : 0;
      nodes += event instanceof NodeEvent ? 1 : 0;
      depth += event instanceof CollectionStartEvent ? 1 : 0;
      depth -= event instanceof CollectionEndEvent ? 1 : 0;
      if (event instanceof NodeEvent node) {
        refuseShortcuts(node, line, faults);
      }
      if (documents > 1) {
        faults.add(line, "", "must be one document; a second one begins here");
        return;
      }
      if (nodes > MOST_NODES || depth > DEEPEST) {
        faults.add(
            line,
            "",
            depth > DEEPEST
                ? "must not be nested deeper than " + DEEPEST + " levels"
                : "must have at most " + MOST_NODES + " values");
        return;
      }
    }
  }

  private static void refuseShortcuts(NodeEvent node, int line, Faults faults) {
    if (node instanceof AliasEvent || node.getAnchor() != null) {
      faults.add(line, "", "must not use anchors and aliases; write the value out");
    }
    String tag =
        node instanceof ScalarEvent scalar
            ? scalar.getTag()
            : node instanceof CollectionStartEvent collection ? collection.getTag() : null;
    if (tag != null) {
      faults.add(line, "", "must not use tags; write the value without the " + cut(tag));
    }
  }

  private static Parser parser(String document) {
    LoaderOptions options = options();
    return new ParserImpl(new StreamReader(new StringReader(document)), options);
  }

  private static Composer composer(String document) {
    return new Composer(parser(document), new Resolver(), options());
  }

  private static LoaderOptions options() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MOST_BYTES);
    options.setNestingDepthLimit(DEEPEST + 1);
    options.setMaxAliasesForCollections(0);
    return options;
  }

  private static int line(RuntimeException e) {
    Mark mark = e instanceof MarkedYAMLException marked ? marked.getProblemMark() : null;
    return mark == null ? 0 : mark.getLine() + 1;
  }

  /** One line of what the library says; it quotes the text, which can be anything. */
  private static String problem(RuntimeException e) {
    String problem = e instanceof MarkedYAMLException marked ? marked.getProblem() : e.getMessage();
    return cut(problem == null ? "it cannot be read" : problem);
  }

  /** Text of the document's own as a message can hold it. */
  static String cut(String text) {
    String line = text.lines().findFirst().orElse("");
    StringBuilder shown = new StringBuilder();
    line.codePoints()
        .limit(LONGEST_SHOWN)
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) || isHalf(c) ? '?' : c));
    return line.codePointCount(0, line.length()) > LONGEST_SHOWN ? shown + "…" : shown.toString();
  }

  private static boolean isHalf(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }
}
