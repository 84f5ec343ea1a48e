package io.arrears.example;

import static java.nio.file.StandardOpenOption.*;

import com.google.protobuf.Timestamp;
import com.google.type.Decimal;
import io.arrears.v1.*;
import io.grpc.*;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.*;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A live-streaming cloud that does what Arrears tells it; docs/integrating.md walks through it. */
public final class ProductCloud {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final List<Status.Code> FINAL =
      List.of(Status.Code.INVALID_ARGUMENT, Status.Code.NOT_FOUND);

  private final List<String> options;
  private final String product;
  private final Path file;
  private final ManagedChannel channel;

  /**
   * All that outlasts a crash, such as {@code generation acct-1} and {@code stream acct-1 gala}.
   */
  private final NavigableMap<String, String> state = new ConcurrentSkipListMap<>();

  private final Map<String, DesiredState> previous = new HashMap<>();
  private volatile Instant now;

  private ProductCloud(String... arguments) throws IOException {
    options = List.of(arguments);
    product = option("--product", "css");
    file = Path.of(option("--state", "product-cloud.state"));
    String server = option("--server", "127.0.0.1:9000");
    channel = ManagedChannelBuilder.forTarget(server).usePlaintext().build();
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      state.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
    }
  }

  /** Listens for good; after every interruption from the last token that was stored. */
  private void watch() {
    long pause = 100;
    while (true) {
      try {
        WatchDesiredStatesRequest request =
            WatchDesiredStatesRequest.newBuilder()
                .setProduct(product)
                .setResumeToken(state.getOrDefault("token", ""))
                .build();
        Iterator<DesiredState> told =
            EnforcementServiceGrpc.newBlockingStub(channel).watchDesiredStates(request);
        while (told.hasNext()) {
          take(told.next());
          pause = 100;
        }
      } catch (StatusRuntimeException e) {
        System.out.printf("the watch ended: %s%n", e.getStatus());
        if (e.getStatus().getCode() == Status.Code.FAILED_PRECONDITION) {
          // RESUME_TOKEN_LOST: the service's database was set back, and its generations with it.
          state.remove("token");
          all("generation ").clear();
        }
      }
      sleep(pause + ThreadLocalRandom.current().nextLong(pause));
      pause = Math.min(2 * pause, 10_000);
      channel.resetConnectBackoff();
    }
  }

  /** Acts; then stores that it has, and how far it came; only then it is reported. */
  private void take(DesiredState desired) {
    if (options.contains("--print")) {
      System.out.printf("%s: told %d%n", desired.getAccountId(), desired.getGeneration());
    }
    sleep(Long.parseLong(option("--slow", "0")));
    synchronized (state) {
      act(desired);
      if (options.contains("--reorder")) {
        act(previous.getOrDefault(desired.getAccountId(), desired));
        previous.put(desired.getAccountId(), desired);
      }
      state.put("token", desired.getResumeToken());
      save();
      if (happens("--crash-before-report")) {
        Runtime.getRuntime().halt(137);
      }
    }
  }

  /** Makes it so. Doing it twice changes nothing; what is older than what was done is left. */
  private void act(DesiredState desired) {
    String account = desired.getAccountId();
    String generation = String.valueOf(desired.getGeneration());
    Access access = desired.getAccess();
    if (desired.getGeneration()
        < Long.parseLong(state.getOrDefault("generation " + account, "0"))) {
      System.out.printf("%s: %s is stale%n", account, generation);
      state.put("report " + account + " late", generation);
      return;
    }
    if (happens("--fail")) {
      state.put("report " + account, generation + " made to fail");
      return;
    }
    if (access != Access.ACCESS_ALLOWED && access != Access.ACCESS_NEW_BLOCKED) {
      Instant decided = Instant.ofEpochSecond(desired.getDecidedAt().getSeconds());
      all("stream " + account + " ").keySet().forEach(stream -> stop(stream, decided));
    }
    all("feature " + account + " ").clear();
    for (DesiredFeature feature : desired.getFeaturesList()) {
      state.put("feature " + account + " " + feature.getFeature(), feature.getEffect().name());
      if (feature.getEffect() == Effect.EFFECT_ERASED) {
        all(feature.getFeature() + " " + account + " ").clear();
      }
    }
    for (String category : desired.getClearCategoriesList()) {
      all(category + " " + account + " ").clear();
      state.put("erased " + account + " " + category, "");
    }
    state.put("access " + account, access.name());
    state.put("generation " + account, generation);
    state.put("report " + account, generation);
  }

  /** Reports and bills, as often as it takes until it is answered. */
  private void answer() {
    while (true) {
      try {
        Map<String, String> owed;
        synchronized (state) { // Nothing that is not stored yet.
          owed = new TreeMap<>(all("report "));
        }
        owed.forEach(this::report);
        bill();
      } catch (StatusRuntimeException e) {
        System.out.printf("tried again later: %s%n", e.getStatus());
      }
      sleep(200);
    }
  }

  private void report(String key, String owed) {
    String account = word(key, 1);
    ReportObservedStateRequest.Builder report =
        ReportObservedStateRequest.newBuilder()
            .setAccountId(account)
            .setProduct(product)
            .setGeneration(Long.parseLong(word(owed, 0)))
            .setError(owed.substring(word(owed, 0).length()).strip());
    all("erased " + account + " ").keySet().forEach(e -> report.addClearedCategories(word(e, 2)));
    try {
      EnforcementServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(30, TimeUnit.SECONDS)
          .reportObservedState(report.build());
    } catch (StatusRuntimeException e) {
      if (!FINAL.contains(e.getStatus().getCode())) {
        throw e;
      }
      System.out.printf("%s: refused for good: %s%n", account, e.getStatus());
    }
    report.getClearedCategoriesList().forEach(c -> state.remove("erased " + account + " " + c));
    state.remove(key, owed); // Unless there is something newer by now.
  }

  /** Bills whole hours, in every state: who may not start anything new pays for what goes on. */
  private void bill() {
    // The service's clock, which may be a virtual one. A product asks its own.
    Clock clock =
        OperationsServiceGrpc.newBlockingStub(channel)
            .getClock(GetClockRequest.getDefaultInstance());
    now = Instant.ofEpochSecond(clock.getNow().getSeconds());
    synchronized (state) {
      all("stream ").keySet().forEach(stream -> meter(stream, now));
    }
    List<String> items = all("item ").keySet().stream().limit(5000).toList();
    if (!items.isEmpty()) {
      save();
      IngestBillingItemsRequest.Builder request = IngestBillingItemsRequest.newBuilder();
      items.forEach(item -> request.addItems(item(word(item, 1), word(item, 2), word(item, 3))));
      IngestBillingItemsResponse answer =
          BillingServiceGrpc.newBlockingStub(channel).ingestBillingItems(request.build());
      System.out.printf(
          "billed %d, refused %s%n", answer.getAccepted(), answer.getRejectionsList());
      items.forEach(state::remove);
    }
  }

  /** Every hour that is over becomes an item, which is kept until it was taken in. */
  private void meter(String stream, Instant until) {
    Instant from = Instant.parse(state.get(stream));
    for (; !from.plus(HOUR).isAfter(until); from = from.plus(HOUR)) {
      state.put("item " + word(stream, 1) + " " + word(stream, 2) + " " + from, "");
    }
    state.put(stream, from.toString());
  }

  private void stop(String stream, Instant at) {
    meter(stream, at);
    state.remove(stream);
  }

  /** Its id follows from what was used: sent twice, it is billed once. */
  private BillingItem item(String account, String stream, String from) {
    long start = Instant.parse(from).getEpochSecond();
    return BillingItem.newBuilder()
        .setItemId(stream + "@" + from)
        .setAccountId(account)
        .setProduct(product)
        .setSku(product + ".live-traffic")
        .setCycle(BillingCycle.BILLING_CYCLE_DAILY)
        .setCost(Decimal.newBuilder().setValue("0.0125"))
        .setUsageStart(Timestamp.newBuilder().setSeconds(start))
        .setUsageEnd(Timestamp.newBuilder().setSeconds(start + HOUR.toSeconds()))
        .setCurrencyCode("USD")
        .build();
  }

  /** What customers do: `start`, `stop` or `read`, an account, a stream. */
  private String command(String verb, String account, String name) {
    synchronized (state) {
      String access = state.getOrDefault("access " + account, "ACCESS_ALLOWED");
      String files = state.getOrDefault("feature " + account + " live-recording-files", "");
      if (verb.equals("start") && access.equals("ACCESS_ALLOWED") && now != null) {
        state.put("stream " + account + " " + name, now.toString());
        state.put("live-recording-files " + account + " " + name, "");
        state.put("configurations " + account + " " + name, "");
        return "it runs";
      } else if (verb.equals("stop") && state.containsKey("stream " + account + " " + name)) {
        stop("stream " + account + " " + name, now);
        return "it ended";
      } else if (verb.equals("read") && files.isEmpty()) {
        return all("live-recording-files " + account + " ").keySet().toString();
      }
      return "refused: " + access + " " + files;
    }
  }

  private Map<String, String> all(String prefix) {
    return state.subMap(prefix, prefix + Character.MAX_VALUE);
  }

  /** Durable: the file holds either all of it or what it held before. */
  private synchronized void save() {
    List<String> lines = state.entrySet().stream().map(String::valueOf).toList();
    Path draft = Path.of(file + ".new");
    try {
      Files.write(draft, lines, CREATE, WRITE, TRUNCATE_EXISTING, DSYNC);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String option(String name, String otherwise) {
    int at = options.indexOf(name);
    return at < 0 ? otherwise : options.get(at + 1);
  }

  private boolean happens(String name) {
    int percent = Integer.parseInt(option(name, "0").replace("%", ""));
    return ThreadLocalRandom.current().nextInt(100) < percent;
  }

  private static String word(String text, int index) {
    return (text + "   ").split(" ", -1)[index];
  }

  private static void sleep(long millis) {
    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
  }

  public static void main(String[] arguments) throws IOException {
    ProductCloud cloud = new ProductCloud(arguments);
    new Thread(cloud::watch, "watch").start();
    new Thread(cloud::answer, "answer").start();
    Scanner in = new Scanner(System.in, StandardCharsets.UTF_8);
    while (in.hasNextLine()) {
      String line = in.nextLine();
      System.out.printf(
          "%s: %s%n", line, cloud.command(word(line, 0), word(line, 1), word(line, 2)));
    }
  }
}
