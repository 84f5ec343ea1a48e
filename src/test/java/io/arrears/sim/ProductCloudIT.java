package io.arrears.sim;

import static io.arrears.testkit.Client.timestamp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.Client;
import io.arrears.testkit.ProductProcess;
import io.arrears.testkit.ServiceProcess;
import io.arrears.v1.BillingItem;
import io.arrears.v1.EnforcementServiceGrpc;
import io.arrears.v1.ListBillingItemsRequest;
import io.arrears.v1.ReportObservedStateRequest;
import io.arrears.v1.ServiceState;
import io.arrears.v1.ServiceStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The product clouds of {@code examples/} against the packaged service, each in its process. */
class ProductCloudIT {

  private static final Duration WAIT = Duration.ofSeconds(60);
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir static Path database;
  @TempDir Path directory;
  private static ServiceProcess service;
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    service =
        ServiceProcess.start(
            Map.of(
                "ARREARS_DATA_DIR", database.toString(),
                "ARREARS_CLOCK", "virtual",
                "ARREARS_CLOCK_START", "2024-01-30T03:00:00Z"));
    client = service.client();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private ProductProcess cloud(String... options) throws Exception {
    return ProductProcess.start(service.port(), "css", directory.resolve("css.state"), options);
  }

  @Test
  void a_suspension_blocks_new_streams_and_goes_on_billing_the_running_one_until_a_payment()
      throws Exception {
    try (ProductProcess cloud = cloud()) {
      String account = client.account();
      start(cloud, account, "gala");
      suspend(account);

      awaitEnforced(account, ServiceState.SERVICE_STATE_SUSPENDED);
      Instant suspended = client.now();
      assertEquals(
          "refused: ACCESS_NEW_BLOCKED EFFECT_INACCESSIBLE", cloud.ask("start " + account + " b"));
      assertEquals("refused: ACCESS_NEW_BLOCKED EFFECT_INACCESSIBLE", cloud.ask("read " + account));
      client.advance(Duration.ofHours(3));
      List<BillingItem> since =
          await(
              () -> unbilled(account).stream().filter(item -> after(item, suspended)).toList(),
              items -> items.size() >= 3);
      assertTrue(since.get(0).getItemId().startsWith("gala@"), since.toString());

      client.pay(account, "100");

      awaitEnforced(account, ServiceState.SERVICE_STATE_ACTIVE);
      assertEquals("it runs", cloud.ask("start " + account + " b"));
      assertTrue(cloud.ask("read " + account).contains("gala"));
    }
  }

  @Test
  void a_stale_command_delivered_after_a_newer_one_changes_nothing() throws Exception {
    try (ProductProcess cloud = cloud("--reorder", "--print")) {
      String account = client.overdueAccount("2");
      awaitEnforced(account, ServiceState.SERVICE_STATE_OVERDUE);
      suspendOverdue(account);
      ServiceStatus suspended = awaitEnforced(account, ServiceState.SERVICE_STATE_SUSPENDED);
      client.pay(account, "2");
      ServiceStatus paid = awaitEnforced(account, ServiceState.SERVICE_STATE_ACTIVE);

      cloud.await(account + ": " + suspended.getGeneration() + " is stale");
      assertEquals("it runs", cloud.ask("start " + account + " a"));
      assertEquals(
          String.valueOf(paid.getGeneration()), cloud.stored("generation " + account + ""));

      long newest = report(account, suspended.getGeneration());
      assertEquals(paid.getGeneration(), newest);
      assertEquals(paid, client.service(account, "css"));
    }
  }

  @Test
  void a_payment_during_a_suspension_that_is_on_its_way_ends_allowed() throws Exception {
    try (ProductProcess cloud = cloud("--slow", "1500", "--print")) {
      String account = client.overdueAccount("2");
      awaitEnforced(account, ServiceState.SERVICE_STATE_OVERDUE);
      suspendOverdue(account);
      ServiceStatus suspended = client.service(account, "css");
      cloud.await(account + ": told " + suspended.getGeneration());
      assertFalse(suspended.getEnforced());

      client.pay(account, "2");

      ServiceStatus paid = awaitEnforced(account, ServiceState.SERVICE_STATE_ACTIVE);
      assertEquals(suspended.getGeneration() + 1, paid.getGeneration());
      assertEquals("ACCESS_ALLOWED", cloud.stored("access " + account));
      assertEquals("it runs", cloud.ask("start " + account + " a"));
    }
  }

