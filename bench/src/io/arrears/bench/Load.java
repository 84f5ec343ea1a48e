package io.arrears.bench;

import com.google.protobuf.Timestamp;
import io.arrears.v1.AccountServiceGrpc;
import io.arrears.v1.AdvanceClockRequest;
import io.arrears.v1.ListAccountsRequest;
import io.arrears.v1.ListAccountsResponse;
import io.arrears.v1.OperationsServiceGrpc;
import io.arrears.v1.ServiceState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * The load generator: one figure a run. Arguments are {@code figure key=value …}; results are lines
 * {@code key=value} on standard output, progress is on standard error.
 */
public final class Load {

  /** What the open loop offers of what the closed loop reached. */
  private static final double OPEN_SHARE = 0.6;

  private final Map<String, String> settings;
  private final PrintStream out;

  private Load(Map<String, String> settings, PrintStream out) {
    this.settings = settings;
    this.out = out;
  }

  public static void main(String... args) {
    Map<String, String> settings = new HashMap<>();
    for (int i = 1; i < args.length; i++) {
      String[] setting = args[i].split("=", 2);
      settings.put(setting[0], setting[1]);
    }
    int status = 1; // Threads of connections would outlive a failure.
    try {
      new Load(settings, System.out).run(args[0]);
      status = 0;
    } catch (Exception e) {
      e.printStackTrace();
    } finally {
      System.exit(status);
    }
  }

  private void run(String figure) throws Exception {
    if (figure.equals("rows")) {
      items(settings.get("day")).writeRows(Path.of(settings.get("file")), number("items"));
      return;
    }
    try (Client client =
        new Client("127.0.0.1", (int) number("port"), (int) number("connections"))) {
      switch (figure) {
        case "ingest" -> ingest(client);
        case "status" -> calls(client.status(number("accounts")));
        case "overload" -> overload(client);
        case "durability" -> durability(client);
        case "batch-status" -> batchStatus(client);
        case "pages" -> pages(client.channel());
        case "payment" -> calls(client.payments(number("accounts")));
        case "model" ->
            Models.make(
                client.channel(),
                settings.get("product"),
                settings.get("account"),
                Instant.parse(settings.get("used")),
                number("debt"),
                (int) number("hours"));
        case "advance" -> advance(client.channel());
        case "suspend" -> suspend(new PaymentToStream(client.channel()));
        case "payment-to-stream" -> paymentToStream(new PaymentToStream(client.channel()));
        case "single-item" -> calls(client.singleItems(items(settings.get("day"))));
        default -> throw new IllegalArgumentException("no such figure: " + figure);
      }
    }
  }

  private long number(String key) {
    return Long.parseLong(settings.get(key));
  }

  private Items items(String day) {
    return new Items(LocalDate.parse(day), number("accounts"));
  }

  private Cpu cpu() {
    return Cpu.now(number("service"), number("postmaster"));
  }

  private static List<byte[]> batches(Items items, long first, long count, int size) {
    List<byte[]> batches = new ArrayList<>();
    for (long i = 0; i < count; i += size) {
      batches.add(Client.bytes(items.batch(first + i, size)));
    }
    return batches;
  }

  private static Operation bulk(Client client, Map<String, String> settings, List<byte[]> batches) {
    int size = Integer.parseInt(settings.get("batch"));
    return settings.get("mode").equals("stream")
        ? client.streams(batches, size)
        : client.batches(batches, size);
  }

  /** A warm-up on a day of its own, the measured items, then more of them in an open loop. */
  private void ingest(Client client) throws InterruptedException {
    int size = (int) number("batch");
    int inFlight = (int) number("in_flight");
    long count = number("items");
    List<byte[]> warm = batches(items(settings.get("warm_day")), 0, number("warm_items"), size);
    Loops.closed(bulk(client, settings, warm), inFlight, new AtomicLong(), warm.size(), 3600)
        .orFail("warm-up");
    List<byte[]> measured = batches(items(settings.get("day")), 0, count, size);
    Operation operation = bulk(client, settings, measured);
    System.gc();
    Cpu before = cpu();
    Outcome most =
        Loops.closed(operation, inFlight, new AtomicLong(), measured.size(), 3600)
            .orFail("closed loop");
    tell(most, cpu().minus(before), size);
    List<byte[]> further = batches(items(settings.get("day")), count, count / 4, size);
    Outcome open =
        Loops.open(
                bulk(client, settings, further),
                new AtomicLong(),
                further.size(),
                most.rate() * OPEN_SHARE)
            .orFail("open loop");
    tellTimes(open, size);
  }

  /** Unary calls: warm-up, as many as it answers, and how fast it answers below that. */
  private void calls(Operation operation) throws InterruptedException {
    AtomicLong next = new AtomicLong(number("first"));
    int inFlight = (int) number("in_flight");
    double seconds = number("seconds");
    Loops.closed(operation, inFlight, next, number("warm_calls"), number("warm_seconds"))
        .orFail("warm-up");
    Cpu before = cpu();
    Outcome most =
        Loops.closed(operation, inFlight, next, Long.MAX_VALUE / 2, seconds).orFail("closed loop");
    tell(most, cpu().minus(before), 1);
    double rate = most.rate() * OPEN_SHARE;
    tellTimes(Loops.open(operation, next, (long) (rate * seconds), rate).orFail("open loop"), 1);
  }

