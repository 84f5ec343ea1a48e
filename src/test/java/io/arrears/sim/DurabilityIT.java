package io.arrears.sim;

import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.usd;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.Client;
import io.arrears.testkit.DurableDatabase;
import io.arrears.testkit.Query;
import io.arrears.testkit.ServiceProcess;
import io.arrears.v1.BillingItem;
import io.arrears.v1.IngestBillingItemsRequest;
import io.arrears.v1.IngestBillingItemsResponse;
import io.arrears.v1.Job;
import io.arrears.v1.RecordPaymentRequest;
import io.grpc.Status;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * PostgreSQL is killed again and again while items and payments come in, and in the end all that
 * was acknowledged is there once. {@code -Ddurability.kills=20 -Ddurability.items=100000} makes it
 * longer.
 */
class DurabilityIT {

  private static final int KILLS = Integer.getInteger("durability.kills", 3);

  /** Acknowledged before, between and after the kills, each time. */
  private static final int ITEMS = Integer.getInteger("durability.items", 5_000);

  /** Acknowledged to each that sends them, likewise. */
  private static final int CALLS = 25;

  private static final int ACCOUNTS = 40;
  private static final int BATCH = 200;
  private static final int LARGE_BATCH = 500;
  private static final int BATCHES_ON_THEIR_WAY = 4;
  private static final List<String> PRODUCTS = List.of("css", "cos");
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path directory;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final List<Sender> items = new ArrayList<>();
  private final List<Sender> payments = new ArrayList<>();
  private final List<Client> clients = new ArrayList<>();
  private List<String> accounts;
  private Instant now;

  @Test
  void what_was_acknowledged_while_the_database_was_killed_is_there_once_and_billed_once()
      throws Exception {
    try (DurableDatabase database = DurableDatabase.start(directory.resolve("database"));
        ServiceProcess service =
            ServiceProcess.start(
                Map.of(
                    "ARREARS_DB_URL", database.url(),
                    "ARREARS_CLOCK", "virtual",
                    "ARREARS_CLOCK_START", "2024-01-30T03:00:00Z"))) {
      assertDurable(database.url());
      accounts = IntStream.range(0, ACCOUNTS).mapToObj(i -> service.client().account()).toList();
      now = service.client().now();
      senders(service.port());

      underFire(database);

      assertEquals(Set.of(Status.Code.UNAVAILABLE), failures(), this::told);
      Map<String, Sender.Sent> stored =
          kept(database, items, "select item_id, account_id, cost from billing_item");
      kept(
          database,
          payments,
          "select reference_id, account_id, amount from ledger_entry where kind = 'PAYMENT'");
      service.client().advanceTo(service.client().nextMorning());
      assertEquals(0, service.client().run(Job.JOB_DAILY_BILLS).getExamined());
      assertBilled(database.url(), stored);
      assertBooks(database.url());
    } finally {
      clients.forEach(Client::close);
    }
  }

  private static void assertDurable(String url) throws Exception {
    assertEquals(
        List.of(
            List.of("fsync", "on"),
            List.of("full_page_writes", "on"),
            List.of("synchronous_commit", "on")),
        Query.rows(
            url,
            "select name, setting from pg_settings where name in"
                + " ('fsync', 'full_page_writes', 'synchronous_commit') order by 1"));
  }

  // Those who send

  private void senders(int port) {
    for (int i = 0; i < 2; i++) {
      items.add(new Sender("stream " + i, stream(client(port))));
      items.add(new Sender("batches " + i, batches(client(port))));
    }
    for (int i = 0; i < 4; i++) {
      items.add(new Sender("single items " + i, singleItems(client(port))));
      payments.add(new Sender("payments " + i, payments(client(port))));
    }
  }

  private Client client(int port) {
    Client client = new Client(port);
    clients.add(client);
    return client;
  }

  private Sender.Way stream(Client client) {
    ItemStream stream = new ItemStream(client.channel());
    return (round, sender) -> {
      List<IngestBillingItemsRequest> batches =
          IntStream.range(0, BATCHES_ON_THEIR_WAY)
              .mapToObj(i -> batch(sender, round * BATCHES_ON_THEIR_WAY + i, BATCH))
              .toList();
      Map<String, IngestBillingItemsRequest> byId = new HashMap<>();
      batches.forEach(batch -> byId.put(batch.getRequestId(), batch));
      stream.send(
          batches, answer -> acknowledged(sender, byId.remove(answer.getRequestId()), answer));
    };
  }

  private Sender.Way batches(Client client) {
    return (round, sender) -> {
      IngestBillingItemsRequest batch = batch(sender, round, LARGE_BATCH);
      acknowledged(sender, batch, client.billing.ingestBillingItems(batch));
    };
  }

  private Sender.Way singleItems(Client client) {
    return (round, sender) -> {
      IngestBillingItemsRequest batch = batch(sender, round, 1);
      acknowledged(sender, batch, client.billing.ingestBillingItems(batch));
    };
  }

  private Sender.Way payments(Client client) {
    return (round, sender) -> {
      String id = sender.name + " " + round;
      String account = accounts.get(round % ACCOUNTS);
      BigDecimal amount = BigDecimal.valueOf(1 + round % 997, 2);
      sender.sends(id, account, amount);
      client.accounts.recordPayment(
          RecordPaymentRequest.newBuilder()
              .setAccountId(account)
              .setPaymentId(id)
              .setAmount(usd(amount.toPlainString()))
              .build());
      sender.acknowledged.add(id);
    };
  }

