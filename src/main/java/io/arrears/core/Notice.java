package io.arrears.core;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that the customer must be told, once (S3). What it says is settled when it is written:
 * however often and by whichever channel it is sent, it says the same.
 *
 * @param product that it is about; empty for the account as a whole
 * @param detail tells notices of one rung apart: which reminder, which promise
 * @param at the instant of what it tells
 * @param amountDue what would clear the arrears, zero or above
 * @param sendAt when it is to be sent: at once, or when quiet hours end
 * @param zone that the customer reads instants in; null if there is none but the server's
 * @param next what comes next if nobody pays, and when at the earliest; null if nothing does
 */
public record Notice(
    String accountId,
    long episode,
    Rung rung,
    String product,
    String detail,
    Instant at,
    BigDecimal amountDue,
    Instant sendAt,
    @Nullable ZoneId zone,
    @Nullable Next next) {

  private static final int ID_DIGITS = 32;

  /** What it is about. */
  public enum Rung {
    /** The account has become overdue. */
    OVERDUE,
    /** A deadline is near, or was passed for some time. */
    REMINDER,
    SUSPENDED,
    RESTORED,
    REPOSSESSED,
    CLEARED,
    /** The balance lasts for only so many more days. */
    RUNWAY,
    /** A promise to pay was not kept. */
    PROMISE_BROKEN;

    /** What nobody needs to hear any more once the arrears are cleared. */
    public static final Set<Rung> MOOT_ONCE_CLEARED =
        Set.copyOf(EnumSet.of(OVERDUE, REMINDER, SUSPENDED, RUNWAY, PROMISE_BROKEN));
  }

  /**
   * A step that a customer feels.
   *
   * @param state what becomes of the service: SUSPENDED, also for a stage of it, REPOSSESSED, or
   *     CLEARED from when on its data is erased
   */
  public record Next(ServiceState state, Instant at) {}

  /**
   * What is no longer to be sent: the arrears that it announces are cleared.
   *
   * @param product as in the notices; empty means those of the account as a whole
   * @param fromEpisode the first episode that it is about
   * @param toEpisode the last one
   */
  public record Withdrawal(String accountId, String product, long fromEpisode, long toEpisode) {}

  /**
   * The name of what is told, the same in every channel and at every repetition; two notices have
   * the same only if they are the same.
   */
  public String id() {
    // Only the last part may hold anything but the letters of ids and names.
    String content =
        String.join("\n", accountId, Long.toString(episode), rung.name(), product, detail);
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "ntf_" + HexFormat.of().formatHex(hash).substring(0, ID_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
