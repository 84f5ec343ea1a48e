package io.arrears.notification;

import static io.arrears.testkit.HttpReceiver.status;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Deadlines;
import io.arrears.testkit.Concurrently;
import io.arrears.testkit.HttpReceiver;
import io.arrears.testkit.WithChannels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Two replicas, as far as the outbox can tell. */
@QuarkusTest
@TestProfile(WithChannels.Channels.class)
class TwoSendersTest extends WithChannels {

  private static final int MANY = 60;

  @Inject DeliverySql sql;
  @Inject WebhookSender sender;
  @Inject DeliveryLimits limits;
  @Inject ArrearsClock clock;
  @Inject Deadlines deadlines;

  private Callable<Map<String, Long>> replica() {
    Courier courier = new Courier(sender, sql, limits, clock, deadlines, (channel, what) -> {});
    return () -> courier.deliver().await().atMost(Duration.ofMinutes(1));
  }

  @Test
  void send_everything_once_between_them() throws Exception {
    HttpReceiver one = receiver(status(200));
    HttpReceiver other = receiver(status(200));
    for (int i = 0; i < MANY; i++) {
      owes(account(webhook(i % 2 == 0 ? one : other)), "1");
    }

    List<Map<String, Long>> sent = Concurrently.all(List.of(replica(), replica()));

    assertEquals(MANY, sent.stream().mapToLong(counts -> counts.getOrDefault("sent", 0L)).sum());
    List<HttpReceiver.Request> requests = one.taken();
    requests.addAll(other.taken());
    assertEquals(MANY, requests.size());
    assertEquals(
        MANY, requests.stream().map(each -> each.headers().get("webhook-id")).distinct().count());
  }
}
