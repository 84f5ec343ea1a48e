package io.arrears.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** The documents that come with the service; each is its product's first version, from ever. */
final class BuiltInPolicies {

  private static final List<String> PRODUCTS = List.of("css", "vod", "cos");

  private BuiltInPolicies() {}

  static List<AppliedPolicy> all() {
    return PRODUCTS.stream().map(BuiltInPolicies::read).toList();
  }

  private static AppliedPolicy read(String product) {
    try (InputStream in =
        BuiltInPolicies.class.getResourceAsStream("/policies/" + product + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("the built-in policy of " + product + " is missing");
      }
      String document = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new AppliedPolicy(
          product, 1, document, Instant.EPOCH, false, "built-in", Instant.EPOCH);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
