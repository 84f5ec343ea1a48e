package io.arrears.policy;

import io.arrears.core.Access;
import io.arrears.core.BillingCalendar;
import io.arrears.core.Grace.Anchor;
import io.arrears.core.Policy;
import io.arrears.core.Repossession.Winner;
import io.arrears.core.Span;
import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads a policy document; every fault is reported at once, with its line and path. */
public final class PolicyReader {

  private static final Duration ASSUME_RECEIVED_AFTER = Duration.ofHours(24);

  private final List<String> faults = new ArrayList<>();

  private PolicyReader() {}

  /**
   * @throws PolicyException naming every fault
   */
  public static PolicyDocument read(String document) {
    PolicyReader reader = new PolicyReader();
    Policy policy = reader.policy(compose(document));
    if (!reader.faults.isEmpty()) {
      throw new PolicyException(reader.faults);
    }
    return new PolicyDocument(
        policy.product(),
        policy.version(),
        List.of(new io.arrears.core.PolicyVersion.Variant(null, null, policy)));
  }

  private static Node compose(String document) {
    try {
      return new Yaml(new LoaderOptions()).compose(new StringReader(document));
    } catch (YAMLException e) {
      throw new PolicyException(List.of(String.valueOf(e.getMessage())));
    }
  }

  private Policy policy(Node root) {
    Section top = new Section(root, "");
    Section billing = top.section("billing");
    Section grace = top.section("grace");
    Section suspension = top.section("suspension");
    Section repossession = top.section("repossession");
    ZoneId zone = billing.required("time-zone", "a time zone, e.g. Asia/Shanghai", ZoneId::of);
    LocalTime dailyAt =
        billing.required("daily-at", "a time of day, e.g. \"08:00\"", LocalTime::parse);
    LocalTime monthlyAt =
        billing.required("monthly-at", "a time of day, e.g. \"08:00\"", LocalTime::parse);
    Integer monthlyDay = billing.required("monthly-day", "1 to 28", text -> bounded(text, 1, 28));
    Long version =
        top.required(
            "version",
            "a whole number from 1 on",
            text -> (long) bounded(text, 1, Integer.MAX_VALUE));
    String product =
        top.required("product", "lower-case letters, digits and dashes", PolicyReader::productName);
    Duration length = grace.required("length", "hours, e.g. 24h", PolicyReader::hours);
    Anchor from =
        grace.required("from", oneOf(Anchor.values()), text -> constant(Anchor.class, text));
    Duration assumed =
        grace.optional("assume-received-after", "hours, e.g. 24h", PolicyReader::hours);
    Access access =
        suspension.required("access", "new-blocked or blocked", PolicyReader::suspendedAccess);
    Duration afterOverdue =
        repossession.optional("after-overdue", "hours, e.g. 1440h", PolicyReader::hours);
    Duration afterSuspension =
        repossession.optional("after-suspension", "hours, e.g. 1440h", PolicyReader::hours);
    Winner wins =
        repossession.optional("wins", oneOf(Winner.values()), text -> constant(Winner.class, text));
    List.of(top, billing, grace, suspension, repossession).forEach(Section::refuseOthers);
    if (!faults.isEmpty()) {
      return null;
    }
    return new Policy(
        product,
        version,
        new BillingCalendar(zone, dailyAt, monthlyDay, monthlyAt),
        new Policy.Bills(null, null),
        io.arrears.core.Overdue.BELOW_LIMIT,
        new io.arrears.core.Grace(
            Span.exactly(length),
            from,
            false,
            Span.exactly(assumed == null ? ASSUME_RECEIVED_AFTER : assumed)),
        new io.arrears.core.Suspension(
            access,
            io.arrears.core.Suspension.Billed.ALL,
            io.arrears.core.Suspension.Restore.AUTOMATIC),
        List.of(),
        new io.arrears.core.Repossession(
            afterOverdue == null ? null : Span.exactly(afterOverdue),
            afterSuspension == null ? null : Span.exactly(afterSuspension),
            wins == null ? Winner.EARLIER : wins),
        new io.arrears.core.Clearing(
            List.of("configurations", "service-logs", "client-authorizations"),
            Span.NONE,
            Span.exactly(Duration.ofHours(24))),
        new io.arrears.core.Violation(Span.exactly(Duration.ofDays(60)), Span.NONE, List.of()),
        List.of(),
        Set.of(
            io.arrears.core.Notice.Rung.OVERDUE,
            io.arrears.core.Notice.Rung.SUSPENDED,
            io.arrears.core.Notice.Rung.RESTORED,
            io.arrears.core.Notice.Rung.REPOSSESSED,
            io.arrears.core.Notice.Rung.CLEARED),
        List.of(),
        null);
  }

