package io.arrears.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * The documents that come with the service, the rules of sixteen real products; each is its
 * product's first version, from ever.
 */
public final class BuiltInPolicies {

  /** Named here, because a native executable has no folder of resources to look into. */
  private static final List<String> PRODUCTS =
      List.of(
          "api-gateway",
          "cdn",
          "clb",
          "cls",
          "cos",
          "css",
          "cvm",
          "ecm",
          "kms",
          "mps",
          "streamlive",
          "tem",
          "tencentdb-mysql",
          "tke-native-nodes",
          "trtc",
          "vod");

  private BuiltInPolicies() {}

  /** In the order of their names. */
  public static List<String> products() {
    return PRODUCTS;
  }

  static List<AppliedPolicy> all() {
    return PRODUCTS.stream()
        .map(
            product ->
                new AppliedPolicy(
                    product, 1, document(product), Instant.EPOCH, false, "built-in", Instant.EPOCH))
        .toList();
  }

  /**
   * The document's text.
   *
   * @throws IllegalArgumentException if there is none for the product
   */
  public static String document(String product) {
    try (InputStream in =
        BuiltInPolicies.class.getResourceAsStream("/policies/" + product + ".yaml")) {
      if (in == null || !PRODUCTS.contains(product)) {
        throw new IllegalArgumentException("there is no built-in policy of " + product);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
