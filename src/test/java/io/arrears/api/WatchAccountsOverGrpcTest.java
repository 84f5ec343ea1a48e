package io.arrears.api;

import static io.arrears.testkit.Client.item;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Person;
import io.arrears.testkit.Watching;
import io.arrears.v1.AccountServiceGrpc;
import io.arrears.v1.AccountStatusEvent;
import io.arrears.v1.AccountStatusEvent.EventCase;
import io.arrears.v1.LedgerEntry;
import io.arrears.v1.Notification;
import io.arrears.v1.Restriction;
import io.arrears.v1.ServiceState;
import io.arrears.v1.WatchAccountStatusRequest;
import io.grpc.Status.Code;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** What happens to accounts, as others watch it. */
@QuarkusTest
@TestProfile(WatchAccountsOverGrpcTest.QuickHeartbeat.class)
class WatchAccountsOverGrpcTest extends OverGrpc {

  public static class QuickHeartbeat extends VirtualTime {
    @Override
    public Map<String, String> getConfigOverrides() {
      return with("arrears.heartbeat-every", "1s");
    }
  }

  private Watching<WatchAccountStatusRequest, AccountStatusEvent> watch(
      WatchAccountStatusRequest.Builder request) {
    return Watching.of(
        AccountServiceGrpc.newStub(client.channel())::watchAccountStatus, request.build());
  }

  /** It has begun with the first heartbeat. */
  private Watching<WatchAccountStatusRequest, AccountStatusEvent> begun(
      WatchAccountStatusRequest.Builder request) throws InterruptedException {
    var watching = watch(request);
    assertEquals(EventCase.HEARTBEAT, watching.next().getEventCase());
    return watching;
  }

  private static WatchAccountStatusRequest.Builder of(String... accounts) {
    return WatchAccountStatusRequest.newBuilder().addAllAccountIds(List.of(accounts));
  }

  private static boolean real(AccountStatusEvent event) {
    return event.getEventCase() != EventCase.HEARTBEAT;
  }

  private static AccountStatusEvent nextReal(Watching<?, AccountStatusEvent> watching)
      throws InterruptedException {
    return watching.next(WatchAccountsOverGrpcTest::real);
  }

  @Test
  void a_watch_without_a_token_tells_what_happens_from_its_first_heartbeat_on() throws Exception {
    String account = client.account();
    client.pay(account, "1");

    try (var watching = begun(of(account))) {
      client.pay(account, "2");
      AccountStatusEvent paid = nextReal(watching);
      client.ingest(item(account, "1", client.now()));
      Restriction restriction = client.person("risk").restrict(account, "css", "MANUAL");
      AccountStatusEvent suspended = nextReal(watching);
      client.person("risk").lift(restriction);

      assertEquals(LedgerEntry.Kind.KIND_PAYMENT, paid.getLedgerEntry().getKind());
      assertEquals(2, paid.getLedgerEntry().getSequence());
      assertEquals("cash", paid.getLedgerEntry().getContraAccount());
      assertEquals(restriction.getPlacedBy(), suspended.getTransition().getActor());
      assertEquals(client.transitions(account).get(0), suspended.getTransition());
      assertEquals("css", nextReal(watching).getTransition().getProduct());
    }
  }

  @Test
  void a_watch_of_some_accounts_or_one_product_tells_of_no_other() throws Exception {
    String mine = client.account();
    String other = client.account();
    for (String account : List.of(mine, other)) {
      client.ingest(
          item(account, "1", client.now()), item(account, "1", client.now()).setProduct("vod"));
    }
    Person risk = client.person("risk");

    try (var ofMine = begun(of(mine));
        var ofVod = begun(of(mine, other).setProduct("vod"))) {
      client.pay(other, "7");
      risk.restrict(other, "vod", "MANUAL");
      client.pay(mine, "8");
      risk.restrict(mine, "vod", "MANUAL");

      assertEquals(mine, nextReal(ofMine).getLedgerEntry().getAccountId());
      assertEquals(mine, nextReal(ofMine).getTransition().getAccountId());
      assertEquals(other, nextReal(ofVod).getTransition().getAccountId());
      assertEquals(mine, nextReal(ofVod).getTransition().getAccountId());
    }
  }

