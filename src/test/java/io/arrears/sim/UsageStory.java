package io.arrears.sim;

import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.money;
import static io.arrears.testkit.Client.timestamp;

import io.arrears.testkit.Client;
import io.arrears.testkit.Concurrently;
import io.arrears.testkit.Person;
import io.arrears.v1.Account;
import io.arrears.v1.AccountStatus;
import io.arrears.v1.AdjustBalanceRequest;
import io.arrears.v1.BillingCycle;
import io.arrears.v1.BillingItem;
import io.arrears.v1.CreateAccountRequest;
import io.arrears.v1.IngestBillingItemsRequest;
import io.arrears.v1.IngestBillingItemsResponse;
import io.arrears.v1.RecordPaymentRequest;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What many accounts use and pay in half a year, at random but the same for the same seed, however
 * it is sent: all at once and in batches, or one thing after another.
 */
final class UsageStory {

  private static final List<String> PRODUCTS =
      List.of("css", "cos", "cvm", "vod", "cls", "clb", "cdn");
  private static final int DAYS = 10;
  private static final int LARGEST_BATCH = 150;

  /** Some after the services of those who never pay are suspended, repossessed and cleared. */
  private static final List<Integer> LEAPS = List.of(20, 30, 35, 60);

  private final Client client;
  private final boolean inBulk;
  private final Random random;
  private final Random order;
  private final int accounts;
  private final List<BillingItem> sent = new ArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger duplicates = new AtomicInteger();
  private final AtomicInteger rejected = new AtomicInteger();
  private Instant now;
  private int ids;

  UsageStory(Client client, boolean inBulk, long seed, int accounts) {
    this.client = client;
    this.inBulk = inBulk;
    this.random = new Random(seed);
    this.order = new Random(seed);
    this.accounts = accounts;
  }

  /** Returns how many items were accepted, sent before, and refused. */
  String play() throws Exception {
    open();
    for (int half = 0; half < DAYS * 2; half++) {
      happen();
      client.advance(Duration.ofHours(half % 2 == 0 ? 11 : 13));
    }
    client
        .person("clerk")
        .lifecycle
        .restrictAccount(
            Person.restriction(account(7), "", "VIOLATION").setRequestId("ban").build());
    for (int days : LEAPS) {
      client.advance(Duration.ofDays(days));
      happen();
    }
    client.advance(Duration.ofDays(2));
    return "%s accepted, %s duplicates, %s rejected".formatted(accepted, duplicates, rejected);
  }

  private static String account(int i) {
    return "account-%03d".formatted(i);
  }

  private static String currency(int i) {
    return i % 5 == 0 ? "CNY" : "USD";
  }

  private void open() {
    for (int i = 0; i < accounts; i++) {
      client.accounts.createAccount(
          CreateAccountRequest.newBuilder()
              .setAccount(
                  Account.newBuilder()
                      .setAccountId(account(i))
                      .setCurrencyCode(currency(i))
                      .setCreditLimit(money(i % 2 == 0 ? "0" : "7.50", currency(i))))
              .build());
    }
    client
        .person("clerk")
        .lifecycle
        .placeHold(
            Person.holding(account(3), client.now().plus(Duration.ofDays(20)))
                .setRequestId("hold")
                .build());
  }

  /** At one instant: items, then money, then what people do. */
  private void happen() throws Exception {
    now = client.now();
    List<BillingItem> items = items();
    Map<String, List<Callable<Object>>> money = ofMoney();
    if (inBulk) {
      sendTogether(items);
      Concurrently.all(money.values().stream().map(UsageStory::inOrder).toList());
    } else {
      for (BillingItem each : items) {
        count(client.billing.ingestBillingItems(batch(List.of(each))));
      }
      for (List<Callable<Object>> each : money.values()) {
        inOrder(each).call();
      }
    }
    people();
  }

  private static Callable<Object> inOrder(List<Callable<Object>> calls) {
    return () -> {
      for (Callable<Object> call : calls) {
        call.call();
      }
      return calls;
    };
  }

  // Items

  private List<BillingItem> items() {
    List<BillingItem> items = new ArrayList<>();
    for (int i = 0; i < accounts; i++) {
      for (int p = 0; p < PRODUCTS.size(); p++) {
        if ((i + i / 3 + p) % 3 == 0) {
          for (int many = random.nextInt(3); many > 0; many--) {
            items.add(any(i, PRODUCTS.get(p)));
          }
        }
      }
    }
    sent.addAll(items);
    for (int i = 0; i < 3; i++) {
      items.add(sent.get(random.nextInt(sent.size())));
    }
    return items;
  }

