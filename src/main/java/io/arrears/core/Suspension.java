package io.arrears.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a service that is suspended, and how it comes back.
 *
 * @param access what it still may do; NEW_BLOCKED cuts no running stream (S5)
 * @param billed which of its usage costs as usual meanwhile (S5, S6)
 */
public record Suspension(Access access, Billed billed, Restore restore) {

  /**
   * Which usage that begins during a suspension is billed.
   *
   * @param all whether everything is
   * @param skus else only what matches one of these; {@code *} stands for any text
   */
  public record Billed(boolean all, List<String> skus) {

    public static final Billed ALL = new Billed(true, List.of());
    public static final Billed NONE = new Billed(false, List.of());
  }

  /**
   * How a service comes back once its arrears are cleared.
   *
   * @param byHand whether the customer has to start it
   * @param ticketAfter suspended for this long or longer, a ticket is needed; null for never
   */
  public record Restore(boolean byHand, @Nullable Span ticketAfter) {

    public static final Restore AUTOMATIC = new Restore(false, null);
  }
}
