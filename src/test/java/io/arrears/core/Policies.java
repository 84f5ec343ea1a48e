package io.arrears.core;

import io.arrears.core.Policy.Grace;
import io.arrears.core.Policy.Grace.Anchor;
import io.arrears.core.Policy.Repossession;
import io.arrears.core.Policy.Repossession.Winner;
import io.arrears.core.Policy.Suspension;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;

/** Policies to test with: the numbers of the built-in {@code css}, and variations of them. */
final class Policies {

  static final Duration DAY = Duration.ofHours(24);
  static final Duration SIXTY_DAYS = Duration.ofDays(60);

  /** S1 to S10, read as the built-in policy reads them. */
  static final Policy CSS =
      new Policy(
          "css",
          1,
          new BillingCalendar(
              ZoneId.of("Asia/Shanghai"), LocalTime.of(8, 0), 1, LocalTime.of(8, 0)),
          new Grace(DAY, Anchor.NOTIFICATION_RECEIVED, DAY),
          new Suspension(Access.NEW_BLOCKED),
          new Repossession(SIXTY_DAYS, SIXTY_DAYS, Winner.EARLIER));

  private Policies() {}

  static Policy graceFrom(Anchor anchor) {
    return new Policy(
        "css", 1, CSS.billing(), new Grace(DAY, anchor, DAY), CSS.suspension(), CSS.repossession());
  }

  /** Null for a clock that does not run. */
  static Policy repossessed(Duration afterOverdue, Duration afterSuspension, Winner wins) {
    return new Policy(
        "css",
        1,
        CSS.billing(),
        CSS.grace(),
        CSS.suspension(),
        new Repossession(afterOverdue, afterSuspension, wins));
  }

  static Policy suspendedTo(Access access) {
    return new Policy(
        "vod", 3, CSS.billing(), CSS.grace(), new Suspension(access), CSS.repossession());
  }
}