  private static String productName(String text) {
    if (!text.matches("[a-z0-9][a-z0-9-]{0,63}")) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static int bounded(String text, int least, int most) {
    int number = Integer.parseInt(text);
    if (number < least || number > most) {
      throw new IllegalArgumentException(text);
    }
    return number;
  }

  /** Hours as exact spans of 60 minutes, e.g. {@code 24h}. */
  private static Duration hours(String text) {
    if (!text.matches("\\d{1,6}h")) {
      throw new IllegalArgumentException(text);
    }
    return Duration.ofHours(Long.parseLong(text.substring(0, text.length() - 1)));
  }

  private static Access suspendedAccess(String text) {
    Access access = constant(Access.class, text);
    if (access != Access.NEW_BLOCKED && access != Access.BLOCKED) {
      throw new IllegalArgumentException(text);
    }
    return access;
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String text) {
    if (!text.equals(text.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(text);
    }
    return Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static String oneOf(Enum<?>[] constants) {
    List<String> names = new ArrayList<>();
    for (Enum<?> constant : constants) {
      names.add(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    return "one of " + String.join(", ", names);
  }

  /** One mapping of the document. */
  private final class Section {

    private final Node node;
    private final String path;
    private final Set<String> known = new HashSet<>();

    Section(Node node, String path) {
      this.node = node;
      this.path = path;
      if (!(node instanceof MappingNode)) {
        fault(node, path.isEmpty() ? "the document" : named(), "must be a mapping");
      }
    }

    Section section(String key) {
      Node value = value(key);
      if (value == null) {
        fault(node, path + key, "is missing");
        return new Section(
            new MappingNode(
                org.yaml.snakeyaml.nodes.Tag.MAP,
                List.of(),
                org.yaml.snakeyaml.DumperOptions.FlowStyle.BLOCK),
            path + key + ".");
      }
      return new Section(value, path + key + ".");
    }

    <T> T required(String key, String expected, Function<String, T> parse) {
      if (value(key) == null) {
        fault(node, path + key, "is missing; it must be " + expected);
        return null;
      }
      return optional(key, expected, parse);
    }

    <T> T optional(String key, String expected, Function<String, T> parse) {
      Node value = value(key);
      if (value == null) {
        return null;
      }
      try {
        if (value instanceof ScalarNode scalar) {
          return parse.apply(scalar.getValue());
        }
      } catch (IllegalArgumentException | DateTimeException e) {
        // Falls through to the one message that says what would be right.
      }
      fault(value, path + key, "must be " + expected);
      return null;
    }

    /** Whoever wrote a key that is not known, or the same one twice, meant something by it. */
    void refuseOthers() {
      Set<String> seen = new HashSet<>();
      for (NodeTuple tuple : tuples()) {
        String key = key(tuple);
        if (key == null) {
          fault(
              tuple.getKeyNode(), path.isEmpty() ? "a key" : "a key of " + named(), "must be text");
        } else if (!known.contains(key)) {
          fault(tuple.getKeyNode(), path + key, "is not a key of a policy");
        } else if (!seen.add(key)) {
          fault(tuple.getKeyNode(), path + key, "is there twice");
        }
      }
    }

    /** Null when it is no text. */
    private static String key(NodeTuple tuple) {
      return tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : null;
    }

    private String named() {
      return path.substring(0, path.length() - 1);
    }

    private Node value(String key) {
      known.add(key);
      for (NodeTuple tuple : tuples()) {
        if (key.equals(key(tuple))) {
          return tuple.getValueNode();
        }
      }
      return null;
    }

    private List<NodeTuple> tuples() {
      return node instanceof MappingNode mapping ? mapping.getValue() : List.of();
    }

    private void fault(Node at, String where, String what) {
      String line =
          at == null || at.getStartMark() == null
              ? ""
              : "line " + (at.getStartMark().getLine() + 1) + ": ";
      faults.add(line + where + " " + what);
    }
  }
}