  /** Batches far faster than they can be taken in; who is refused comes again soon. */
  private void overload(Client client) throws InterruptedException {
    int size = (int) number("batch");
    List<byte[]> batches = batches(items(settings.get("day")), 0, 40L * size, size);
    LongAdder accepted = new LongAdder();
    LongAdder refused = new LongAdder();
    Operation batch = client.batches(batches, size);
    Operation insisting =
        (index, done) ->
            batch.start(
                index % batches.size(),
                failure -> {
                  Status.Code code =
                      failure == null ? Status.Code.OK : Status.fromThrowable(failure).getCode();
                  (code == Status.Code.OK ? accepted : refused).increment();
                  boolean expected =
                      code == Status.Code.OK || code == Status.Code.RESOURCE_EXHAUSTED;
                  CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS)
                      .execute(() -> done.accept(expected ? null : failure));
                });
    Outcome all =
        Loops.closed(
            insisting,
            (int) number("in_flight"),
            new AtomicLong(),
            Long.MAX_VALUE / 2,
            number("seconds"));
    print("accepted", accepted.sum());
    print("refused", refused.sum());
    all.orFail("overload");
  }

  /** Each batch again and again until it is acknowledged, and then never more. */
  private void durability(Client client) throws InterruptedException {
    int size = (int) number("batch");
    List<byte[]> batches = batches(items(settings.get("day")), 0, number("items"), size);
    LongAdder failed = new LongAdder();
    Operation insisting = insisting(client.batches(batches, size), failed);
    Loops.closed(
            insisting,
            (int) number("in_flight"),
            new AtomicLong(),
            batches.size(),
            Integer.MAX_VALUE)
        .orFail("acknowledged");
    print("failed", failed.sum());
  }

  private static Operation insisting(Operation operation, LongAdder failed) {
    return new Operation() {
      @Override
      public void start(long index, Consumer<Throwable> done) {
        operation.start(
            index,
            failure -> {
              if (failure == null) {
                done.accept(null);
                return;
              }
              failed.increment();
              CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)
                  .execute(() -> start(index, done));
            });
      }
    };
  }

  /** A thousand accounts a call; the rate is of accounts. */
  private void batchStatus(Client client) throws InterruptedException {
    int size = (int) number("size");
    Operation operation = client.batchStatus(number("accounts"), size);
    AtomicLong next = new AtomicLong();
    Loops.closed(operation, 4, next, Long.MAX_VALUE / 2, number("seconds")).orFail("warm-up");
    Cpu before = cpu();
    Outcome most =
        Loops.closed(operation, 4, next, Long.MAX_VALUE / 2, number("seconds"))
            .orFail("closed loop");
    tell(most, cpu().minus(before), size);
  }

  /** Every page of the accounts that have an active service, one after the other. */
  private void pages(ManagedChannel channel) {
    var accounts = AccountServiceGrpc.newBlockingStub(channel);
    List<Long> micros = new ArrayList<>();
    String token = "";
    do {
      long begin = System.nanoTime();
      ListAccountsResponse page =
          accounts.listAccounts(
              ListAccountsRequest.newBuilder()
                  .addStates(ServiceState.SERVICE_STATE_ACTIVE)
                  .setPageSize((int) number("size"))
                  .setPageToken(token)
                  .build());
      micros.add((System.nanoTime() - begin) / 1000);
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    int part = Math.max(1, micros.size() / 10);
    print("pages", micros.size());
    print("first", median(micros.subList(0, part)));
    print("last", median(micros.subList(micros.size() - part, micros.size())));
    print("p99", micros.stream().sorted().toList().get(micros.size() * 99 / 100) / 1000.0);
  }

  private static double median(List<Long> micros) {
    return micros.stream().sorted().toList().get(micros.size() / 2) / 1000.0;
  }

  /** Everything that falls due until then, while the virtual clock moves on. */
  private void advance(ManagedChannel channel) {
    Instant to = Instant.parse(settings.get("to"));
    long calls = number("calls");
    Cpu before = cpu();
    long begin = System.nanoTime();
    OperationsServiceGrpc.newBlockingStub(channel)
        .advanceClock(
            AdvanceClockRequest.newBuilder()
                .setInstant(Timestamp.newBuilder().setSeconds(to.getEpochSecond()))
                .build());
    double seconds = (System.nanoTime() - begin) / 1e9;
    System.err.printf(Locale.ROOT, "  %d in %.1f s%n", calls, seconds);
    tell(new Outcome(calls, seconds, new Histogram(1), 0, null), cpu().minus(before), 1);
  }

  private void suspend(PaymentToStream flow) throws InterruptedException {
    flow.apply();
    Loops.closed(flow.suspend(), 64, new AtomicLong(), number("calls"), 3600).orFail("suspended");
  }

  /** At a fixed rate, each account once; the first of them warm up. */
  private void paymentToStream(PaymentToStream flow) throws InterruptedException {
    long warm = number("warm_calls");
    double rate = number("rate");
    long calls = (long) (rate * number("seconds"));
    Operation pay = flow.pay();
    AtomicLong next = new AtomicLong();
    Loops.open(pay, next, warm, rate).orFail("warm-up");
    Cpu before = cpu();
    Outcome paid = Loops.open(pay, next, calls, rate).orFail("paid and told");
    tell(paid, cpu().minus(before), 1);
    tellTimes(paid, 1);
  }

  private void tell(Outcome outcome, Cpu cpu, int perCall) {
    double thousands = outcome.calls() * perCall / 1000.0;
    print("rate", outcome.rate() * perCall);
    print("service_cpu", cpu.service() / thousands);
    print("database_cpu", cpu.database() / thousands);
    print("generator_cpu", cpu.generator() / thousands);
  }

  private void tellTimes(Outcome outcome, int perCall) {
    print("open_rate", outcome.rate() * perCall);
    print("p50", outcome.millis(50));
    print("p99", outcome.millis(99));
  }

  private void print(String key, double value) {
    out.printf(Locale.ROOT, "%s=%.4f%n", key, value);
  }
}
