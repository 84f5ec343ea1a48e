package io.arrears.api;

import static io.arrears.testkit.Client.instant;
import static io.arrears.testkit.Client.item;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Person;
import io.arrears.testkit.Rules;
import io.arrears.testkit.Watching;
import io.arrears.v1.DesiredState;
import io.arrears.v1.EnforcementServiceGrpc;
import io.arrears.v1.Job;
import io.arrears.v1.JobRun;
import io.arrears.v1.ListDriftRequest;
import io.arrears.v1.ListDriftResponse;
import io.arrears.v1.ListDriftResponse.Drift;
import io.arrears.v1.RunJobRequest;
import io.arrears.v1.WatchDesiredStatesRequest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Products that do not do what they were told. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class DriftOverGrpcTest extends OverGrpc {

  private Person cloud;
  private String product;

  @BeforeEach
  void aProductThatMayTakeFiveMinutes() {
    cloud = client.person("cloud");
    product = Rules.newProduct();
    cloud.apply(Rules.document(product, "enforcement: {within: 5m}"));
  }

  /** Told to block an account, and not done. */
  private String behind() {
    String account = client.account();
    client.pay(account, "100");
    client.ingest(item(account, "1", client.now()).setProduct(product));
    client.person("risk").restrict(account, product, "MANUAL");
    return account;
  }

  private List<Drift> drifts() {
    return page("", 0).getDriftsList();
  }

  private ListDriftResponse page(String token, int size) {
    return cloud.enforcement.listDrift(
        ListDriftRequest.newBuilder()
            .setProduct(product)
            .setPageSize(size)
            .setPageToken(token)
            .build());
  }

  @Test
  void what_is_behind_for_longer_than_the_policy_allows_is_drift_until_it_is_done() {
    String account = behind();
    Instant since = client.now();

    client.advance(Duration.ofMinutes(5).minusSeconds(1));
    assertEquals(List.of(), drifts());
    client.advance(Duration.ofSeconds(1));

    Drift drift = drifts().get(0);
    assertEquals(account, drift.getDesired().getAccountId());
    assertEquals(2, drift.getDesired().getGeneration());
    assertEquals(1, drift.getObservedGeneration());
    assertEquals(since, instant(drift.getSince()));
    assertEquals("", drift.getLastError());
    assertTrue(drift.getAttempts() >= 2);
    cloud.observed(account, product, 2);
    assertEquals(List.of(), drifts());
  }

  @Test
  void a_product_that_fails_is_told_again_with_back_off_and_its_error_is_kept() throws Exception {
    String account = behind();
    try (var watching =
        Watching.of(
            EnforcementServiceGrpc.newStub(client.channel())::watchDesiredStates,
            WatchDesiredStatesRequest.newBuilder().setProduct(product).build())) {
      DesiredState first = watching.next();
      cloud.enforcement.reportObservedState(
          Person.report(account, product, 2).setError("disk full").build());
      assertFalse(client.service(account, product).getEnforced());

      client.advance(Duration.ofSeconds(29));
      assertEquals(0, client.run(Job.JOB_RECONCILIATION).getChanged());
      client.advance(Duration.ofSeconds(1));
      DesiredState again = watching.next();
      client.advance(Duration.ofSeconds(59));
      assertEquals(0, client.run(Job.JOB_RECONCILIATION).getChanged());
      client.advance(Duration.ofSeconds(1));
      DesiredState third = watching.next();

      assertEquals(first.getGeneration(), again.getGeneration());
      assertEquals(first.getGeneration(), third.getGeneration());
      client.advance(Duration.ofMinutes(10));
      assertEquals("disk full", drifts().get(0).getLastError());
      cloud.observed(account, product, 2);
      assertTrue(client.service(account, product).getEnforced());
    }
  }

  @Test
  void a_newer_decision_does_not_hide_for_how_long_the_product_has_been_behind() {
    String account = behind();
    Instant since = client.now();
    client.advance(Duration.ofMinutes(4));
    client.person("risk").restrict(account, product, "VIOLATION");
    client.advance(Duration.ofMinutes(2));

    assertEquals(since, instant(drifts().get(0).getSince()));
  }

  @Test
  void drifts_come_page_by_page() {
    List<String> accounts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      accounts.add(behind());
    }
    client.advance(Duration.ofMinutes(6));

    List<String> listed = new ArrayList<>();
    ListDriftResponse page = page("", 2);
    while (!page.getNextPageToken().isEmpty()) {
      page.getDriftsList().forEach(each -> listed.add(each.getDesired().getAccountId()));
      page = page(page.getNextPageToken(), 2);
    }
    page.getDriftsList().forEach(each -> listed.add(each.getDesired().getAccountId()));

    assertEquals(accounts.stream().sorted().toList(), listed);
  }

  @Test
  void a_dry_run_counts_what_would_be_told_again_and_tells_nothing() {
    behind();
    client.advance(Duration.ofSeconds(29));
    sql(
        "update service set retell_at = retell_at - interval '5 seconds' where product = '"
            + product
            + "'");

    JobRun dry =
        client.operations.runJob(
            RunJobRequest.newBuilder().setJob(Job.JOB_RECONCILIATION).setDryRun(true).build());
    JobRun run = client.run(Job.JOB_RECONCILIATION);

    assertEquals(1, dry.getCountsOrThrow("told-again:" + product));
    assertEquals(1, run.getCountsOrThrow("told-again:" + product));
  }
}
