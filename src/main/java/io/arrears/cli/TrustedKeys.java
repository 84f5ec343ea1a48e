package io.arrears.cli;

import io.arrears.platform.KeyText;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The public keys that whoever checks a certificate trusts.
 *
 * @param source where they are from, for people
 * @param byId by their thumbprints, computed here: what a set calls its keys counts for nothing
 */
record TrustedKeys(String source, Map<String, PublicKey> byId) {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * @throws IOException if one cannot be read
   * @throws IllegalStateException if one holds no key
   */
  static TrustedKeys ofFiles(List<Path> files) throws IOException {
    Map<String, PublicKey> keys = new LinkedHashMap<>();
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        keys.putAll(keys(file.toString(), in));
      }
    }
    return new TrustedKeys(
        String.join(", ", files.stream().map(Path::toString).toList()), Map.copyOf(keys));
  }

  /**
   * Fetches a JWK set; follows no redirection.
   *
   * @throws Connection.Unreachable if nothing answers there
   * @throws IllegalStateException if what answers has no keys
   */
  static TrustedKeys ofUrl(URI url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
    connection.setConnectTimeout((int) PATIENCE.toMillis());
    connection.setReadTimeout((int) PATIENCE.toMillis());
    connection.setInstanceFollowRedirects(false);
    try {
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw new IllegalStateException("%s has no keys: it answers %d".formatted(url, status));
      }
      try (InputStream in = connection.getInputStream()) {
        return new TrustedKeys(url.toString(), keys(url.toString(), in));
      }
    } catch (IOException e) {
      throw new Connection.Unreachable(
          "the keys cannot be fetched from %s: %s; --key checks with a file instead"
              .formatted(url, e.getMessage()));
    } finally {
      connection.disconnect();
    }
  }

  private static Map<String, PublicKey> keys(String source, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(KeyText.MAX_BYTES + 1);
    if (bytes.length > KeyText.MAX_BYTES) {
      throw new IllegalStateException(source + " is too large to be keys");
    }
    try {
      return KeyText.publicKeys(new String(bytes, StandardCharsets.UTF_8));
    } catch (KeyText.NoKey e) {
      throw new IllegalStateException(source + " " + e.getMessage(), e);
    }
  }
}
