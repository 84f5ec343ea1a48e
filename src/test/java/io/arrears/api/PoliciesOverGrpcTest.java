package io.arrears.api;

import static io.arrears.testkit.Client.instant;
import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.timestamp;
import static io.arrears.testkit.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.Concurrently;
import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Person;
import io.arrears.testkit.Refusal;
import io.arrears.testkit.Rules;
import io.arrears.v1.ApplyPolicyRequest;
import io.arrears.v1.GetPolicyRequest;
import io.arrears.v1.ItemRejection;
import io.arrears.v1.ListPoliciesRequest;
import io.arrears.v1.ListPoliciesResponse;
import io.arrears.v1.Policy;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Documents: how they are applied, refused, kept and read back. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class PoliciesOverGrpcTest extends OverGrpc {

  private Person owner;
  private String product;

  @BeforeEach
  void somebody() {
    owner = client.person("owner");
    product = Rules.newProduct();
  }

  private Policy get(String ofProduct, long version) {
    return owner.policies.getPolicy(
        GetPolicyRequest.newBuilder().setProduct(ofProduct).setVersion(version).build());
  }

  private ListPoliciesResponse list(String ofProduct, int size, String token) {
    return owner.policies.listPolicies(
        ListPoliciesRequest.newBuilder()
            .setProduct(ofProduct)
            .setPageSize(size)
            .setPageToken(token)
            .build());
  }

  private String graceOf(String length) {
    return Rules.document(product, "grace: {length: %s, from: overdue}".formatted(length));
  }

  @Test
  void a_document_of_a_new_product_is_its_first_version_and_in_force_at_once() {
    String document = "# Agreed in November.\n" + Rules.document(product);

    Policy applied = owner.apply(document);

    assertEquals(product, applied.getProduct());
    assertEquals(1, applied.getVersion());
    assertEquals(document, applied.getDocument());
    assertEquals("owner", applied.getAppliedBy());
    assertEquals(client.now(), instant(applied.getAppliedAt()));
    assertEquals(client.now(), instant(applied.getEffectiveFrom()));
    assertFalse(applied.getRetroactive());
    assertEquals(applied, get(product, 0));
    assertEquals(applied, get(product, 1));
    assertEquals(List.of(applied), list(product, 0, "").getPoliciesList());
  }

  @Test
  void every_version_is_kept_as_it_was() {
    Policy first = owner.apply(graceOf("24h"));
    client.advance(Duration.ofHours(1));
    Policy second = client.person("another").apply(graceOf("2h"));

    assertEquals(2, second.getVersion());
    assertEquals(second, get(product, 0));
    assertEquals(first, get(product, 1));
    assertEquals(second, get(product, 2));
    assertEquals(List.of(first, second), list(product, 0, "").getPoliciesList());
  }

  @Test
  void a_version_of_the_future_is_not_in_force_before_its_instant() {
    Policy first = owner.apply(graceOf("24h"));
    Instant from = client.now().plus(Duration.ofDays(2));
    Policy second = owner.apply(graceOf("2h"), from, true);
    assertTrue(second.getRetroactive());
    assertEquals(from, instant(second.getEffectiveFrom()));
    client.advanceTo(from.minusSeconds(1));
    assertEquals(first, get(product, 0));

    client.advanceTo(from);

    assertEquals(second, get(product, 0));
  }

  @Test
  void a_product_whose_first_version_is_of_the_future_does_not_exist_before() {
    Instant from = client.now().plus(Duration.ofDays(1));
    Policy applied = owner.apply(Rules.document(product), from, false);
    String account = client.account();

    assertEquals("POLICY_NOT_FOUND", refused(() -> get(product, 0)).reason());
    assertEquals(applied, get(product, 1));
    assertEquals(
        ItemRejection.Reason.REASON_PRODUCT_NOT_FOUND,
        client
            .ingest(item(account, "1", client.now()).setProduct(product))
            .getRejections(0)
            .getReason());
    client.advanceTo(from);
    assertEquals(
        1, client.ingest(item(account, "1", client.now()).setProduct(product)).getAccepted());
  }

  @Test
  void validate_only_says_what_would_be_and_changes_nothing() {
    ApplyPolicyRequest.Builder request =
        ApplyPolicyRequest.newBuilder().setDocument(graceOf("24h")).setValidateOnly(true);

    Policy would = owner.policies.applyPolicy(request.build());

    assertEquals(1, would.getVersion());
    assertEquals("POLICY_NOT_FOUND", refused(() -> get(product, 0)).reason());
    assertEquals(List.of(), list(product, 0, "").getPoliciesList());
    Refusal refusal =
        refused(() -> owner.policies.applyPolicy(request.setDocument(graceOf("soon")).build()));
    assertEquals(Code.INVALID_ARGUMENT, refusal.code());
  }

  @Test
  void every_fault_is_a_violation_with_its_line_and_path_and_nothing_is_applied() {
    String document =
        """
        product: %s
        billing:
          time-zone: Atlantis
          daily-at: "08:00"
          monthly-day: 31
          monthly-at: "08:00"
        grace: {length: -24h, from: overdue, mercy: some}
        suspension: {access: allowed}
        repossession: {after-overdue: 1000000d}
        """
            .formatted(product);

    Refusal refusal = refused(() -> owner.apply(document));

    assertEquals(Code.INVALID_ARGUMENT, refusal.code());
    assertEquals("INVALID_REQUEST", refusal.reason());
    for (String fault :
        List.of(
            "line 3: billing.time-zone",
            "line 5: billing.monthly-day",
            "line 7: grace.length",
            "line 7: grace.mercy",
            "line 8: suspension.access",
            "line 9: repossession.after-overdue")) {
      assertTrue(
          refusal.rules().stream().anyMatch(rule -> rule.startsWith(fault + " ")),
          fault + " in " + refusal.rules());
    }
    assertEquals(6, refusal.rules().size(), refusal.rules().toString());
    assertEquals("POLICY_NOT_FOUND", refused(() -> get(product, 0)).reason());
  }

  @Test
  void of_more_faults_than_an_answer_can_hold_the_first_are_told_and_how_many_there_are() {
    String faults =
        IntStream.range(0, 99)
            .mapToObj(i -> "key-that-nobody-knows-" + i + ": x\n")
            .collect(Collectors.joining());

    Refusal refusal = refused(() -> owner.apply(Rules.document(product) + faults));

    assertEquals(Code.INVALID_ARGUMENT, refusal.code());
    int told = refusal.rules().size() - 1;
    assertTrue(told >= 8, told + " faults");
    assertTrue(refusal.rules().get(0).startsWith("line 6: key-that-nobody-knows-0 "));
    assertEquals("and %d more".formatted(99 - told), refusal.rules().get(told));
  }

  @Test
  void products_may_not_depend_on_each_other_in_a_circle() {
    String other = Rules.newProduct();
    owner.apply(Rules.document(product, "features: {copies: {follows: %s}}".formatted(other)));

    Refusal refusal =
        refused(
            () ->
                owner.apply(
                    Rules.document(
                        other, "features: {previews: {follows: %s}}".formatted(product))));

    assertEquals(Code.INVALID_ARGUMENT, refusal.code());
    assertTrue(refusal.message().contains(product), refusal.message());
    assertEquals("POLICY_NOT_FOUND", refused(() -> get(other, 0)).reason());
  }

  @Test
  void what_has_happened_stands_so_no_version_governs_the_past() {
    owner.apply(graceOf("24h"));

    Refusal refusal = refused(() -> owner.apply(graceOf("2h"), client.now().minusSeconds(1), true));

    assertEquals(Code.INVALID_ARGUMENT, refusal.code());
    assertEquals(List.of("effective_from"), refusal.fields());
    assertEquals(1, get(product, 0).getVersion());
    Refusal never =
        refused(() -> owner.apply(graceOf("2h"), Instant.parse("9999-01-01T00:00:00Z"), true));
    assertEquals(List.of("effective_from"), never.fields());
  }

  @Test
  void a_draft_of_an_old_version_is_noticed() {
    owner.apply("version: 1\n" + graceOf("24h"));
    owner.apply("version: 2\n" + graceOf("12h"));

    Refusal refusal = refused(() -> owner.apply("version: 2\n" + graceOf("2h")));

    assertEquals(Code.FAILED_PRECONDITION, refusal.code());
    assertEquals("POLICY_VERSION", refusal.reason());
    assertEquals(2, get(product, 0).getVersion());
  }

  @Test
  void of_operators_who_apply_the_same_next_version_at_once_one_does() throws Exception {
    owner.apply(graceOf("24h"));

    List<Code> answers =
        Concurrently.all(
            IntStream.range(1, 7)
                .<Callable<Code>>mapToObj(
                    i ->
                        () -> {
                          try {
                            client.person("owner-" + i).apply("version: 2\n" + graceOf(i + "h"));
                            return Code.OK;
                          } catch (StatusRuntimeException e) {
                            return e.getStatus().getCode();
                          }
                        })
                .toList());

    assertEquals(1, answers.stream().filter(Code.OK::equals).count(), answers.toString());
    assertEquals(5, answers.stream().filter(Code.FAILED_PRECONDITION::equals).count());
    assertEquals(2, list(product, 0, "").getPoliciesCount());
  }

  @Test
  void versions_are_listed_page_by_page_and_the_built_in_ones_with_them() {
    for (int i = 1; i <= 5; i++) {
      owner.apply(graceOf(i + "h"));
    }
    List<Long> versions = new ArrayList<>();
    String token = "";
    do {
      ListPoliciesResponse page = list(product, 2, token);
      assertTrue(page.getPoliciesCount() <= 2);
      page.getPoliciesList().forEach(each -> versions.add(each.getVersion()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());

    assertEquals(List.of(1L, 2L, 3L, 4L, 5L), versions);
    List<Policy> all = list("", 1000, "").getPoliciesList();
    assertTrue(all.stream().anyMatch(each -> each.getProduct().equals("css")));
    assertEquals(5, all.stream().filter(each -> each.getProduct().equals(product)).count());
    assertEquals("built-in", get("css", 0).getAppliedBy());
  }

  @Test
  void a_version_that_another_replica_applied_is_seen_by_reads_and_by_items() {
    otherReplicaApplies(1, graceOf("24h"));
    String account = client.account();

    assertEquals(
        1, client.ingest(item(account, "1", client.now()).setProduct(product)).getAccepted());

    otherReplicaApplies(2, graceOf("2h"));
    assertEquals(2, client.service(account, product).getPolicyVersion());
    otherReplicaApplies(3, graceOf("3h"));
    assertEquals(3, get(product, 0).getVersion());
    otherReplicaApplies(4, graceOf("4h"));
    assertEquals(
        "POLICY_VERSION", refused(() -> owner.apply("version: 4\n" + graceOf("1h"))).reason());
    assertEquals(5, owner.apply("version: 5\n" + graceOf("5h")).getVersion());
  }

  @Test
  void a_version_that_is_news_here_holds_up_none_of_many_calls_at_once() throws Exception {
    List<String> accounts = IntStream.range(0, 64).mapToObj(i -> client.account()).toList();
    otherReplicaApplies(1, graceOf("24h"));

    List<Code> answers =
        Concurrently.all(
            accounts.stream()
                .<Callable<Code>>map(
                    account ->
                        () -> {
                          try {
                            client.pay(account, "1");
                            return Code.OK;
                          } catch (StatusRuntimeException e) {
                            return e.getStatus().getCode();
                          }
                        })
                .toList());

    assertEquals(64, answers.stream().filter(Code.OK::equals).count(), answers.toString());
  }

  @Test
  void a_product_that_another_replica_applied_has_its_mornings_here() {
    String account = client.account();
    otherReplicaApplies(1, graceOf("24h"));
    client.ingest(item(account, "1", client.now()).setProduct(product));
    otherReplicaApplies(
        2,
        Rules.document(
            product,
            "billing: {time-zone: Asia/Shanghai, daily-at: \"06:17\", monthly-day: 1,"
                + " monthly-at: \"08:00\"}"));

    Instant morning = io.arrears.testkit.Client.at(client.today().plusDays(1), "06:17");
    client.advanceTo(client.nextMorning());

    assertEquals(morning, instant(client.bills(account).get(0).getGeneratedAt()));
  }

  private void otherReplicaApplies(int version, String document) {
    sql(
        "insert into policy_version select '%s', %d, '%s', virtual_now, false, 'other', virtual_now"
                .formatted(product, version, document)
            + " from installation");
  }

  @Test
  void a_policy_that_does_not_exist_is_not_found() {
    Refusal unknown = refused(() -> get("x", 0));
    assertEquals(Code.NOT_FOUND, unknown.code());
    assertEquals("POLICY_NOT_FOUND", unknown.reason());
    assertEquals("there is no policy of x", unknown.message());
    assertEquals("POLICY_NOT_FOUND", refused(() -> get("css", 7)).reason());
    assertEquals(List.of("version"), refused(() -> get("css", -1)).fields());
    assertEquals(List.of("product"), refused(() -> get("", 0)).fields());
    assertEquals(
        List.of("page_token"),
        refused(() -> list("css", 1, timestamp(client.now()).toString())).fields());
  }
}