  private BillingItem any(int account, String product) {
    BigDecimal cost = BigDecimal.valueOf(random.nextInt(900_000_000), 9 + random.nextInt(3));
    Instant end = now.minusSeconds(random.nextInt(4 * 3600));
    if (random.nextInt(6) == 0) {
      end = end.minus(Duration.ofDays(1 + random.nextInt(5)));
    }
    return item(
            account(account), (random.nextInt(15) == 0 ? cost.negate() : cost).toPlainString(), end)
        .setItemId("item-" + ids++)
        .setProduct(product)
        .setSku(random.nextInt(4) == 0 ? product + ".storage" : product + ".traffic")
        .setCurrencyCode(currency(account))
        .setCycle(
            random.nextInt(5) == 0
                ? BillingCycle.BILLING_CYCLE_MONTHLY
                : BillingCycle.BILLING_CYCLE_DAILY)
        .build();
  }

  /** In any order, in batches of any size, over a stream and by themselves, all at once. */
  private void sendTogether(List<BillingItem> items) throws Exception {
    List<BillingItem> shuffled = new ArrayList<>(items);
    Collections.shuffle(shuffled, order);
    List<IngestBillingItemsRequest> stream = new ArrayList<>();
    List<Callable<Object>> calls = new ArrayList<>();
    for (int from = 0; from < shuffled.size(); ) {
      int to = Math.min(shuffled.size(), from + 1 + order.nextInt(LARGEST_BATCH));
      IngestBillingItemsRequest batch = batch(shuffled.subList(from, to));
      if (order.nextBoolean()) {
        stream.add(batch);
      } else {
        calls.add(() -> count(client.billing.ingestBillingItems(batch)));
      }
      from = to;
    }
    calls.add(
        () -> {
          new ItemStream(client.channel()).send(stream, this::count);
          return stream;
        });
    Concurrently.all(calls);
  }

  private static IngestBillingItemsRequest batch(List<BillingItem> items) {
    return IngestBillingItemsRequest.newBuilder().addAllItems(items).build();
  }

  private IngestBillingItemsResponse count(IngestBillingItemsResponse answer) {
    accepted.addAndGet(answer.getAccepted());
    duplicates.addAndGet(answer.getDuplicates());
    rejected.addAndGet(answer.getRejectionsCount());
    return answer;
  }

  // Money

  /** By account, and in order: whether a balance is cleared between two entries depends on it. */
  private Map<String, List<Callable<Object>>> ofMoney() {
    Map<String, List<Callable<Object>>> money = new TreeMap<>();
    for (int i = 0; i < accounts; i++) {
      List<Callable<Object>> calls = new ArrayList<>();
      for (int many = i % 3 == 0 ? 0 : random.nextInt(3); many > 0; many--) {
        calls.add(random.nextInt(6) == 0 ? adjustment(i) : payment(i));
      }
      money.put(account(i), calls);
    }
    return money;
  }

  private String cents(int most) {
    return BigDecimal.valueOf(1 + random.nextInt(most), 2).toPlainString();
  }

  private Callable<Object> payment(int account) {
    RecordPaymentRequest.Builder payment =
        RecordPaymentRequest.newBuilder()
            .setAccountId(account(account))
            .setPaymentId("payment-" + ids++)
            .setAmount(money(cents(300), currency(account)));
    if (random.nextInt(4) == 0) {
      payment.setPaidAt(timestamp(now.minusSeconds(random.nextInt(3600))));
    }
    return () -> client.accounts.recordPayment(payment.build());
  }

  private Callable<Object> adjustment(int account) {
    String sign = random.nextBoolean() ? "" : "-";
    AdjustBalanceRequest adjustment =
        AdjustBalanceRequest.newBuilder()
            .setAccountId(account(account))
            .setAdjustmentId("adjustment-" + ids++)
            .setAmount(money(sign + cents(200), currency(account)))
            .setReason("a correction")
            .build();
    return () -> client.accounts.adjustBalance(adjustment);
  }

  // People

  private void people() {
    for (int i = 0; i < accounts; i++) {
      boolean reads = random.nextInt(4) == 0;
      AccountStatus status = client.status(account(i));
      if (reads && status.hasArrears() && !status.getArrears().hasReceivedAt()) {
        client.confirmReceipt(account(i), null);
      }
    }
  }
}
