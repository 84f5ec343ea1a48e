package io.arrears.api;

import static io.arrears.testkit.Client.amount;
import static io.arrears.testkit.Client.item;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import io.arrears.testkit.OverGrpc;
import io.arrears.v1.Bill;
import io.arrears.v1.Job;
import io.arrears.v1.JobRun;
import io.arrears.v1.ListBillingItemsRequest;
import io.arrears.v1.OperationsServiceGrpc;
import io.arrears.v1.RunJobRequest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Between the closing of a period and its bills. */
@QuarkusTest
@TestProfile(ClosingOverGrpcTest.DeadSoon.class)
class ClosingOverGrpcTest extends OverGrpc {

  public static class DeadSoon extends VirtualTime {
    @Override
    public Map<String, String> getConfigOverrides() {
      return with("arrears.limits.job-heartbeat", "2s");
    }
  }

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @AfterEach
  void cure() {
    sql("drop function if exists poison() cascade");
  }

  /** What no bill holds, by the status and by the items one by one. */
  private BigDecimal unbilled(String account) {
    BigDecimal listed =
        client
            .billing
            .listBillingItems(
                ListBillingItemsRequest.newBuilder().setUnbilledAccountId(account).build())
            .getItemsList()
            .stream()
            .map(each -> new BigDecimal(each.getCost().getValue()))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal summed = client.unbilled(account);
    assertEquals(0, summed.compareTo(listed), summed + " and " + listed);
    return summed;
  }

  private static List<BigDecimal> amounts(List<Bill> bills) {
    return bills.stream().map(bill -> amount(bill.getAmount())).toList();
  }

  /** A draft cannot be written before this transaction ends. */
  private SqlConnection holdSums() {
    SqlConnection connection = pool().getConnection().await().atMost(PATIENCE);
    connection
        .query("begin; lock table bill_draft in exclusive mode")
        .execute()
        .await()
        .atMost(PATIENCE);
    return connection;
  }

  /** A draft of this account and product cannot be written before this session ends. */
  private SqlConnection holdSumOf(String account, String product) {
    sql(
        "create function poison() returns trigger language plpgsql as"
            + " $$ begin perform pg_advisory_xact_lock(4711); return new; end $$");
    sql(
        "create trigger poison before insert on bill_draft for each row when (new.account_id = '"
            + account
            + "' and new.product = '"
            + product
            + "') execute function poison()");
    SqlConnection connection = pool().getConnection().await().atMost(PATIENCE);
    connection.query("select pg_advisory_lock(4711)").execute().await().atMost(PATIENCE);
    return connection;
  }

  private static void release(SqlConnection holder) {
    holder
        .query("select pg_advisory_unlock(4711)")
        .execute()
        .chain(holder::close)
        .await()
        .atMost(PATIENCE);
  }

