package io.arrears.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.arrears.testkit.Client;
import io.arrears.testkit.HttpReceiver;
import io.arrears.testkit.ServiceProcess;
import io.arrears.v1.Account;
import io.arrears.v1.AdjustBalanceRequest;
import io.arrears.v1.Contact;
import io.arrears.v1.CreateAccountRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notifications of a service that is killed while it sends them. */
class NotificationsAfterKillIT {

  private static final int MANY = 40;
  private static final int FEW = 3;

  @TempDir Path directory;

  private final Set<String> overdue = new HashSet<>();
  private final Map<String, String> contents = new HashMap<>();

  private Map<String, String> environment() {
    return Map.of(
        "ARREARS_DATA_DIR", directory.toString(), "ARREARS_WEBHOOKS_ALLOWED_HOSTS", "127.0.0.1");
  }

  private void owes(Client client, String url) {
    String account = "acct-" + UUID.randomUUID();
    client.accounts.createAccount(
        CreateAccountRequest.newBuilder()
            .setAccount(
                Account.newBuilder()
                    .setAccountId(account)
                    .setCurrencyCode("USD")
                    .setContact(Contact.newBuilder().setWebhookUrl(url)))
            .build());
    client.accounts.adjustBalance(
        AdjustBalanceRequest.newBuilder()
            .setAccountId(account)
            .setAmount(Client.usd("-1"))
            .setAdjustmentId("fee")
            .setReason("a fee")
            .build());
    overdue.add(account);
  }

  private void hear(HttpReceiver.Request request) {
    String before = contents.put(request.headers().get("webhook-id"), request.body());
    assertEquals(before == null ? request.body() : before, request.body());
  }

  private Set<String> told() {
    Set<String> told = new HashSet<>();
    for (String account : overdue) {
      contents.values().stream()
          .filter(body -> body.contains(account))
          .findFirst()
          .ifPresent(body -> told.add(account));
    }
    return told;
  }

  @Test
  void each_is_delivered_at_least_once_under_an_id_that_stands_for_nothing_else() throws Exception {
    CountDownLatch killed = new CountDownLatch(1);
    AtomicInteger come = new AtomicInteger();
    HttpReceiver.Behaviour fewAnswersBeforeTheKill =
        (request, socket) -> {
          if (come.incrementAndGet() > FEW) {
            killed.await();
          }
          HttpReceiver.answer(socket, 200, "");
        };
    try (HttpReceiver receiver = HttpReceiver.start(fewAnswersBeforeTheKill)) {
      ServiceProcess service = ServiceProcess.start(environment());
      for (int i = 0; i < MANY; i++) {
        owes(service.client(), receiver.url("/hook"));
      }
      for (int i = 0; i <= FEW; i++) {
        hear(receiver.next());
      }
      service.kill();
      killed.countDown();

      try (ServiceProcess again = ServiceProcess.start(environment())) {
        again.client().now();
        while (!told().equals(overdue)) {
          hear(receiver.next());
        }
      }
      receiver.taken().forEach(this::hear);
      assertEquals(MANY, contents.size());
    }
  }
}
