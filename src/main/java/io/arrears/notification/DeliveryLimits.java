package io.arrears.notification;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What sending is bounded by; {@code docs/operations.md} lists them. */
@ConfigMapping(prefix = "arrears.deliveries")
public interface DeliveryLimits {

  /** Notifications that one replica sends at a time, by each channel. */
  @WithDefault("64")
  int atATime();

  /** Of those, to one receiver of webhooks. */
  @WithDefault("4")
  int perReceiver();

  /** Mails at a time; the mail server is one receiver. */
  @WithDefault("8")
  int mailsAtATime();

  /** Notifications a second to one receiver of webhooks, by one replica. */
  @WithDefault("50")
  int perSecond();

  /** An attempt that takes longer has failed. */
  @WithDefault("10s")
  Duration timeout();

  /** Between the first attempt and the second; each pause after it is twice as long. */
  @WithDefault("5s")
  Duration firstPause();

  @WithDefault("6h")
  Duration longestPause();

  /** From the first attempt on; then it is parked. */
  @WithDefault("P3D")
  Duration giveUpAfter();

  /** So many failures in a row, and a receiver is left alone for a while. */
  @WithDefault("5")
  int failuresToBreak();

  /** For how long at first; twice as long each time that it is found broken still. */
  @WithDefault("30s")
  Duration breakFor();

  @WithDefault("10m")
  Duration longestBreak();
}
