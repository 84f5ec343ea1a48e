package io.arrears.api;

import static io.arrears.testkit.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.protobuf.Timestamp;
import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Person;
import io.arrears.testkit.Refusal;
import io.arrears.testkit.Rules;
import io.arrears.v1.ApplyPolicyRequest;
import io.arrears.v1.GetPolicyRequest;
import io.arrears.v1.ListPoliciesRequest;
import io.arrears.v1.Policy;
import io.grpc.Status.Code;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents that are none, or hostile: a clear error each time, and nothing is applied. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class BadPoliciesTest extends OverGrpc {

  private static final String HUGE = "x".repeat(1 << 20);

  private Person owner;
  private String product;
  private List<Policy> before;

  @BeforeEach
  void whatIsInForce() {
    owner = client.person("owner");
    product = Rules.newProduct();
    before = all();
  }

  @AfterEach
  void nothingHasChanged() {
    assertEquals(before, all());
  }

  private List<Policy> all() {
    return owner
        .policies
        .listPolicies(ListPoliciesRequest.newBuilder().setPageSize(1000).build())
        .getPoliciesList();
  }

  private void assertRefused(String document) {
    Refusal refusal = refused(() -> owner.apply(document));
    assertEquals(Code.INVALID_ARGUMENT, refusal.code(), refusal.message());
    assertEquals("INVALID_REQUEST", refusal.reason());
    assertFalse(refusal.rules().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mercy: some",
        "grace: {length: 0h, from: overdue}",
        "grace: {length: -1h, from: overdue}",
        "grace: {length: 365000d, from: overdue}",
        "grace: soon",
        "grace: [24h]",
        "grace: {length: 24h, length: 2h, from: overdue}",
        "version: 0",
        "version: -1",
        "version: 99999999999999999999",
        "billing: !!java.net.URL [\"http://localhost\"]",
        "product: ../../etc/passwd",
        "product: \"\"",
        "suspension: &anchor {access: blocked}",
      })
  void a_section_that_cannot_be_meant_is_refused(String section) {
    assertRefused(Rules.document(product, section));
  }

  @Test
  void what_is_no_document_is_refused() {
    for (String document :
        List.of(
            "",
            " ",
            "[]",
            "\u0000",
            "\uFFFE",
            "product: " + product,
            "- " + Rules.document(product),
            Rules.document(product) + "---\n" + Rules.document(product),
            "\t" + Rules.document(product))) {
      assertRefused(document);
    }
  }

  @Test
  void a_megabyte_and_anchors_that_explode_are_refused_at_once() {
    String bomb =
        """
        a: &a [x, x, x, x, x, x, x, x]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a]
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b]
        d: [*c, *c, *c, *c, *c, *c, *c, *c]
        """;

    assertRefused(HUGE);
    assertRefused("# " + HUGE + "\n" + Rules.document(product));
    assertRefused("[".repeat(1 << 20));
    assertRefused("{a: ".repeat(10_000));
    assertRefused(bomb + Rules.document(product));
  }

  @Test
  void an_instant_or_a_name_of_the_wrong_shape_is_refused() {
    Refusal early =
        refused(
            () ->
                owner.policies.applyPolicy(
                    ApplyPolicyRequest.newBuilder()
                        .setDocument(Rules.document(product))
                        .setEffectiveFrom(Timestamp.newBuilder().setSeconds(Long.MIN_VALUE))
                        .build()));
    assertEquals(List.of("effective_from"), early.fields());
    for (String text : List.of(HUGE, "a\u0000b", "a\nb")) {
      assertEquals(
          List.of("product"),
          refused(
                  () ->
                      owner.policies.getPolicy(
                          GetPolicyRequest.newBuilder().setProduct(text).build()))
              .fields());
      assertEquals(
          List.of("product"),
          refused(
                  () ->
                      owner.policies.listPolicies(
                          ListPoliciesRequest.newBuilder().setProduct(text).build()))
              .fields());
    }
  }
}