  private static void await(String what, BooleanSupplier condition) {
    Instant end = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertTrue(Instant.now().isBefore(end), what);
    }
  }

  private long billed(List<String> accounts) {
    return accounts.stream().filter(account -> !client.bills(account).isEmpty()).count();
  }

  /** PostgreSQL that takes the parts for one begins a join of them from the other side. */
  private void knowOneSum() {
    sql("insert into billing_sum (product, cycle, epoch) values ('css', 'MONTHLY', 0)");
    sql("analyze billing_sum");
    sql("delete from billing_sum");
  }

  private ListenableFuture<JobRun> runDailyBills() {
    return OperationsServiceGrpc.newFutureStub(client.channel())
        .runJob(RunJobRequest.newBuilder().setJob(Job.JOB_DAILY_BILLS).build());
  }

  private void awaitClosing() {
    await("nothing was closed", () -> sql("select from billing_sum").size() > 0);
  }

  @Test
  void items_come_in_while_a_closed_period_is_summed_and_are_late() throws Exception {
    String account = client.account();
    Instant used = client.now().minus(Duration.ofDays(2));
    client.ingest(item(account, "1", used));
    SqlConnection held = holdSums();
    ListenableFuture<JobRun> run = runDailyBills();
    try {
      awaitClosing();

      assertEquals(1, client.ingest(item(account, "2", used)).getAccepted());
      assertEquals(0, unbilled(account).compareTo(new BigDecimal("3")));
    } finally {
      held.query("commit").execute().chain(held::close).await().atMost(PATIENCE);
    }

    assertEquals(
        JobRun.State.STATE_SUCCEEDED, run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).getState());
    client.run(Job.JOB_DAILY_BILLS);
    assertEquals(List.of(new BigDecimal("1"), new BigDecimal("2")), amounts(client.bills(account)));
    assertEquals(0, unbilled(account).signum());
  }

  @Test
  void a_period_is_summed_in_parts_and_each_item_is_in_one_of_them() throws Exception {
    List<String> accounts = Stream.generate(client::account).limit(30).toList();
    Instant used = client.now().minus(Duration.ofDays(2));
    for (String account : accounts) {
      client.ingest(
          item(account, "1", used),
          item(account, "2", used),
          item(account, "4", used).setProduct("vod").setSku("vod.storage"));
    }
    sql("analyze account");
    knowOneSum();
    SqlConnection held = holdSums();
    ListenableFuture<JobRun> run = runDailyBills();
    try {
      awaitClosing();

      assertTrue(
          sql("select distinct first_account from billing_sum").size() > 1, "it is one part only");
      for (String account : accounts) {
        assertEquals(0, unbilled(account).compareTo(new BigDecimal("7")));
      }
    } finally {
      held.query("commit").execute().chain(held::close).await().atMost(PATIENCE);
    }

    JobRun ended = run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertEquals(JobRun.State.STATE_SUCCEEDED, ended.getState());
    for (String account : accounts) {
      assertEquals(
          Map.of("css", new BigDecimal("3"), "vod", new BigDecimal("4")),
          client.bills(account).stream()
              .collect(Collectors.toMap(Bill::getProduct, bill -> amount(bill.getAmount()))));
      assertEquals(0, unbilled(account).signum());
    }
  }

  @Test
  void a_part_is_billed_while_another_is_still_summed() throws Exception {
    List<String> accounts = Stream.generate(client::account).limit(30).sorted().toList();
    Instant used = client.now().minus(Duration.ofDays(2));
    accounts.forEach(account -> client.ingest(item(account, "1", used)));
    sql("analyze account");
    SqlConnection held = holdSumOf(accounts.get(29), "css");
    ListenableFuture<JobRun> run = runDailyBills();
    try {
      await("nothing is billed before all is summed", () -> billed(accounts) > 0);

      assertTrue(billed(accounts) < 30 && !run.isDone(), "nothing was held");
    } finally {
      release(held);
    }

    JobRun ended = run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertEquals(JobRun.State.STATE_SUCCEEDED, ended.getState());
    for (String account : accounts) {
      assertEquals(List.of(new BigDecimal("1")), amounts(client.bills(account)));
    }
  }

  @Test
  void what_came_late_of_one_product_and_the_period_of_another_are_billed_in_one_order()
      throws Exception {
    client.advance(Duration.ofDays(3));
    List<String> accounts = Stream.generate(client::account).limit(30).sorted().toList();
    Instant used = client.now().minus(Duration.ofHours(1));
    for (String account : accounts) {
      client.ingest(
          item(account, "1", used),
          item(account, "2", used.minus(Duration.ofDays(2)))
              .setProduct("vod")
              .setSku("vod.storage"));
    }
    sql("analyze account");
    SqlConnection held = holdSumOf(accounts.get(29), "vod");
    CompletableFuture<Instant> morning =
        CompletableFuture.supplyAsync(() -> client.advanceTo(client.nextMorning()));
    try {
      await(
          "no sum is held", () -> sql("select from billing_sum where cycle = 'DAILY'").size() == 1);
      TimeUnit.MILLISECONDS.sleep(500);

      assertEquals(0, billed(accounts));
    } finally {
      release(held);
    }

    morning.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertEquals(30, billed(accounts));
    RowSet<Row> orders =
        sql(
            "select distinct array_agg(amount::int order by sequence) as amounts from ledger_entry"
                + " where account_id in ('"
                + String.join("','", accounts)
                + "') group by account_id");
    assertEquals(1, orders.size());
  }

  @Test
  void a_run_that_sums_for_longer_than_a_dead_one_is_given_is_not_taken_for_dead()
      throws Exception {
    String account = client.account();
    client.ingest(item(account, "1", client.now().minus(Duration.ofDays(2))));
    SqlConnection held = holdSums();
    ListenableFuture<JobRun> run = runDailyBills();
    ListenableFuture<JobRun> joined;
    try {
      awaitClosing();
      TimeUnit.SECONDS.sleep(4);
      joined = runDailyBills();
      TimeUnit.MILLISECONDS.sleep(500);
    } finally {
      held.query("commit").execute().chain(held::close).await().atMost(PATIENCE);
    }

    JobRun ended = run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertEquals(JobRun.State.STATE_SUCCEEDED, ended.getState());
    assertEquals(ended.getRunId(), joined.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).getRunId());
    assertEquals(List.of(new BigDecimal("1")), amounts(client.bills(account)));
  }

  @Test
  void what_is_summed_is_billed_although_somebody_else_is_still_billing_a_chunk() throws Exception {
    String account = client.account();
    client.ingest(item(account, "1", client.now().minus(Duration.ofDays(2))));
    sql("insert into bill_chunk (cycle, first_account, last_account) values ('DAILY', 'x', 'x')");
    SqlConnection other = pool().getConnection().await().atMost(PATIENCE);
    other.query("begin; delete from bill_chunk").execute().await().atMost(PATIENCE);
    ListenableFuture<JobRun> run = runDailyBills();
    await(
        "the run neither waits nor ends",
        () -> run.isDone() || sql("select from pg_locks where not granted").size() > 0);
    other.query("commit").execute().chain(other::close).await().atMost(PATIENCE);

    run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertEquals(List.of(new BigDecimal("1")), amounts(client.bills(account)));
  }

  @Test
  void a_period_that_was_closed_and_not_summed_is_billed_by_the_next_run() {
    String account = client.account();
    Instant used = client.now().minus(Duration.ofDays(2));
    client.ingest(item(account, "1", used));
    sql(
        "create function poison() returns trigger language plpgsql as"
            + " $$ begin raise exception 'the sum is stopped by the test'; end $$");
    sql(
        "create trigger poison before insert on bill_draft for each statement"
            + " execute function poison()");

    assertEquals(JobRun.State.STATE_FAILED, client.run(Job.JOB_DAILY_BILLS).getState());

    assertEquals(0, unbilled(account).compareTo(BigDecimal.ONE));
    cure();
    client.ingest(item(account, "2", used));
    assertEquals(JobRun.State.STATE_SUCCEEDED, client.run(Job.JOB_DAILY_BILLS).getState());
    assertEquals(List.of(new BigDecimal("1"), new BigDecimal("2")), amounts(client.bills(account)));
    assertEquals(0, unbilled(account).signum());
  }
}
