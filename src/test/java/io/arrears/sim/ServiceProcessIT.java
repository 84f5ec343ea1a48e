package io.arrears.sim;

import static io.arrears.testkit.Client.amount;
import static io.arrears.testkit.Client.instant;
import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.usd;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.platform.EmbeddedDatabase;
import io.arrears.testkit.Client;
import io.arrears.testkit.Concurrently;
import io.arrears.testkit.ServiceProcess;
import io.arrears.testkit.TestDatabase;
import io.arrears.testkit.Watching;
import io.arrears.v1.Account;
import io.arrears.v1.AccountServiceGrpc;
import io.arrears.v1.CreateAccountRequest;
import io.arrears.v1.Job;
import io.arrears.v1.JobRun;
import io.arrears.v1.RecordPaymentRequest;
import io.arrears.v1.WatchAccountStatusRequest;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceProcessIT {

  private static final Instant START = Instant.parse("2024-01-30T03:00:00Z");

  @TempDir Path directory;

  private Map<String, String> embedded() {
    return Map.of(
        "ARREARS_DATA_DIR", directory.toString(),
        "ARREARS_CLOCK", "virtual",
        "ARREARS_CLOCK_START", START.toString());
  }

  @Test
  void stopping_and_starting_again_keeps_the_data_and_the_virtual_time() throws Exception {
    String account;
    Instant stopped;
    try (ServiceProcess service = ServiceProcess.start(embedded())) {
      account = service.client().overdueAccount("2");
      stopped = service.client().now();
    }

    try (ServiceProcess again = ServiceProcess.start(embedded())) {
      assertEquals(stopped, again.client().now());
      assertEquals(List.of("OVERDUE"), again.client().states(account));
      assertEquals(new BigDecimal("-2"), amount(again.client().status(account).getBalance()));
    }
  }

  @Test
  void a_service_killed_at_work_starts_again_with_all_that_it_acknowledged() throws Exception {
    List<String> acknowledged = new ArrayList<>();
    ServiceProcess service = ServiceProcess.start(embedded());
    String account = service.client().account();
    for (int i = 0; i < 50; i++) {
      acknowledged.add(service.client().pay(account, "1").getEntry().getReferenceId());
    }
    service.kill();

    try (ServiceProcess again = ServiceProcess.start(embedded())) {
      assertEquals(
          new BigDecimal(acknowledged.size()),
          amount(again.client().status(account).getBalance()).setScale(0));
      assertTrue(again.client().now().compareTo(START) >= 0);
    }
  }

  @Test
  void ninety_days_at_once_and_by_hours_lead_to_the_same_transitions_at_the_same_instants()
      throws Exception {
    List<String> atOnce;
    List<String> byHours;
    try (EmbeddedDatabase one = database("once");
        EmbeddedDatabase other = database("hours")) {
      try (ServiceProcess service = ServiceProcess.start(on(one))) {
        usage(service.client());
        service.client().advance(Duration.ofDays(90));
        atOnce = transitions(service.client());
      }
      try (ServiceProcess service = ServiceProcess.start(on(other))) {
        usage(service.client());
        for (int hour = 0; hour < 90 * 24; hour++) {
          service.client().advance(Duration.ofHours(1));
        }
        byHours = transitions(service.client());
      }
    }
    assertEquals(atOnce, byHours);
    assertTrue(atOnce.stream().anyMatch(line -> line.contains("REPOSSESSED")), atOnce.toString());
  }

  @Test
  void two_replicas_share_the_work_and_do_nothing_twice() throws Exception {
    try (EmbeddedDatabase shared = database("shared");
        ServiceProcess left = ServiceProcess.start(on(shared));
        ServiceProcess right = ServiceProcess.start(on(shared))) {
      left.client().advanceTo(left.client().nextMorning());
      Instant used = left.client().now().minus(Duration.ofHours(9));
      List<String> accounts = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        String account = left.client().account();
        left.client().ingest(item(account, "1", used));
        accounts.add(account);
      }
      assertEquals(left.client().now(), right.client().now());

      List<JobRun> runs =
          Concurrently.all(
              IntStream.range(0, 6)
                  .<java.util.concurrent.Callable<JobRun>>mapToObj(
                      i -> () -> (i % 2 == 0 ? left : right).client().run(Job.JOB_DAILY_BILLS))
                  .toList());

      runs.forEach(run -> assertEquals(JobRun.State.STATE_SUCCEEDED, run.getState()));
      for (String account : accounts) {
        assertEquals(1, right.client().bills(account).size());
        assertEquals(new BigDecimal("-1"), amount(right.client().status(account).getBalance()));
      }
    }
  }

  @Test
  void a_watcher_of_one_replica_hears_of_what_another_did_without_waiting_for_the_next_look()
      throws Exception {
    try (EmbeddedDatabase shared = database("watched");
        ServiceProcess left = ServiceProcess.start(seldomLooking(shared));
        ServiceProcess right = ServiceProcess.start(seldomLooking(shared))) {
      String account = left.client().account();
      try (var watching =
          Watching.of(
              AccountServiceGrpc.newStub(left.client().channel())::watchAccountStatus,
              WatchAccountStatusRequest.newBuilder().addAccountIds(account).build())) {
        watching.next();
        right.client().pay(account, "5");

        assertEquals(5, watching.next().getLedgerEntry().getAmount().getUnits());
      }
    }
  }

  private static Map<String, String> seldomLooking(EmbeddedDatabase database) {
    Map<String, String> environment = new HashMap<>(on(database));
    environment.put("ARREARS_POLL_EVERY", "1h");
    environment.put("ARREARS_HEARTBEAT_EVERY", "1h");
    return environment;
  }

  @Test
  void what_is_set_wrong_ends_the_start_with_a_message_that_says_how_to_mend_it() throws Exception {
    assertTrue(
        ServiceProcess.output(Map.of("ARREARS_DB_URL", "nonsense"))
            .contains("1: ARREARS_DB_URL must be postgresql://user:password@host:port/db"));
    String blocked =
        ServiceProcess.output(
            Map.of("ARREARS_DATA_DIR", "/proc/arrears", "ARREARS_GRPC_PORT", "0"));
    assertTrue(blocked.contains("The embedded PostgreSQL cannot start in"), blocked);
    assertTrue(blocked.contains("ARREARS_DB_URL="), blocked);
    String open = outputWith("ARREARS_HOST", "0.0.0.0");
    assertTrue(open.contains("ARREARS_AUTH=none serves loopback only"), open);
    String keyless =
        outputWith("ARREARS_CERTIFICATE_KEY_FILE", directory.resolve("key.pem").toString());
    assertTrue(keyless.contains("1: "), keyless);
    assertTrue(keyless.contains("ARREARS_CERTIFICATE_KEY_FILE"), keyless);
    assertTrue(keyless.contains("key.pem does not exist"), keyless);
    String forgetful = outputWith("ARREARS_RETENTION_ITEMS", "P1M");
    assertTrue(forgetful.contains("1: "), forgetful);
    assertTrue(forgetful.contains("ARREARS_RETENTION_ITEMS"), forgetful);
    assertTrue(forgetful.contains("must be a period from two months"), forgetful);
  }

  /** Of a service that has nothing wrong but one setting. */
  private String outputWith(String setting, String value) throws Exception {
    return ServiceProcess.output(
        Map.of(
            "ARREARS_GRPC_PORT",
            "0",
            "ARREARS_HTTP_PORT",
            "0",
            "ARREARS_DATA_DIR",
            directory.toString(),
            setting,
            value));
  }

  private EmbeddedDatabase database(String name) {
    return EmbeddedDatabase.start(
        directory.resolve(name), Map.of("timezone", TestDatabase.WRONG_ZONE, "fsync", "off"));
  }

  private static Map<String, String> on(EmbeddedDatabase database) {
    return Map.of(
        "ARREARS_DB_URL", database.url(),
        "ARREARS_CLOCK", "virtual",
        "ARREARS_CLOCK_START", START.toString());
  }

  /** The same for each service: some pay ahead and are overrun, over three products. */
  private static void usage(Client client) {
    for (int i = 0; i < 9; i++) {
      client.accounts.createAccount(
          CreateAccountRequest.newBuilder()
              .setAccount(Account.newBuilder().setAccountId("a" + i).setCurrencyCode("USD"))
              .build());
      client.accounts.recordPayment(
          RecordPaymentRequest.newBuilder()
              .setAccountId("a" + i)
              .setPaymentId("start")
              .setAmount(usd(String.valueOf(i + 1)))
              .build());
      client.ingest(
          item("a" + i, "4", client.now()).setItemId("x"),
          item("a" + i, "2.5", client.now().minus(Duration.ofDays(3)))
              .setItemId("y")
              .setProduct("vod"),
          item("a" + i, "1.5", client.now())
              .setItemId("z")
              .setProduct("cos")
              .setCycle(io.arrears.v1.BillingCycle.BILLING_CYCLE_MONTHLY));
    }
  }

  private static List<String> transitions(Client client) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      client
          .transitions("a" + i)
          .forEach(
              t ->
                  lines.add(
                      String.join(
                          " ",
                          t.getAccountId(),
                          t.getProduct(),
                          t.getFromState().name(),
                          t.getToState().name(),
                          instant(t.getAt()).toString(),
                          t.getRule(),
                          t.getActor(),
                          t.getExplanation(),
                          java.util.HexFormat.of().formatHex(t.getHash().toByteArray()))));
    }
    return lines;
  }
}
