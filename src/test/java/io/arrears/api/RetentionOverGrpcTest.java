package io.arrears.api;

import static io.arrears.testkit.Client.at;
import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Refusal;
import io.arrears.v1.Bill;
import io.arrears.v1.BillingItem;
import io.arrears.v1.IngestBillingItemsResponse;
import io.arrears.v1.ItemRejection.Reason;
import io.arrears.v1.Job;
import io.arrears.v1.JobRun;
import io.arrears.v1.ListBillingItemsRequest;
import io.arrears.v1.ListJobRunsRequest;
import io.arrears.v1.RunJobRequest;
import io.grpc.Status.Code;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How long items are kept: two months here, and longer where something is not billed. */
@QuarkusTest
@TestProfile(RetentionOverGrpcTest.TwoMonths.class)
class RetentionOverGrpcTest extends OverGrpc {

  public static class TwoMonths implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "arrears.clock", "virtual",
          "arrears.clock.start", "2024-01-31T03:00:00Z",
          "arrears.retention.items", "P2M",
          "arrears.retention.lock-wait", "50ms");
    }
  }

  /** An item of today, on a bill since the next morning. */
  private BillingItem.Builder billedItem(String account) {
    BillingItem.Builder item = item(account, "2", client.now());
    client.ingest(item);
    client.advanceTo(client.nextMorning());
    return item;
  }

  /** Time passes, as it does while the service is down. */
  private void nothingRunsFor(String interval) {
    sql("update installation set virtual_now = virtual_now + interval '" + interval + "'");
    client.now();
  }

  private boolean kept(LocalDate day) {
    String table = "billing_item_" + DateTimeFormatter.BASIC_ISO_DATE.format(day);
    return sql("select from pg_class where relname = '" + table + "'").size() == 1;
  }

  private JobRun retention(boolean dryRun) {
    return client.operations.runJob(
        RunJobRequest.newBuilder().setJob(Job.JOB_ITEM_RETENTION).setDryRun(dryRun).build());
  }

  private int items(Bill bill) {
    return client
        .billing
        .listBillingItems(ListBillingItemsRequest.newBuilder().setBillId(bill.getBillId()).build())
        .getItemsCount();
  }

  private void assertUsageEndRefused(String rule, IngestBillingItemsResponse answer) {
    assertEquals(1, answer.getRejectionsCount());
    assertEquals(Reason.REASON_INVALID, answer.getRejections(0).getReason());
    String message = answer.getRejections(0).getMessage();
    assertTrue(message.startsWith("usage_end must not be "), message);
    assertTrue(message.contains(rule), message);
  }

  @Test
  void a_day_that_is_billed_and_older_than_the_retention_is_dropped_as_a_table() {
    LocalDate day = client.today();
    String account = client.account();
    billedItem(account);
    nothingRunsFor("70 days");

    JobRun run = retention(false);

    assertEquals(JobRun.State.STATE_SUCCEEDED, run.getState());
    assertTrue(run.getCountsOrThrow("dropped") >= 1);
    assertFalse(kept(day));
    assertEquals(0, sql("select from billing_day where usage_day = '" + day + "'").size());
    assertEquals(1, client.bills(account).size());
    assertEquals(-2, client.status(account).getBalance().getUnits());
  }

  @Test
  void a_day_is_kept_until_it_is_older_than_the_retention_in_every_time_zone() {
    LocalDate day = client.today();
    billedItem(client.account());
    client.advanceTo(at(day.plusMonths(2).plusDays(1), "07:59"));
    retention(false);
    assertTrue(kept(day));

    client.advanceTo(at(day.plusMonths(2).plusDays(4), "08:00"));

    assertFalse(kept(day));
  }

  @Test
  void the_morning_s_bills_are_followed_by_a_run_that_drops_what_is_old() {
    LocalDate day = client.today();
    billedItem(client.account());
    nothingRunsFor("70 days");

    client.advanceTo(client.nextMorning());

    assertFalse(kept(day));
    JobRun newest =
        client
            .operations
            .listJobRuns(ListJobRunsRequest.newBuilder().setJob(Job.JOB_ITEM_RETENTION).build())
            .getRuns(0);
    assertEquals("clock", newest.getStartedBy());
    assertTrue(newest.getChanged() >= 1);
  }

  @Test
  void a_dry_run_lists_the_days_and_drops_none() {
    LocalDate day = client.today();
    billedItem(client.account());
    nothingRunsFor("70 days");

    JobRun dry = retention(true);

    assertTrue(dry.getMessage().contains(day + " would be dropped"), dry.getMessage());
    assertTrue(dry.getChanged() >= 1);
    assertTrue(kept(day));
  }

  @Test
  void a_day_with_a_bill_that_was_set_aside_is_kept_until_the_bill_is_made() {
    LocalDate day = client.today();
    String account = client.account();
    for (int i = 0; i < 11; i++) {
      client.ingest(item(account, "99999999999999999", client.now()));
    }
    client.advanceTo(client.nextMorning());
    nothingRunsFor("70 days");
    JobRun run = retention(false);
    assertTrue(run.getCountsOrThrow("unbilled:css DAILY") >= 1);
    assertTrue(kept(day));
    assertTrue(
        retention(true).getMessage().contains(day + " is kept: not all is billed of css DAILY"));

    client.pay(account, "900000000000000000");
    sql("update bill_draft set failure = null where account_id = '" + account + "'");
    client.run(Job.JOB_DAILY_BILLS);
    retention(false);

    assertFalse(kept(day));
  }

  @Test
  void a_day_is_kept_while_late_items_of_it_wait_for_their_bill() {
    LocalDate day = client.today();
    String account = client.account();
    BillingItem.Builder item = billedItem(account);
    client.ingest(item.setItemId("late"));
    nothingRunsFor("70 days");
    retention(false);
    assertTrue(kept(day));

    client.run(Job.JOB_DAILY_BILLS);
    retention(false);

    assertFalse(kept(day));
    assertEquals(2, client.bills(account).size());
  }

  @Test
  void a_day_of_a_month_that_is_not_billed_is_kept_for_its_monthly_items() {
    LocalDate day = client.today();
    String account = client.account();
    client.ingest(
        item(account, "1", client.now())
            .setCycle(io.arrears.v1.BillingCycle.BILLING_CYCLE_MONTHLY));
    nothingRunsFor("100 days");
    client.run(Job.JOB_DAILY_BILLS);
    JobRun run = retention(false);
    assertTrue(run.getCountsOrThrow("unbilled:css MONTHLY") >= 1);
    assertTrue(kept(day));

    client.run(Job.JOB_MONTHLY_BILLS);
    retention(false);

    assertFalse(kept(day));
  }

  @Test
  void an_item_sent_again_after_its_day_was_dropped_is_refused_and_never_billed_twice() {
    LocalDate day = client.today();
    String account = client.account();
    BillingItem.Builder item = billedItem(account);
    nothingRunsFor("70 days");
    retention(false);

    IngestBillingItemsResponse again =
        client.ingest(item, item(account, "3", client.now()).setProduct("vod"));

    assertEquals(1, again.getAccepted());
    assertUsageEndRefused("items are kept for P2M", again);
    assertFalse(kept(day));
    client.advanceTo(client.nextMorning());
    assertEquals(2, client.bills(account).size());
  }

  @Test
  void a_sender_of_ancient_or_future_usage_opens_no_partition() {
    String account = client.account();
    long before = sql("select from pg_inherits").size();

    for (int year = 2000; year < 2023; year++) {
      assertUsageEndRefused(
          "before", client.ingest(item(account, "1", Instant.parse(year + "-05-01T00:00:00Z"))));
    }
    assertUsageEndRefused(
        "more than a day ahead",
        client.ingest(
            item(account, "1", client.now())
                .setUsageEnd(
                    io.arrears.testkit.Client.timestamp(client.now().plus(Duration.ofDays(2))))));

    assertEquals(before, sql("select from pg_inherits").size());
  }

  @Test
  void a_day_that_was_dropped_is_not_opened_again_though_the_retention_was_lengthened() {
    nothingRunsFor("70 days");
    String account = client.account();
    LocalDate day = client.today().minusDays(20);
    BillingItem.Builder known = item(account, "1", at(day, "12:00"));
    BillingItem.Builder unknown = item(account, "1", at(day.minusDays(1), "12:00"));
    client.ingest(known);
    client.advanceTo(client.nextMorning());
    droppedByAnotherReplica(day);

    IngestBillingItemsResponse again = client.ingest(known, item(account, "1", client.now()));

    assertEquals(1, again.getAccepted());
    assertUsageEndRefused("its items have been dropped", again);
    assertUsageEndRefused("its items have been dropped", client.ingest(unknown));
    assertFalse(kept(day));
  }

  private void droppedByAnotherReplica(LocalDate day) {
    sql("drop table billing_item_" + DateTimeFormatter.BASIC_ISO_DATE.format(day));
    sql("delete from billing_day where usage_day = '" + day + "'");
    sql("update installation set items_dropped_through = '" + day + "'");
  }

  @Test
  void the_items_of_a_bill_that_are_gone_are_said_to_be_gone() {
    String account = client.account();
    billedItem(account);
    Bill bill = client.bills(account).get(0);
    assertEquals(1, items(bill));
    nothingRunsFor("70 days");
    retention(false);

    Refusal refusal = refused(() -> items(bill));

    assertEquals(Code.FAILED_PRECONDITION, refusal.code());
    assertEquals("ITEMS_NOT_KEPT", refusal.reason());
    assertTrue(refusal.message().contains("are no longer kept"), refusal.message());
  }

  @Test
  void a_reader_of_the_items_keeps_them_for_this_run_and_does_not_stall_it() {
    LocalDate day = client.today();
    billedItem(client.account());
    nothingRunsFor("70 days");
    SqlConnection reader = pool().getConnection().await().atMost(Duration.ofSeconds(30));
    try {
      reader
          .query("begin; select count(*) from billing_item where usage_day = '" + day + "'")
          .execute()
          .await()
          .atMost(Duration.ofSeconds(30));

      JobRun run = retention(false);

      assertEquals(JobRun.State.STATE_SUCCEEDED, run.getState());
      assertEquals(1, run.getFailed());
      assertEquals(1, run.getCountsOrThrow("locked"));
      assertTrue(kept(day));
      assertEquals(1, client.ingest(item(client.account(), "1", client.now())).getAccepted());
    } finally {
      reader.query("rollback").execute().await().atMost(Duration.ofSeconds(30));
      reader.close().await().atMost(Duration.ofSeconds(30));
    }

    retention(false);

    assertFalse(kept(day));
  }
}
