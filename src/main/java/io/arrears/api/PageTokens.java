package io.arrears.api;

import io.arrears.platform.InstallationKey;
import io.arrears.platform.Rejection;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opaque page tokens. A token says where its list goes on; it is sealed with a key of the
 * installation, and good only for the list that it was given for.
 */
@ApplicationScoped
class PageTokens {

  private static final int SEAL_BYTES = 16;
  private static final String SEPARATOR = "\u0000";

  private final InstallationKey key;

  PageTokens(InstallationKey key) {
    this.key = key;
  }

  /**
   * @param list what is listed, with its filters
   * @param position the last place that was given
   */
  String token(String list, Object... position) {
    String text = String.join(SEPARATOR, Arrays.stream(position).map(String::valueOf).toList());
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    byte[] token = Arrays.copyOf(seal(list, payload), SEAL_BYTES + payload.length);
    System.arraycopy(payload, 0, token, SEAL_BYTES, payload.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /**
   * The position that a token stands for; empty for the first page.
   *
   * @throws Rejection if the token is not one of ours, or is of another list
   */
  List<String> position(String list, String token) {
    return position(list, "page_token", token);
  }

  /** The same, of another field. */
  List<String> position(String list, String field, String token) {
    if (token.isEmpty()) {
      return List.of();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      throw refused(field);
    }
    if (bytes.length <= SEAL_BYTES) {
      throw refused(field);
    }
    byte[] payload = Arrays.copyOfRange(bytes, SEAL_BYTES, bytes.length);
    if (!MessageDigest.isEqual(Arrays.copyOf(bytes, SEAL_BYTES), seal(list, payload))) {
      throw refused(field);
    }
    return List.of(new String(payload, StandardCharsets.UTF_8).split(SEPARATOR, -1));
  }

  private static Rejection refused(String field) {
    return Rejection.invalid(field, "must be one that the same list or watch gave, unchanged");
  }

  private byte[] seal(String list, byte[] payload) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.bytes(), "HmacSHA256"));
      mac.update(list.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return Arrays.copyOf(mac.doFinal(payload), SEAL_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
