package io.arrears.policy;

import io.arrears.core.Policy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The policy in force of each product. */
@ApplicationScoped
public class PolicyService {

  private static final String[] BUILT_IN = {"css", "vod", "cos"};

  private final Map<String, Policy> inForce = new TreeMap<>();

  public PolicyService() {
    for (String product : BUILT_IN) {
      inForce.put(product, builtIn(product));
    }
  }

  private static Policy builtIn(String product) {
    try (InputStream in =
        PolicyService.class.getResourceAsStream("/policies/" + product + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("the built-in policy of " + product + " is missing");
      }
      return PolicyReader.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Optional<Policy> find(String product) {
    return Optional.ofNullable(inForce.get(product));
  }

  /**
   * The policy of a product that has services, and so has one.
   *
   * @throws IllegalStateException if there is none
   */
  public Policy get(String product) {
    return find(product)
        .orElseThrow(() -> new IllegalStateException("there is no policy of " + product));
  }

  /** By product. */
  public Collection<Policy> all() {
    return inForce.values();
  }
}
