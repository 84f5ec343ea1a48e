package io.arrears.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.arrears.core.PolicyVersion.Variant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Features that depend on other products never lead back. */
class PolicyCyclesTest {

  private static Stream<Variant> of(String product, String more) {
    String document = Documents.with(more).replace("product: live", "product: " + product);
    return PolicyReader.read(document).variants().stream();
  }

  private static String follows(String product) {
    return "features: {files: {follows: " + product + "}}";
  }

  @Test
  void theBuiltInProductsHaveNone() {
    List<Variant> all =
        BuiltInPolicies.products().stream()
            .flatMap(
                product -> PolicyReader.read(BuiltInPolicies.document(product)).variants().stream())
            .toList();

    assertNull(PolicyCycles.find(all));
  }

  @Test
  void aCircleIsNamedFromAProductBackToItself() {
    List<Variant> all =
        Stream.of(
                of("a", follows("b")),
                of(
                    "b",
                    "features: {x: [{effect: erased, while: {product: c, states: [cleared]}}]}"),
                of("c", follows("d")),
                of("d", follows("b")))
            .flatMap(variants -> variants)
            .toList();

    assertEquals(List.of("b", "c", "d", "b"), PolicyCycles.find(all));
  }

  @Test
  void aCircleThroughATierIsFoundAsWell() {
    List<Variant> all =
        Stream.concat(of("a", follows("b")), of("b", "tiers: {gold: {" + follows("a") + "}}"))
            .toList();

    assertEquals(List.of("a", "b", "a"), PolicyCycles.find(all));
  }

  @Test
  void productsThatLeadToTheSameOneAreNoCircle() {
    List<Variant> all =
        Stream.of(of("a", follows("c")), of("b", follows("c")), of("c", follows("elsewhere")))
            .flatMap(variants -> variants)
            .toList();

    assertNull(PolicyCycles.find(all));
  }
}
