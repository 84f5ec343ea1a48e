package io.arrears.api;

import static io.arrears.testkit.Client.instant;
import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.Client;
import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Person;
import io.arrears.testkit.Refusal;
import io.arrears.testkit.Rules;
import io.arrears.v1.Access;
import io.arrears.v1.AccountStatus;
import io.arrears.v1.Job;
import io.arrears.v1.JobRun;
import io.arrears.v1.ListJobRunsRequest;
import io.arrears.v1.RunJobRequest;
import io.arrears.v1.ServiceState;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.Transition;
import io.grpc.Status.Code;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The regular clearing of repossessed and of banned services (S10, S7). */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class ClearingOverGrpcTest extends OverGrpc {

  private static final Duration KEPT = Duration.ofDays(3);
  private static final Duration REPEAT = Duration.ofHours(6);

  private Person cloud;

  /** A product with categories of its own, so that the runs' counts are about it alone. */
  private String product;

  private String disks;
  private String logs;

  @BeforeEach
  void aProduct() {
    cloud = client.person("cloud");
    product = Rules.newProduct();
    disks = "disks-" + product;
    logs = "logs-" + product;
    cloud.apply(
        Rules.document(
            product,
            "repossession: {after-overdue: 3d}",
            "clearing: {categories: [%s, %s], repeat-every: 6h}".formatted(disks, logs),
            "violations: {repossess-after: 5d, clear-after: 2d, retained: [%s]}".formatted(disks)));
  }

  /** An account that became overdue on the next morning. */
  private String overdue() {
    String account = client.account();
    client.ingest(item(account, "3", client.now()).setProduct(product));
    client.advanceTo(client.nextMorning());
    return account;
  }

  /** An account whose service has just been repossessed and is being erased. */
  private String repossessed() {
    String account = overdue();
    client.advance(KEPT);
    return account;
  }

  private ServiceStatus service(String account) {
    return client.service(account, product);
  }

  private List<String> toldToErase(String account) {
    String categories =
        sql("select clear_categories from service where account_id = '" + account + "'")
            .iterator()
            .next()
            .getString(0);
    return categories.isEmpty() ? List.of() : List.of(categories.split(", ", -1));
  }

  private JobRun newestRun() {
    return cloudRuns(1).get(0);
  }

  private List<JobRun> cloudRuns(int many) {
    return client
        .operations
        .listJobRuns(
            ListJobRunsRequest.newBuilder().setJob(Job.JOB_DATA_CLEARING).setPageSize(many).build())
        .getRunsList();
  }

  private long count(JobRun run, String what) {
    return run.getCountsOrDefault(what, 0);
  }

  private List<String> rules(String account) {
    return client.transitions(account).stream().map(Transition::getRule).toList();
  }

  @Test
  void the_product_of_a_repossessed_service_is_told_to_erase_every_category() {
    String account = repossessed();

    ServiceStatus repossessed = service(account);
    assertEquals(ServiceState.SERVICE_STATE_REPOSSESSED, repossessed.getState());
    assertEquals(Access.ACCESS_RELEASED, repossessed.getAccess());
    assertEquals(List.of(disks, logs), toldToErase(account));
    assertEquals(1, count(newestRun(), "told:" + disks));
    assertEquals(1, count(newestRun(), "told:" + logs));
    assertEquals(
        List.of(
            "balance-below-limit",
            "grace-started",
            "grace-expired",
            "overdue-retention-expired",
            "clearing-started"),
        rules(account));
  }

  @Test
  void what_is_not_reported_is_told_again_and_again_until_it_is() {
    String account = repossessed();
    Instant told = client.now();
    client.advanceTo(told.plus(REPEAT).minusSeconds(1));
    assertEquals(0, count(newestRun(), "told-again:" + disks));
    client.advanceTo(told.plus(REPEAT));
    assertEquals(1, count(newestRun(), "told-again:" + disks));
    assertEquals(1, count(newestRun(), "told-again:" + logs));

    cloud.observed(account, product, service(account).getGeneration(), disks);

    client.advanceTo(told.plus(REPEAT).plus(REPEAT));
    assertEquals(0, count(newestRun(), "told-again:" + disks));
    assertEquals(1, count(newestRun(), "told-again:" + logs));
    assertEquals(ServiceState.SERVICE_STATE_REPOSSESSED, service(account).getState());
    cloud.observed(account, product, service(account).getGeneration(), logs);
    assertEquals(ServiceState.SERVICE_STATE_CLEARED, service(account).getState());
    client.advance(Duration.ofDays(2));
    for (JobRun run : cloudRuns(3)) {
      assertEquals(0, count(run, "told-again:" + logs));
    }
  }

  @Test
  void a_category_that_fails_is_told_again_and_shows_in_the_run_s_counts() {
    String account = repossessed();
    long told = service(account).getGeneration();
    cloud.enforcement.reportObservedState(
        Person.report(account, product, told).setError("a disk is busy").build());
    assertFalse(service(account).getEnforced());

    client.advance(REPEAT);

    JobRun run = newestRun();
    assertEquals(1, count(run, "failed:" + disks));
    assertEquals(1, count(run, "told-again:" + disks));
    assertTrue(run.getFailed() >= 1);
    cloud.observed(account, product, service(account).getGeneration(), disks);
    client.advance(REPEAT);
    assertEquals(0, count(newestRun(), "failed:" + logs));
    assertEquals(1, count(newestRun(), "told-again:" + logs));
  }

  @Test
  void a_product_may_report_what_it_has_erased_together_with_why_the_rest_failed() {
    String account = repossessed();

    cloud.enforcement.reportObservedState(
        Person.report(account, product, service(account).getGeneration(), logs)
            .setError("a disk is busy")
            .build());

    assertEquals(List.of(disks), toldToErase(account));
    client.advance(REPEAT);
    assertEquals(1, count(newestRun(), "failed:" + disks));
    assertEquals(0, count(newestRun(), "failed:" + logs));
  }

  @Test
  void a_report_of_an_older_generation_than_one_before_is_ignored() {
    String account = overdue();
    long first = service(account).getGeneration();
    client.advance(KEPT);
    long second = service(account).getGeneration();
    cloud.observed(account, product, second);
    assertTrue(service(account).getEnforced());

    long answer = cloud.observed(account, product, first, disks, logs).getDesiredGeneration();

    assertEquals(second, answer);
    assertEquals(List.of(disks, logs), toldToErase(account));
    assertTrue(service(account).getEnforced());
  }

  @Test
  void the_same_report_again_changes_nothing() {
    String account = repossessed();
    long told = service(account).getGeneration();
    cloud.observed(account, product, told, disks);
    AccountStatus after = client.status(account);
    client.advance(Duration.ofMinutes(5));

    cloud.observed(account, product, told, disks);

    assertEquals(Client.service(after, product), service(account));
    assertEquals(List.of(logs), toldToErase(account));
  }

  @Test
  void a_report_must_be_about_something_that_was_told() {
    String account = repossessed();
    long told = service(account).getGeneration();

    Refusal above = refused(() -> cloud.observed(account, product, told + 1));
    assertEquals(Code.INVALID_ARGUMENT, above.code());
    assertEquals(List.of("generation"), above.fields());
    Refusal unknown = refused(() -> cloud.observed(account, product, told, disks, "teapots"));
    assertEquals(Code.INVALID_ARGUMENT, unknown.code());
    assertEquals(List.of("cleared_categories[1]"), unknown.fields());
    assertEquals("SERVICE_NOT_FOUND", refused(() -> cloud.observed(account, "vod", 1)).reason());
    assertEquals("ACCOUNT_NOT_FOUND", refused(() -> cloud.observed("nobody", "vod", 1)).reason());
    assertEquals(List.of(disks, logs), toldToErase(account));
    assertFalse(service(account).getEnforced());
  }

  @Test
  void paying_before_everything_is_erased_withdraws_the_clearing_with_a_newer_generation() {
    String account = repossessed();
    cloud.observed(account, product, service(account).getGeneration(), logs);
    long told = service(account).getGeneration();

    AccountStatus paid = client.pay(account, "3").getStatus();

    ServiceStatus kept = Client.service(paid, product);
    assertEquals(ServiceState.SERVICE_STATE_REPOSSESSED, kept.getState());
    assertTrue(kept.getGeneration() > told);
    assertEquals(List.of(), toldToErase(account));
    assertEquals("clearing-withdrawn", rules(account).get(rules(account).size() - 1));
    client.advance(Duration.ofDays(30));
    assertEquals(0, count(newestRun(), "told-again:" + disks));
    assertEquals(ServiceState.SERVICE_STATE_REPOSSESSED, service(account).getState());
  }

  @Test
  void an_erasure_reported_after_the_payment_is_known_and_does_not_clear_the_rest() {
    String account = repossessed();
    long told = service(account).getGeneration();
    client.pay(account, "3");

    cloud.observed(account, product, told, logs);

    assertEquals(ServiceState.SERVICE_STATE_REPOSSESSED, service(account).getState());
    assertEquals(List.of(), toldToErase(account));
  }

  @Test
  void what_a_running_service_reports_as_erased_is_still_erased_when_it_is_cleared() {
    String account = client.account();
    client.ingest(item(account, "3", client.now()).setProduct(product));

    cloud.observed(account, product, service(account).getGeneration(), disks, logs);

    client.advanceTo(client.nextMorning().plus(KEPT));
    assertEquals(ServiceState.SERVICE_STATE_REPOSSESSED, service(account).getState());
    assertEquals(List.of(disks, logs), toldToErase(account));
  }

  @Test
  void a_repossessed_service_that_was_paid_for_is_reopened_afresh() {
    String account = repossessed();
    client.pay(account, "3");
    long told = service(account).getGeneration();

    AccountStatus reopened = cloud.reopen(account, product);

    ServiceStatus fresh = Client.service(reopened, product);
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, fresh.getState());
    assertEquals(Access.ACCESS_ALLOWED, fresh.getAccess());
    assertTrue(fresh.getGeneration() > told);
    assertFalse(fresh.hasNext());
  }

  @Test
  void what_failed_before_a_service_was_reopened_is_not_held_against_the_fresh_one() {
    String account = repossessed();
    cloud.enforcement.reportObservedState(
        Person.report(account, product, service(account).getGeneration())
            .setError("a disk is busy")
            .build());
    client.pay(account, "3");
    cloud.reopen(account, product);
    client.ingest(item(account, "3", client.now()).setProduct(product));

    client.advanceTo(client.nextMorning().plus(KEPT));

    assertEquals(1, count(newestRun(), "told:" + disks));
    assertEquals(0, count(newestRun(), "failed:" + disks));
  }

  @Test
  void a_banned_service_is_released_and_erased_by_its_policy_and_stays_banned() {
    String account = client.account();
    client.pay(account, "100");
    client.ingest(item(account, "3", client.now()).setProduct(product));
    cloud.restrict(account, "", "VIOLATION");
    Instant banned = client.now();
    client.advanceTo(banned.plus(Duration.ofDays(5)).minusSeconds(1));
    assertEquals(Access.ACCESS_BLOCKED, service(account).getAccess());
    client.advanceTo(banned.plus(Duration.ofDays(5)));
    assertEquals(Access.ACCESS_RELEASED, service(account).getAccess());
    assertEquals(List.of(), toldToErase(account));
    client.advance(Duration.ofDays(2));
    assertEquals(List.of(logs), toldToErase(account));

    cloud.observed(account, product, service(account).getGeneration(), logs);

    ServiceStatus erased = service(account);
    assertEquals(ServiceState.SERVICE_STATE_BANNED, erased.getState());
    assertEquals(banned, instant(erased.getStateSince()));
    assertEquals(Access.ACCESS_ERASED, erased.getAccess());
    assertEquals(
        List.of("violation", "violation-retention-expired", "clearing-started", "data-cleared"),
        rules(account));
    client.advance(Duration.ofDays(30));
    assertEquals(List.of(), toldToErase(account));
    assertEquals("CANNOT_REOPEN", refused(() -> cloud.reopen(account, product)).reason());
  }

  @Test
  void a_dry_run_counts_what_it_would_tell_and_tells_nothing() {
    String account = overdue();
    client.advance(KEPT.minusSeconds(1));
    sql(
        "update service set clear_categories = '"
            + disks
            + "', tell_at = null where account_id = '"
            + account
            + "'");

    JobRun dry =
        client.operations.runJob(
            RunJobRequest.newBuilder().setJob(Job.JOB_DATA_CLEARING).setDryRun(true).build());

    assertTrue(dry.getDryRun());
    assertEquals(JobRun.State.STATE_SUCCEEDED, dry.getState());
    assertEquals(1, count(dry, "told:" + disks));
    assertEquals(0, count(dry, "told:" + logs));
    assertEquals(
        1,
        sql("select from service where tell_at is null and told_times = 0 and account_id = '"
                + account
                + "'")
            .size());
  }
}
