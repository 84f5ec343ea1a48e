package io.arrears.api;

import static io.arrears.testkit.HttpReceiver.status;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.arrears.testkit.HttpReceiver;
import io.arrears.testkit.WithChannels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Signatures, checked with the specification's own library; on a real clock, as it does. */
@QuarkusTest
@TestProfile(WebhookSignatureTest.RealTime.class)
class WebhookSignatureTest extends WithChannels {

  /** The system's clock: what is written is sent because the bell rings. */
  public static class RealTime implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> settings = new HashMap<>(new Channels().getConfigOverrides());
      settings.remove("arrears.clock.start");
      settings.put("arrears.clock", "system");
      return settings;
    }
  }

  private static Map<String, List<String>> headers(HttpReceiver.Request request) {
    Map<String, List<String>> headers = new HashMap<>();
    request.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    return headers;
  }

  @Test
  void a_webhook_is_good_by_every_secret_of_its_account_and_by_no_others() throws Exception {
    HttpReceiver customer = receiver(status(200));
    String account = account(webhook(customer));
    String other = client.account();

    owes(account, "5");
    HttpReceiver.Request request = customer.next();

    assertEquals(2, secrets(account).size());
    for (String secret : secrets(account)) {
      assertDoesNotThrow(() -> new Webhook(secret).verify(request.body(), headers(request)));
      assertThrows(
          WebhookVerificationException.class,
          () -> new Webhook(secret).verify(request.body() + " ", headers(request)));
    }
    assertNotEquals(secrets(account), secrets(other));
    for (String secret : secrets(other)) {
      assertThrows(
          WebhookVerificationException.class,
          () -> new Webhook(secret).verify(request.body(), headers(request)));
    }
    assertEquals("application/json", request.headers().get("content-type"));
    assertEquals(2, request.headers().get("webhook-signature").split(" ", -1).length);
    assertTrue(request.headers().get("webhook-id").startsWith("ntf_"));
  }
}
