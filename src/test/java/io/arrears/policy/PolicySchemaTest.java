package io.arrears.policy;

import static io.arrears.policy.Documents.GOOD;
import static io.arrears.policy.Documents.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The published schema, the reader and the page about both say the same. */
class PolicySchemaTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path PAGE = Path.of("docs", "policies.md");
  private static final JsonNode TEXT = schemaText();
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(TEXT);

  private static JsonNode schemaText() {
    try (InputStream in =
        PolicySchemaTest.class.getResourceAsStream("/schema/policy.schema.json")) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Object> parse(String yaml) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
  }

  private static List<String> complaints(String yaml) {
    return SCHEMA.validate(JSON.valueToTree(parse(yaml))).stream().map(Object::toString).toList();
  }

  static List<String> products() {
    return BuiltInPolicies.products();
  }

  @ParameterizedTest
  @MethodSource("products")
  void everyBuiltInDocumentIsValid(String product) {
    assertEquals(List.of(), complaints(BuiltInPolicies.document(product)));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "product: Live Streaming",
        "version: 0",
        "colour: green",
        "billing: {time-zone: Asia/Shanghai, daily-at: \"08:00\", monthly-day: 1}",
        "billing: {time-zone: UTC, daily-at: \"25:00\", monthly-day: 1, monthly-at: \"08:00\"}",
        "overdue: {unpaid-bills: {count: 1}}",
        "grace: {length: 24h}",
        "grace: {length: 0h, from: overdue}",
        "grace: {length: none, from: yesterday}",
        "grace: {length: ~, from: overdue}",
        "suspension: {access: allowed}",
        "suspension: sometimes",
        "suspension: never",
        "stages: [{name: a, after: 1h}]",
        "stages: [{name: a, after: 1h, from: overdue, access: ~}]",
        "repossession: {wins: earlier}",
        "clearing: {categories: []}",
        "violations: {clear-after: 1h}",
        "features: {a: [{effect: available, while: {states: [active]}}]}",
        "features: {a: ~}",
        "notices: [suspended]",
        "reminders: [{of: suspension, before: 1h, after: 1h}]",
        "runway-alert: {days: 0}",
        "tiers: {gold: {billing: {daily-at: \"08:00\"}}}",
        "tiers: {gold: {tiers: {}}}",
        "opened-before: {yesterday: {}}",
        "opened-before: {\"2022-07-11T00:00:00Z\": {version: 3}}",
      })
  void whatTheSchemaRefusesTheReaderRefusesToo(String section) {
    String document = with(section);

    assertFalse(complaints(document).isEmpty());
    assertFalse(Documents.faults(document).isEmpty());
  }

  /** By section: how the reader is asked for its keys, and where the schema lists them. */
  static List<List<String>> sections() {
    return List.of(
        List.of("x: 1", "/properties"),
        List.of(
            GOOD.lines().skip(2).limit(5).reduce("", (a, b) -> a + b + "\n") + "  x: 1",
            "/$defs/billing/properties"),
        List.of("overdue: {x: 1}", "/$defs/overdue/properties"),
        List.of("grace: {length: 1h, from: overdue, x: 1}", "/$defs/grace/properties"),
        List.of("suspension: {access: blocked, x: 1}", "/$defs/suspension/anyOf/1/properties"),
        List.of(
            "stages: [{name: a, after: 1h, from: suspension, x: 1}]",
            "/$defs/stages/items/properties"),
        List.of(
            "repossession: {after-overdue: 90d, x: 1}", "/$defs/repossession/anyOf/1/properties"),
        List.of("clearing: {x: 1}", "/$defs/clearing/properties"),
        List.of("violations: {x: 1}", "/$defs/violations/properties"),
        List.of("reminders: [{of: overdue, after: 1h, x: 1}]", "/$defs/reminders/items/properties"),
        List.of("runway-alert: {days: 1, x: 1}", "/$defs/runway-alert/properties"));
  }

  @ParameterizedTest
  @MethodSource("sections")
  void theReaderAndTheSchemaKnowTheSameKeys(List<String> section) {
    String told = Documents.told(with(section.get(0))).get(0);
    Set<String> read =
        new TreeSet<>(List.of(told.replaceFirst(".* the keys here are ", "").split(", ", -1)));
    Set<String> published = new TreeSet<>();
    TEXT.at(section.get(1)).fieldNames().forEachRemaining(published::add);

    assertEquals(published, read);
  }

  private static void collectKeys(JsonNode schema, Set<String> keys) {
    schema.path("properties").fieldNames().forEachRemaining(keys::add);
    schema.forEach(below -> collectKeys(below, keys));
  }

  @Test
  void thePageExplainsEveryKey() throws IOException {
    String page = Files.readString(PAGE);
    Set<String> keys = new TreeSet<>();
    collectKeys(TEXT, keys);
    keys.removeIf(key -> Pattern.compile("(?<![a-z-])" + key + ":").matcher(page).find());

    assertEquals(Set.of(), keys);
  }

  /** The YAML on the page; a fragment stands in place of the same keys of a whole document. */
  static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    Pattern.compile("(?s)```yaml\n(.*?)```")
        .matcher(Files.readString(PAGE))
        .results()
        .map((MatchResult found) -> found.group(1))
        .forEach(examples::add);
    return examples;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleOnThePageIsReadAndValid(String example) {
    Map<String, Object> document = new LinkedHashMap<>(parse(GOOD));
    Map<String, Object> fragment = parse(example);
    if ("never".equals(fragment.get("suspension"))) {
      document.keySet().removeAll(Set.of("grace", "repossession"));
    }
    document.putAll(fragment);
    boolean complete = fragment.keySet().containsAll(Set.of("product", "billing"));
    String whole = complete ? example : new Yaml().dump(document);

    assertEquals(List.of(), complaints(whole));
    PolicyReader.read(whole);
  }

  @Test
  void thePageHasAnExampleOfEverySection() throws IOException {
    Set<String> shown = new LinkedHashSet<>();
    examples().forEach(example -> shown.addAll(parse(example).keySet()));
    Set<String> sections = new TreeSet<>();
    TEXT.path("properties").fieldNames().forEachRemaining(sections::add);

    assertTrue(shown.containsAll(sections), () -> sections + " of which shown " + shown);
  }
}
