package io.arrears.api;

import static io.arrears.testkit.Client.amount;
import static io.arrears.testkit.Client.at;
import static io.arrears.testkit.Client.item;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import io.arrears.testkit.Concurrently;
import io.arrears.testkit.OverGrpc;
import io.arrears.v1.Bill;
import io.arrears.v1.GetJobRunRequest;
import io.arrears.v1.Job;
import io.arrears.v1.JobRun;
import io.arrears.v1.ListJobRunsRequest;
import io.arrears.v1.ListJobRunsResponse;
import io.arrears.v1.RunJobRequest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class JobsOverGrpcTest extends OverGrpc {

  @Test
  void a_job_run_twice_does_nothing_twice() {
    String account = client.account();
    client.ingest(item(account, "2", client.now()));
    client.advanceTo(client.nextMorning());

    JobRun second = client.run(Job.JOB_DAILY_BILLS);

    assertEquals(JobRun.State.STATE_SUCCEEDED, second.getState());
    assertEquals(0, second.getChanged());
    assertEquals(1, client.bills(account).size());
    assertEquals(new BigDecimal("-2"), amount(client.status(account).getBalance()));
  }

  @Test
  void a_job_asked_for_many_times_at_once_bills_each_account_once() throws Exception {
    List<String> accounts = IntStream.range(0, 40).mapToObj(i -> client.account()).toList();
    client.advanceTo(client.nextMorning());
    Instant used = client.now().minusSeconds(9 * 3600);
    accounts.forEach(account -> client.ingest(item(account, "1", used)));

    List<JobRun> runs =
        Concurrently.all(
            IntStream.range(0, 8)
                .<java.util.concurrent.Callable<JobRun>>mapToObj(
                    i -> () -> client.run(Job.JOB_DAILY_BILLS))
                .toList());

    runs.forEach(run -> assertEquals(JobRun.State.STATE_SUCCEEDED, run.getState()));
    accounts.forEach(
        account -> {
          assertEquals(1, client.bills(account).size());
          assertEquals(new BigDecimal("-1"), amount(client.status(account).getBalance()));
        });
  }

  @Test
  void missed_mornings_are_caught_up_day_by_day_in_order() {
    String account = client.account();
    client.advanceTo(client.nextMorning());
    nothingRunsFor("3 days");
    Instant now = client.now();
    for (int day = 3; day >= 1; day--) {
      client.ingest(item(account, String.valueOf(day), now.minusSeconds(day * 86_400L)));
    }

    JobRun run = client.run(Job.JOB_DAILY_BILLS);

    assertEquals(JobRun.State.STATE_SUCCEEDED, run.getState());
    List<Bill> newestFirst = client.bills(account);
    assertEquals(
        List.of("1 0", "2 0", "3 0"),
        newestFirst.stream()
            .map(b -> amount(b.getAmount()).toPlainString() + " " + b.getSupplement())
            .toList());
  }

  @Test
  void steps_missed_while_nothing_ran_are_taken_in_order_each_at_its_own_instant() {
    String account = client.overdueAccount("1");
    Instant overdue = client.now();
    nothingRunsFor("61 days");

    client.run(Job.JOB_DUE_TRANSITIONS);

    assertEquals(
        List.of(
            "receipt-assumed " + overdue.plusSeconds(86_400),
            "grace-expired " + overdue.plusSeconds(2 * 86_400),
            "overdue-retention-expired " + overdue.plusSeconds(60 * 86_400),
            "clearing-started " + overdue.plusSeconds(60 * 86_400)),
        client.transitions(account).stream()
            .skip(1)
            .map(t -> t.getRule() + " " + io.arrears.testkit.Client.instant(t.getAt()))
            .toList());
  }

  /** Time passes, as it does while the service is down. */
  private void nothingRunsFor(String interval) {
    sql("update installation set virtual_now = virtual_now + interval '" + interval + "'");
    client.now();
  }

  @Test
  void a_dry_run_counts_what_it_would_do_and_does_nothing() {
    String account = client.account();
    client.advanceTo(client.nextMorning());
    client.ingest(item(account, "2", client.now().minusSeconds(9 * 3600)));

    JobRun dry =
        client.operations.runJob(
            RunJobRequest.newBuilder().setJob(Job.JOB_DAILY_BILLS).setDryRun(true).build());

    assertTrue(dry.getDryRun());
    assertTrue(dry.getCountsOrThrow("bills") >= 1);
    assertEquals(0, client.bills(account).size());
  }

  @Test
  void a_dry_run_of_the_due_transitions_names_rules_and_accounts() {
    String account = client.overdueAccount("1");
    sql("update account set due_at = '2000-01-01Z' where account_id = '" + account + "'");

    JobRun dry =
        client.operations.runJob(
            RunJobRequest.newBuilder().setJob(Job.JOB_DUE_TRANSITIONS).setDryRun(true).build());

    assertEquals(JobRun.State.STATE_SUCCEEDED, dry.getState());
    assertTrue(dry.getExamined() >= 1);
    assertEquals(List.of("OVERDUE"), client.states(account));
  }

  @Test
  void every_run_leaves_its_record_with_counts() {
    String account = client.overdueAccount("2");

    ListJobRunsResponse runs =
        client.operations.listJobRuns(
            ListJobRunsRequest.newBuilder().setJob(Job.JOB_DAILY_BILLS).setPageSize(1).build());

    JobRun newest = runs.getRuns(0);
    assertEquals("clock", newest.getStartedBy());
    assertTrue(newest.getCountsOrThrow("bills") >= 1);
    assertTrue(newest.getCountsOrThrow("overdue") >= 1);
    assertEquals(
        newest,
        client.operations.getJobRun(
            GetJobRunRequest.newBuilder().setRunId(newest.getRunId()).build()));
    JobRun next =
        client
            .operations
            .listJobRuns(
                ListJobRunsRequest.newBuilder()
                    .setJob(Job.JOB_DAILY_BILLS)
                    .setPageSize(1)
                    .setPageToken(runs.getNextPageToken())
                    .build())
            .getRuns(0);
    assertTrue(!next.getRunId().equals(newest.getRunId()));
    assertEquals(1, client.bills(account).size());
  }

  @Test
  void who_does_not_wait_gets_a_run_that_ends_by_itself() {
    client.overdueAccount("2");

    JobRun started =
        client.operations.runJob(
            RunJobRequest.newBuilder()
                .setJob(Job.JOB_DUE_TRANSITIONS)
                .setWait(Duration.getDefaultInstance())
                .build());

    assertEquals(JobRun.State.STATE_RUNNING, started.getState());
    JobRun joined = client.run(Job.JOB_DUE_TRANSITIONS);
    assertEquals(JobRun.State.STATE_SUCCEEDED, joined.getState());
  }

  @Test
  void a_payment_racing_the_sweep_at_the_deadline_never_leaves_a_paid_service_suspended()
      throws Exception {
    for (int round = 0; round < 10; round++) {
      List<String> accounts = IntStream.range(0, 20).mapToObj(i -> client.account()).toList();
      accounts.forEach(account -> client.ingest(item(account, "1", client.now())));
      client.advanceTo(client.nextMorning());
      accounts.forEach(account -> client.confirmReceipt(account, null));
      Instant deadline = client.now().plusSeconds(86_400);
      client.advanceTo(deadline.minusSeconds(1));

      List<java.util.concurrent.Callable<Object>> race = new ArrayList<>();
      race.add(() -> client.advanceTo(deadline));
      accounts.forEach(account -> race.add(() -> client.pay(account, "1")));
      race.add(() -> client.run(Job.JOB_DUE_TRANSITIONS));
      Concurrently.all(race);

      for (String account : accounts) {
        List<String> states = client.states(account);
        assertTrue(
            states.equals(List.of("OVERDUE", "GRACE", "ACTIVE"))
                || states.equals(List.of("OVERDUE", "GRACE", "SUSPENDED", "ACTIVE")),
            states.toString());
        assertEquals(BigDecimal.ZERO, amount(client.status(account).getBalance()));
      }
    }
  }

  @Test
  void payments_at_once_with_one_id_count_once() throws Exception {
    String account = client.account();
    var request =
        io.arrears.v1.RecordPaymentRequest.newBuilder()
            .setAccountId(account)
            .setPaymentId("once")
            .setAmount(io.arrears.testkit.Client.usd("5"))
            .build();

    Concurrently.all(
        IntStream.range(0, 16)
            .<java.util.concurrent.Callable<Object>>mapToObj(
                i -> () -> client.accounts.recordPayment(request))
            .toList());

    assertEquals(new BigDecimal("5"), amount(client.status(account).getBalance()));
  }

  @Test
  void batches_at_once_with_the_same_items_of_a_day_that_nobody_has_opened_store_each_once()
      throws Exception {
    String account = client.account();
    Instant day = client.now().minus(java.time.Duration.ofDays(390));
    List<io.arrears.v1.BillingItem.Builder> items =
        IntStream.range(0, 20).mapToObj(i -> item(account, "1", day)).toList();

    List<Integer> accepted =
        Concurrently.all(
            IntStream.range(0, 12)
                .<java.util.concurrent.Callable<Integer>>mapToObj(
                    i ->
                        () -> {
                          List<io.arrears.v1.BillingItem.Builder> mine = new ArrayList<>(items);
                          java.util.Collections.rotate(mine, i);
                          return client
                              .ingest(mine.toArray(io.arrears.v1.BillingItem.Builder[]::new))
                              .getAccepted();
                        })
                .toList());

    assertEquals(20, accepted.stream().mapToInt(Integer::intValue).sum());
  }

  @Test
  void thousands_of_cancelled_calls_leave_no_transaction_and_no_connection_behind() {
    String account = client.account();
    var accounts = io.arrears.v1.AccountServiceGrpc.newFutureStub(client.channel());
    var billing = io.arrears.v1.BillingServiceGrpc.newFutureStub(client.channel());
    Instant now = client.now();
    for (int i = 0; i < 1000; i++) {
      var payment =
          accounts.recordPayment(
              io.arrears.v1.RecordPaymentRequest.newBuilder()
                  .setAccountId(account)
                  .setPaymentId("cancelled-" + i)
                  .setAmount(io.arrears.testkit.Client.usd("1"))
                  .build());
      var batch =
          billing.ingestBillingItems(
              io.arrears.v1.IngestBillingItemsRequest.newBuilder()
                  .addItems(item(account, "1", now))
                  .build());
      if (i % 3 == 0) {
        java.util.concurrent.locks.LockSupport.parkNanos(i * 1000L);
      }
      payment.cancel(true);
      batch.cancel(true);
    }

    client.advanceTo(client.nextMorning());

    var books =
        sql("select balance,"
                + " (select coalesce(sum(l.amount), 0) from ledger_entry l"
                + "  where l.account_id = a.account_id and kind = 'PAYMENT')"
                + " - (select coalesce(sum(b.amount), 0) from bill b"
                + "  where b.account_id = a.account_id)"
                + " from account a where account_id = '"
                + account
                + "'")
            .iterator()
            .next();
    assertEquals(0, books.getBigDecimal(0).compareTo(books.getBigDecimal(1)));
    assertTimeoutPreemptively(
        java.time.Duration.ofSeconds(10),
        () -> {
          while (sql("select from pg_stat_activity where state = 'idle in transaction'").size()
              > 0) {
            Thread.onSpinWait();
          }
        },
        "a transaction is left");
  }

  @Test
  void an_account_created_many_times_at_once_is_one_account() throws Exception {
    var request =
        io.arrears.v1.CreateAccountRequest.newBuilder()
            .setAccount(
                io.arrears.v1.Account.newBuilder()
                    .setAccountId("twin-" + java.util.UUID.randomUUID())
                    .setCurrencyCode("USD"))
            .build();

    List<Object> created =
        Concurrently.all(
            IntStream.range(0, 16)
                .<java.util.concurrent.Callable<Object>>mapToObj(
                    i -> () -> client.accounts.createAccount(request))
                .toList());

    assertEquals(1, created.stream().distinct().count());
  }

  @Test
  void the_morning_after_a_late_start_bills_each_day_with_its_own_bill() {
    String account = client.account();
    var day = client.today();
    client.ingest(
        item(account, "1", at(day, "00:00")), item(account, "2", at(day.minusDays(1), "23:00")));
    client.advanceTo(at(day.plusDays(1), "08:00"));

    assertEquals(2, client.bills(account).size());
  }

  @Test
  void health_and_metrics_answer_with_what_the_service_does() {
    client.overdueAccount("1");
    RestAssured.port =
        org.eclipse.microprofile.config.ConfigProvider.getConfig()
            .getValue("quarkus.http.test-port", Integer.class);

    RestAssured.get("/q/health").then().statusCode(200).body("status", Matchers.equalTo("UP"));
    RestAssured.get("/q/metrics")
        .then()
        .statusCode(200)
        .body(Matchers.containsString("arrears_items_total"))
        .body(Matchers.containsString("arrears_transitions_total"))
        .body(Matchers.containsString("arrears_notifications_total"))
        .body(Matchers.containsString("arrears_job_runs_total"));
  }
}
