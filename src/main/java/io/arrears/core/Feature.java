package io.arrears.core;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A feature or artefact whose fate is not simply that of its product (S6, S8).
 *
 * @param follows the product whose access it shares; null if it has conditions of its own
 */
public record Feature(String name, @Nullable String follows, List<Condition> conditions) {

  /**
   * @param product whose state matters; null for the feature's own
   */
  public record Condition(Effect effect, @Nullable String product, Set<ServiceState> states) {}

  /** The fate of an artefact that follows a product with this access. */
  static Effect following(Access access) {
    return switch (access) {
      case ALLOWED -> Effect.AVAILABLE;
      case NEW_BLOCKED -> Effect.DEGRADED;
      case BLOCKED -> Effect.INACCESSIBLE;
      case RELEASED, ERASED -> Effect.ERASED;
    };
  }
}