  /** The same for the same number: whoever sends it again sends what he sent before. */
  private IngestBillingItemsRequest batch(Sender sender, int number, int size) {
    IngestBillingItemsRequest.Builder batch =
        IngestBillingItemsRequest.newBuilder().setRequestId(String.valueOf(number));
    for (int i = number * size; i < (number + 1) * size; i++) {
      BigDecimal cost = BigDecimal.valueOf(1 + i * 7919L % 1_000_003, 8);
      BillingItem.Builder item =
          item(accounts.get(i % ACCOUNTS), cost.toPlainString(), now)
              .setItemId(sender.name + " " + i)
              .setProduct(PRODUCTS.get(i % 3 % 2));
      sender.sends(item.getItemId(), item.getAccountId(), cost);
      batch.addItems(item);
    }
    return batch.build();
  }

  private static void acknowledged(
      Sender sender, IngestBillingItemsRequest batch, IngestBillingItemsResponse answer) {
    assertEquals(
        batch.getItemsCount(), answer.getAccepted() + answer.getDuplicates(), answer::toString);
    batch.getItemsList().forEach(item -> sender.acknowledged.add(item.getItemId()));
  }

  // The fire

  private void underFire(DurableDatabase database) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(items.size() + payments.size());
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (Sender sender : all()) {
        ends.add(
            threads.submit(
                () -> {
                  sender.run(stopped);
                  return null;
                }));
      }
      for (int i = 0; i < KILLS; i++) {
        awaitProgress(ends);
        int underWay = all().stream().mapToInt(sender -> sender.underWay.get()).sum();
        assertTrue(underWay > 0, this::told);
        Map<Sender, Integer> before = new HashMap<>();
        all().forEach(sender -> before.put(sender, sender.failed.get()));
        database.kill();
        await(ends, sender -> sender.failed.get() > before.get(sender));
        database.start();
      }
      awaitProgress(ends);
      stopped.set(true);
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      stopped.set(true);
      threads.shutdownNow();
    }
  }

  private List<Sender> all() {
    List<Sender> all = new ArrayList<>(items);
    all.addAll(payments);
    return all;
  }

  /** Until enough has been acknowledged from now on, by all and by each of them. */
  private void awaitProgress(List<Future<?>> ends) {
    Map<Sender, Integer> before = new HashMap<>();
    all().forEach(sender -> before.put(sender, sender.acknowledged.size()));
    int wanted = items.stream().mapToInt(before::get).sum() + ITEMS;
    await(
        ends,
        sender ->
            sender.acknowledged.size() >= before.get(sender) + CALLS
                && items.stream().mapToInt(each -> each.acknowledged.size()).sum() >= wanted);
  }

  /** Until it is so for all senders, none of which ends meanwhile. */
  private void await(List<Future<?>> ends, Predicate<Sender> so) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!all().stream().allMatch(so)) {
      assertTrue(System.nanoTime() < end && ends.stream().noneMatch(Future::isDone), this::told);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  private Set<Status.Code> failures() {
    Set<Status.Code> failures = new HashSet<>();
    all().forEach(sender -> failures.addAll(sender.failures));
    return failures;
  }

  private String told() {
    return String.join("\n", all().stream().map(Sender::toString).toList());
  }

  // What is left

  /**
   * All that was acknowledged is there once, and nothing that was never sent.
   *
   * @param sql of the ids, accounts and amounts of all that is there
   */
  private static Map<String, Sender.Sent> kept(
      DurableDatabase database, List<Sender> senders, String sql) throws Exception {
    Map<String, Sender.Sent> sent = new HashMap<>();
    Set<String> lost = new HashSet<>();
    for (Sender sender : senders) {
      sent.putAll(sender.sent);
      lost.addAll(sender.acknowledged);
    }
    assertTrue(lost.size() < sent.size(), "some were given up");
    Map<String, Sender.Sent> stored = new HashMap<>();
    for (List<String> row : Query.rows(database.url(), sql)) {
      BigDecimal amount = new BigDecimal(row.get(2)).stripTrailingZeros();
      Sender.Sent found = new Sender.Sent(row.get(1), amount);
      assertEquals(sent.get(row.get(0)), found, row.get(0));
      assertNull(stored.put(row.get(0), found), () -> "twice: " + row);
    }
    lost.removeAll(stored.keySet());
    assertEquals(Set.of(), lost);
    return stored;
  }

  private static void assertBilled(String url, Map<String, Sender.Sent> stored) throws Exception {
    Map<String, BigDecimal> costs = new HashMap<>();
    for (Sender.Sent item : stored.values()) {
      costs.merge(item.accountId(), item.amount(), BigDecimal::add);
    }
    Map<String, BigDecimal> billed = new HashMap<>();
    for (List<String> row :
        Query.rows(url, "select account_id, sum(exact_amount) from bill group by 1")) {
      billed.put(row.get(0), new BigDecimal(row.get(1)));
    }
    costs.replaceAll((account, amount) -> amount.stripTrailingZeros());
    billed.replaceAll((account, amount) -> amount.stripTrailingZeros());
    assertEquals(ACCOUNTS, billed.size());
    assertEquals(costs, billed);
    assertEquals(
        List.of(List.of(String.valueOf(stored.size()), "t")),
        Query.rows(
            url, "select sum(item_count), bool_and(amount = round(exact_amount, 2)) from bill"));
  }

  private static void assertBooks(String url) throws Exception {
    assertEquals(
        List.of(),
        Query.rows(
            url,
            """
            select account_id, balance from account a
            where balance is distinct from
              (select sum(amount) from ledger_entry l where l.account_id = a.account_id)
            or balance is distinct from
              (select sum(amount) from ledger_entry l
                where l.account_id = a.account_id and kind = 'PAYMENT')
              - (select sum(amount) from bill b where b.account_id = a.account_id)
            """));
  }
}
