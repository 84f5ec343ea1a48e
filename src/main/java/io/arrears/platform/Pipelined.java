package io.arrears.platform;

import io.smallrye.mutiny.Uni;
import java.util.List;

/** Statements of one connection that do not wait for each other's answers. */
public final class Pipelined {

  private Pipelined() {}

  /**
   * Sends them together, in one round trip; PostgreSQL carries them out in their order. Ends when
   * all have, and fails with the first that does: in a transaction those after it fail, too.
   */
  public static Uni<Void> all(Uni<?>... statements) {
    return Uni.combine().all().unis(List.of(statements)).discardItems();
  }
}
