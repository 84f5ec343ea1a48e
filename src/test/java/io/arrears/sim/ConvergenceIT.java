package io.arrears.sim;

import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.usd;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.platform.EmbeddedDatabase;
import io.arrears.testkit.Client;
import io.arrears.testkit.ProductProcess;
import io.arrears.testkit.ServiceProcess;
import io.arrears.v1.Account;
import io.arrears.v1.AccountStatus;
import io.arrears.v1.BatchGetAccountStatusRequest;
import io.arrears.v1.CreateAccountRequest;
import io.arrears.v1.RecordPaymentRequest;
import io.arrears.v1.ServiceStatus;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service is killed again and again while transitions go out to two product clouds, and in the
 * end both sides agree. {@code -Dconvergence.transitions=10000 -Dconvergence.kills=20} makes it
 * longer.
 */
class ConvergenceIT {

  private static final int TRANSITIONS = Integer.getInteger("convergence.transitions", 600);
  private static final int KILLS = Integer.getInteger("convergence.kills", 5);
  private static final List<String> PRODUCTS = List.of("css", "cos");
  private static final int PHASES = 4;
  private static final int PAGE = 500;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Of an account and product: overdue, in grace, suspended, and every other one restored. */
  private static final double TRANSITIONS_PER_ACCOUNT = 2 * 3.5;

  @TempDir Path directory;
  private final List<String> accounts = new ArrayList<>();
  private volatile ServiceProcess service;
  private int phase;
  private int kills;

  @Test
  void after_many_kills_every_service_is_at_its_newest_generation_on_both_sides() throws Exception {
    int port = ServiceProcess.freePort();
    try (EmbeddedDatabase database =
        EmbeddedDatabase.start(directory.resolve("database"), Map.of("fsync", "off"))) {
      Map<String, String> environment =
          Map.of(
              "ARREARS_DB_URL",
              database.url(),
              "ARREARS_CLOCK",
              "virtual",
              "ARREARS_CLOCK_START",
              "2024-01-30T03:00:00Z",
              "ARREARS_GRPC_PORT",
              String.valueOf(port),
              "ARREARS_LIMITS_JOB_HEARTBEAT",
              "5s");
      service = ServiceProcess.start(environment);
      try (ProductProcess css = cloud(port, "css");
          ProductProcess cos = cloud(port, "cos")) {
        use();
        Instant morning = service.client().nextMorning();
        underFire(environment, client -> client.advanceTo(morning));
        underFire(environment, client -> client.advanceTo(morning.plus(Duration.ofDays(1))));
        underFire(environment, client -> client.advanceTo(morning.plus(Duration.ofDays(2))));
        underFire(environment, this::payHalf);

        assertEquals(KILLS, kills);
        assertAgreement();
        long transitions =
            accounts.stream().mapToLong(a -> service.client().transitions(a).size()).sum();
        assertTrue(transitions >= TRANSITIONS, transitions + " transitions");
        assertEquals("", refusals(css) + refusals(cos));
      } finally {
        service.close();
      }
    }
  }

  private ProductProcess cloud(int port, String product) throws Exception {
    return ProductProcess.start(port, product, directory.resolve(product), "--reorder");
  }

  private static String refusals(ProductProcess cloud) {
    return String.join(
        "\n", cloud.output().lines().filter(line -> line.contains("refused for good")).toList());
  }

  /** Accounts that use both products and have not paid for them. */
  private void use() {
    Client client = service.client();
    for (int i = 0; i * TRANSITIONS_PER_ACCOUNT < TRANSITIONS; i++) {
      String account = "a" + i;
      accounts.add(account);
      client.accounts.createAccount(
          CreateAccountRequest.newBuilder()
              .setAccount(Account.newBuilder().setAccountId(account).setCurrencyCode("USD"))
              .build());
      client.ingest(
          item(account, "2", client.now()), item(account, "3", client.now()).setProduct("cos"));
    }
  }

  /**
   * Does something that is harmless to repeat until it is done, and kills the service meanwhile.
   */
  private void underFire(Map<String, String> environment, Consumer<Client> action)
      throws Exception {
    CompletableFuture<Void> done = CompletableFuture.runAsync(() -> insist(action));
    phase++;
    for (int i = 1; kills < KILLS * phase / PHASES; i++) {
      LockSupport.parkNanos(Duration.ofMillis(100L * i).toNanos());
      service.kill();
      kills++;
      service = ServiceProcess.start(environment);
    }
    done.get();
  }

  private void insist(Consumer<Client> action) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        action.accept(service.client());
        return;
      } catch (StatusRuntimeException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
  }

  private void payHalf(Client client) {
    for (int i = 0; i < accounts.size(); i += 2) {
      client.accounts.recordPayment(
          RecordPaymentRequest.newBuilder()
              .setAccountId(accounts.get(i))
              .setPaymentId("once")
              .setAmount(usd("10"))
              .build());
    }
  }

  private void assertAgreement() throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Map<String, String> desired = desired();
    while (desired.values().stream().anyMatch(state -> state.endsWith("behind"))
        || !desired.equals(done())) {
      assertTrue(System.nanoTime() < end, () -> "they differ:\n" + difference());
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      desired = desired();
    }
    assertEquals(accounts.size() * PRODUCTS.size(), desired.size());
    long restored = desired.values().stream().filter(s -> s.startsWith("ACCESS_ALLOWED")).count();
    assertEquals((accounts.size() + 1L) / 2 * PRODUCTS.size(), restored);
  }

  /** By the service: the access and generation of each product of each account. */
  private Map<String, String> desired() {
    Map<String, String> desired = new TreeMap<>();
    for (int from = 0; from < accounts.size(); from += PAGE) {
      List<String> some = accounts.subList(from, Math.min(from + PAGE, accounts.size()));
      for (AccountStatus status :
          service
              .client()
              .accounts
              .batchGetAccountStatus(
                  BatchGetAccountStatusRequest.newBuilder().addAllAccountIds(some).build())
              .getAccountsList()) {
        for (ServiceStatus product : status.getServicesList()) {
          desired.put(
              product.getProduct() + " " + status.getAccountId(),
              product.getAccess()
                  + " "
                  + product.getGeneration()
                  + (product.getEnforced() ? "" : " behind"));
        }
      }
    }
    return desired;
  }

  /** The same by what the product clouds have stored. */
  private Map<String, String> done() throws Exception {
    Map<String, String> done = new TreeMap<>();
    for (String product : PRODUCTS) {
      Path state = directory.resolve(product);
      Map<String, String> stored = new TreeMap<>();
      for (String line : Files.exists(state) ? Files.readAllLines(state) : List.<String>of()) {
        stored.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
      }
      for (String account : accounts) {
        done.put(
            product + " " + account,
            stored.get("access " + account) + " " + stored.get("generation " + account));
      }
    }
    return done;
  }

  private String difference() {
    try {
      Map<String, String> desired = desired();
      Map<String, String> done = done();
      List<String> lines = new ArrayList<>();
      desired.forEach(
          (key, state) -> {
            if (!state.equals(done.get(key))) {
              lines.add(key + ": " + state + " but " + done.get(key));
            }
          });
      return String.join("\n", lines.subList(0, Math.min(20, lines.size())));
    } catch (Exception e) {
      return e.toString();
    }
  }
}
