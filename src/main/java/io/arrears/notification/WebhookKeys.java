package io.arrears.notification;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The secrets that webhooks are signed with, as the Standard Webhooks specification has them. Each
 * account has its own, made of a key that only we know: no customer can sign for another. The keys
 * come from {@code ARREARS_WEBHOOK_KEYS}; without that, one is generated and kept in the database.
 */
@ApplicationScoped
public class WebhookKeys {

  private static final Logger LOG = Logger.getLogger(WebhookKeys.class);
  private static final String PREFIX = "whsec_";
  private static final String HMAC = "HmacSHA256";
  private static final int SHORTEST = 24;
  private static final int MADE = 32;

  private final WebhookKeySql sql;
  private final Optional<List<String>> configured;
  private volatile List<byte[]> keys = List.of();

  WebhookKeys(
      WebhookKeySql sql,
      @ConfigProperty(name = "arrears.webhook.keys") Optional<List<String>> configured) {
    this.sql = sql;
    this.configured = configured;
  }

  /** A key that cannot be used ends the start. */
  void load(@Observes StartupEvent started) {
    if (configured.isPresent()) {
      keys = configured.get().stream().map(WebhookKeys::parsed).toList();
      return;
    }
    byte[] made = new byte[MADE];
    new SecureRandom().nextBytes(made);
    keys = List.of(sql.key(made));
    LOG.warn(
        "Webhooks are signed with a key that was generated and lies in the database. That is for"
            + " development: ARREARS_WEBHOOK_KEYS names keys of your own.");
  }

  private static byte[] parsed(String text) {
    try {
      byte[] key = Base64.getDecoder().decode(text.strip().replaceFirst("^" + PREFIX, ""));
      if (key.length >= SHORTEST) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the message that does not repeat a secret.
    }
    throw new IllegalArgumentException(
        "ARREARS_WEBHOOK_KEYS (arrears.webhook.keys) must be whsec_ and base64 of 24 bytes or more,"
            + " with commas between several, the newest first");
  }

  /** What the receiver of an account's webhooks needs to know, the newest first. */
  public List<String> secrets(String accountId) {
    return keys.stream()
        .map(key -> PREFIX + Base64.getEncoder().encodeToString(of(key, accountId)))
        .toList();
  }

  private static byte[] of(byte[] key, String accountId) {
    return mac(key, "arrears webhook of " + accountId);
  }

  /** The value of {@code webhook-signature}: one for each key, so that keys can be changed. */
  String signatures(String accountId, String id, long timestamp, String body) {
    List<String> signatures = new ArrayList<>();
    for (byte[] key : keys) {
      byte[] signature = mac(of(key, accountId), id + "." + timestamp + "." + body);
      signatures.add("v1," + Base64.getEncoder().encodeToString(signature));
    }
    return String.join(" ", signatures);
  }

  private static byte[] mac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