  @Test
  void what_the_customer_is_told_is_on_the_stream() throws Exception {
    String account = client.account();
    client.ingest(item(account, "1", client.now()));

    try (var watching = begun(of(account))) {
      client.advanceTo(client.nextMorning());
      Notification overdue =
          watching.next(event -> event.getEventCase() == EventCase.NOTIFICATION).getNotification();

      assertEquals(Notification.Rung.RUNG_OVERDUE, overdue.getRung());
      assertEquals(account, overdue.getAccountId());
      assertEquals(1, overdue.getAmountDue().getUnits());
      assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, overdue.getNext().getState());
      assertTrue(overdue.getNotificationId().startsWith("ntf_"));
    }
  }

  @Test
  void every_token_also_of_a_heartbeat_leads_to_all_that_came_after_it() throws Exception {
    String account = client.account();
    List<AccountStatusEvent> told;
    try (var watching = begun(of(account))) {
      for (int i = 1; i <= 5; i++) {
        client.pay(account, "1");
      }
      told = watching.until(event -> event.getLedgerEntry().getSequence() == 5);
      told.add(watching.next(event -> !real(event)));
      client.pay(account, "1");
      told.addAll(watching.until(event -> event.getLedgerEntry().getSequence() == 6));
    }

    long before = 0;
    for (AccountStatusEvent event : told) {
      before = Math.max(before, event.getLedgerEntry().getSequence());
      long next = before + 1;
      if (before < 6) {
        try (var resumed = watch(of(account).setResumeToken(event.getResumeToken()))) {
          List<Long> sequences =
              resumed.until(later -> later.getLedgerEntry().getSequence() == 6).stream()
                  .filter(WatchAccountsOverGrpcTest::real)
                  .map(later -> later.getLedgerEntry().getSequence())
                  .toList();
          assertTrue(sequences.get(0) <= next, () -> sequences + " after a token of " + (next - 1));
        }
      }
    }
  }

  @Test
  void what_happens_to_one_account_comes_in_order_whoever_else_writes() throws Exception {
    List<String> accounts = IntStream.range(0, 10).mapToObj(i -> client.account()).toList();
    int payments = 20;

    try (var watching = begun(of())) {
      List<Thread> payers = new ArrayList<>();
      for (String account : accounts) {
        Thread payer =
            new Thread(
                () -> {
                  for (int i = 0; i < payments; i++) {
                    client.pay(account, "1");
                  }
                });
        payer.start();
        payers.add(payer);
      }
      Map<String, Long> newest = new HashMap<>();
      while (accounts.stream().anyMatch(each -> newest.getOrDefault(each, 0L) < payments)) {
        LedgerEntry entry = nextReal(watching).getLedgerEntry();
        long before = newest.getOrDefault(entry.getAccountId(), 0L);
        if (accounts.contains(entry.getAccountId())) {
          assertTrue(entry.getSequence() <= before + 1, "nothing is skipped");
          newest.put(entry.getAccountId(), Math.max(before, entry.getSequence()));
        }
      }
      for (Thread payer : payers) {
        payer.join();
      }
    }
  }

  @Test
  void thousands_of_watches_come_and_go_and_leave_nothing_behind() throws Exception {
    List<String> accounts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      accounts.add(client.account());
    }
    Random random = new Random(11);
    List<Watching<WatchAccountStatusRequest, AccountStatusEvent>> open = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      String account = accounts.get(random.nextInt(accounts.size()));
      WatchAccountStatusRequest.Builder request = random.nextInt(10) == 0 ? of() : of(account);
      open.add(watch(request));
      if (random.nextInt(50) == 0) {
        client.pay(account, "1");
      }
      if (random.nextBoolean()) {
        open.remove(random.nextInt(open.size())).close();
      }
    }
    Collections.shuffle(open, random);
    open.forEach(Watching::close);

    try (var last = begun(of(accounts.get(0)))) {
      client.pay(accounts.get(0), "3");
      assertEquals("3", nextReal(last).getLedgerEntry().getAmount().getUnits() + "");
      assertWatchesAre(1);
    }
    assertWatchesAre(0);
    Row row =
        sql("select count(*) filter (where state <> 'idle' and pid <> pg_backend_pid()) as busy,"
                + " count(*) as all from pg_stat_activity where datname = current_database()"
                + " and usename = current_user")
            .iterator()
            .next();
    assertEquals(0, row.getLong("busy"), "no statement goes on for a watch that has gone");
    assertTrue(row.getLong("all") <= 20, () -> row.getLong("all") + " connections");
  }

  private static void assertWatchesAre(int expected) {
    for (int i = 0; i < 400 && watches() != expected; i++) {
      java.util.concurrent.locks.LockSupport.parkNanos(25_000_000);
    }
    assertEquals(expected, watches());
  }

  private static int watches() {
    int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
    return io.restassured.RestAssured.given()
        .port(port)
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith("arrears_watches"))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void a_watch_that_asks_for_what_cannot_be_is_refused() throws Exception {
    List<String> tooMany = IntStream.range(0, 1001).mapToObj(i -> "a" + i).toList();
    for (var bad :
        List.of(
            of("no spaces here"),
            of().setProduct("x".repeat(129)),
            of().setResumeToken("made-up"),
            of().addAllAccountIds(tooMany))) {
      try (var refused = watch(bad)) {
        assertEquals(Code.INVALID_ARGUMENT, refused.failure().getStatus().getCode());
      }
    }
  }
}
