package io.arrears.policy;

import static io.arrears.policy.Documents.GOOD;
import static io.arrears.policy.Documents.faults;
import static io.arrears.policy.Documents.lines;
import static io.arrears.policy.Documents.told;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that is no policy: each gets a clear refusal, and none gets anything else. */
class PolicyBadInputTest {

  private static final int MUTATIONS = 4000;
  private static final String[] BITS = {
    "~",
    "&a",
    "*a",
    "!!java.net.URL",
    "!",
    "<<: *a",
    "%YAML 1.1",
    "---",
    "...",
    "? ",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "|",
    ">",
    "#",
    "\t",
    "\r",
    "\0",
    "\uD800",
    "\uFEFF",
    "\u2028",
    "\"\\U00110000\"",
    "\"\\x\"",
    "never",
    "at-once",
    "none",
    "0h",
    "99999999999999d",
    "1e9999",
    "-",
    "\uD83D\uDE00",
    "9".repeat(200),
    "tiers:",
    "opened-before:",
    "[[[[[[[[[[[[[[[[",
    "{a: {a: {a: "
  };

  @ParameterizedTest(name = "''{0}''")
  @ValueSource(strings = {"", "css", "- css", "# nothing", "~", "---\n"})
  void whatIsNoMappingIsNoPolicy(String document) {
    assertEquals(List.of("the document must be a mapping"), told(document));
  }

  @Test
  void whatIsNoYamlIsRefusedWithTheLine() {
    assertEquals(
        List.of(
            "line 2: the document must be YAML, which it is not: found character '\\t(TAB)' that"
                + " cannot start any token. (Do not use \\t(TAB) for indentation)"),
        lines("product: css\n\tversion: 1\n"));
  }

  @Test
  void aDocumentOfAMegabyteIsTooLong() {
    assertEquals(
        List.of("the document must be at most 64 KiB long"),
        told(GOOD + "# padding\n".repeat(100_000)));
  }

  @Test
  void lengthIsInBytes() {
    assertEquals(
        List.of("the document must be at most 64 KiB long"),
        told(GOOD + "# " + "欠费".repeat(11_000) + "\n"));
    PolicyReader.read(GOOD + "# " + "欠费".repeat(10_000) + "\n");
  }

  @Test
  void anchorsThatWouldUnfoldToABillionNodesAreRefused() {
    String bomb =
        """
        a: &a [x, x, x, x, x, x, x, x, x]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
        d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]
        """;

    assertEquals(
        IntStream.rangeClosed(1, 4)
            .mapToObj(
                line ->
                    "line "
                        + line
                        + ": the document must not use anchors and aliases; write the value out")
            .toList(),
        lines(bomb));
  }

  @Test
  void anAnchorThatContainsItselfIsRefused() {
    assertTrue(lines("a: &a {b: *a}\n").get(0).contains("anchors and aliases"));
  }

  @Test
  void noTypeThatADocumentNamesIsLoaded() {
    assertEquals(
        List.of(
            "line 1: the document must not use tags; write the value without the"
                + " tag:yaml.org,2002:javax.script.ScriptEngineManager"),
        lines("product: !!javax.script.ScriptEngineManager [a]\n"));
  }

  @Test
  void nestingHasAnEnd() {
    assertEquals(
        List.of("line 1: the document must not be nested deeper than 12 levels"),
        lines("a: " + "[".repeat(10_000) + "]".repeat(10_000)));
  }

  @Test
  void valuesAreCounted() {
    assertEquals(
        List.of("line 1: the document must have at most 10000 values"),
        lines("a: [" + "1,".repeat(10_000) + "]"));
  }

  @Test
  void aSecondDocumentIsRefused() {
    assertEquals(
        List.of("line 15: the document must be one document; a second one begins here"),
        lines(GOOD + "---\n" + GOOD));
  }

  @Test
  void ofThousandsOfFaultsAHundredAreTold() {
    String keys =
        IntStream.range(0, 2000).mapToObj(i -> "k" + i + ": 1\n").collect(Collectors.joining());

    List<Fault> faults = faults(GOOD + keys);

    assertEquals(101, faults.size());
    assertEquals(new Fault(0, "", "has 1900 more faults"), faults.get(100));
  }

  @Test
  void aKeyOfAnyLengthIsToldShort() {
    List<String> lines = lines(GOOD + "x".repeat(900) + ": 1\n");

    assertTrue(
        lines.get(0).startsWith("line 15: " + "x".repeat(100) + "… is not a key"), lines.get(0));
  }

  @Test
  void whateverTheTextNothingElseIsThrown() {
    long seed = 20210517;
    Random random = new Random(seed);
    List<String> documents =
        BuiltInPolicies.products().stream().map(BuiltInPolicies::document).toList();

    int read = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      String document = documents.get(random.nextInt(documents.size()));
      String mutated = mutate(document, random);
      try {
        read += PolicyReader.read(mutated).variants().isEmpty() ? 0 : 1;
      } catch (PolicyException e) {
        assertTrue(e.faults().stream().allMatch(PolicyBadInputTest::isReadable), e::getMessage);
      } catch (RuntimeException | StackOverflowError e) {
        fail("seed " + seed + ", mutation " + i + ":\n" + mutated, e);
      }
    }
    assertTrue(read > 0 && read < MUTATIONS, "read " + read);
  }

  private static boolean isReadable(Fault fault) {
    return !fault.message().isBlank()
        && fault.toString().length() < 4000
        && fault.toString().chars().noneMatch(c -> Character.isISOControl(c));
  }

  private static String mutate(String document, Random random) {
    StringBuilder text = new StringBuilder(document);
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + random.nextInt(30));
      switch (random.nextInt(5)) {
        case 0 -> text.setLength(at);
        case 1 -> text.delete(at, end);
        case 2 -> text.insert(at, BITS[random.nextInt(BITS.length)]);
        case 3 -> text.insert(at, text.substring(random.nextInt(text.length() + 1)));
        default -> text.replace(at, end, BITS[random.nextInt(BITS.length)]);
      }
    }
    return text.toString();
  }
}