  @Test
  void a_crash_between_acting_and_reporting_is_made_good_and_nothing_is_done_twice()
      throws Exception {
    String account = client.account();
    try (ProductProcess cloud = cloud()) {
      start(cloud, account, "gala");
      client.advance(Duration.ofHours(2));
      cloud.await("billed 2, refused []");
    }
    long overdue;
    try (ProductProcess cloud = cloud("--crash-before-report", "100%", "--print")) {
      cloud.await("billed 0, refused []"); // They were sent again.
      client.advanceTo(client.nextMorning());
      assertEquals(137, cloud.exitCode());
      overdue = client.service(account, "css").getGeneration();
      assertFalse(client.service(account, "css").getEnforced());
      assertEquals(String.valueOf(overdue), cloud.stored("generation " + account));
    }
    try (ProductProcess cloud = cloud("--print")) {
      awaitEnforced(account, ServiceState.SERVICE_STATE_OVERDUE);
      List<String> billed = await(() -> items(account), ids -> ids.size() > 2).stream().toList();
      assertEquals(new HashSet<>(billed).size(), billed.size());
      // The token was stored, and what is told again all the same is nothing older.
      assertFalse(cloud.output().contains("is stale"), cloud.output());
      assertFalse(cloud.output().contains(account + ": told " + (overdue - 1)), cloud.output());
      assertEquals(String.valueOf(overdue), cloud.stored("generation " + account));
    }
  }

  @Test
  void what_is_to_be_erased_is_told_again_until_every_category_is_reported() throws Exception {
    try (ProductProcess cloud = cloud("--fail", "50%")) {
      String account = client.account();
      start(cloud, account, "gala");
      suspend(account);
      client.advance(DAY.multipliedBy(60));
      await(
          () -> {
            client.advance(Duration.ofHours(1));
            return client.service(account, "css");
          },
          css -> css.getState() == ServiceState.SERVICE_STATE_CLEARED && css.getEnforced());

      assertEquals(
          "refused: ACCESS_ERASED EFFECT_INACCESSIBLE", cloud.ask("start " + account + " b"));
      assertEquals("", cloud.stored("stream " + account + " gala"));
      assertEquals("ACCESS_ERASED", cloud.stored("access " + account));
    }
  }

  @Test
  void the_one_in_python_does_the_same() throws Exception {
    Process stubs = new ProcessBuilder("examples/product-cloud/python-stubs").inheritIO().start();
    assertEquals(0, stubs.waitFor());
    try (ProductProcess cloud =
        ProductProcess.python(service.port(), "css", directory.resolve("css.json"))) {
      String account = client.overdueAccount("2");
      awaitEnforced(account, ServiceState.SERVICE_STATE_OVERDUE);
      suspendOverdue(account);
      ServiceStatus suspended = awaitEnforced(account, ServiceState.SERVICE_STATE_SUSPENDED);
      cloud.await(account + " " + suspended.getGeneration() + " ACCESS_NEW_BLOCKED");
      client.pay(account, "2");
      ServiceStatus paid = awaitEnforced(account, ServiceState.SERVICE_STATE_ACTIVE);
      cloud.await(account + " " + paid.getGeneration() + " ACCESS_ALLOWED");
    }
  }

  /** A stream of an account, from now on. */
  private static void start(ProductProcess cloud, String account, String stream) throws Exception {
    await(() -> cloud.ask("start " + account + " " + stream), "it runs"::equals);
  }

  /** By what its streams cost. */
  private static void suspend(String account) throws Exception {
    client.advance(Duration.ofHours(1));
    await(() -> unbilled(account), items -> !items.isEmpty());
    client.advanceTo(client.nextMorning());
    suspendOverdue(account);
  }

  private static void suspendOverdue(String account) {
    client.confirmReceipt(account, null);
    client.advance(DAY);
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, client.service(account, "css").getState());
  }

  private static ServiceStatus awaitEnforced(String account, ServiceState state) throws Exception {
    return await(
        () -> client.service(account, "css"), css -> css.getState() == state && css.getEnforced());
  }

  private static long report(String account, long generation) {
    return EnforcementServiceGrpc.newBlockingStub(client.channel())
        .reportObservedState(
            ReportObservedStateRequest.newBuilder()
                .setAccountId(account)
                .setProduct("css")
                .setGeneration(generation)
                .build())
        .getDesiredGeneration();
  }

  private static List<BillingItem> unbilled(String account) {
    return client
        .billing
        .listBillingItems(
            ListBillingItemsRequest.newBuilder()
                .setUnbilledAccountId(account)
                .setPageSize(1000)
                .build())
        .getItemsList();
  }

  /** On its bill, and those that none holds yet. */
  private static List<String> items(String account) {
    List<BillingItem> items = new java.util.ArrayList<>(unbilled(account));
    client
        .bills(account)
        .forEach(
            bill ->
                items.addAll(
                    client
                        .billing
                        .listBillingItems(
                            ListBillingItemsRequest.newBuilder()
                                .setBillId(bill.getBillId())
                                .setPageSize(1000)
                                .build())
                        .getItemsList()));
    return items.stream().map(BillingItem::getItemId).toList();
  }

  private static boolean after(BillingItem item, Instant instant) {
    return item.getUsageEnd().getSeconds() > timestamp(instant).getSeconds();
  }

  private static <T> T await(Callable<T> question, Predicate<T> enough) throws Exception {
    long end = System.nanoTime() + WAIT.toNanos();
    T answer = question.call();
    while (!enough.test(answer)) {
      assertTrue(System.nanoTime() < end, "at last: " + answer);
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      answer = question.call();
    }
    return answer;
  }
}
