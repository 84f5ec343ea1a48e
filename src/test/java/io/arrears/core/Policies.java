package io.arrears.core;

import static io.arrears.core.PolicyBuilder.css;

import io.arrears.core.Grace.Anchor;
import io.arrears.core.Repossession.Winner;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Policies to test with: the numbers of the built-in {@code css}, and variations of them. */
final class Policies {

  static final Duration DAY = Duration.ofHours(24);
  static final Duration SIXTY_DAYS = Duration.ofDays(60);
  static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
  static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** What S10 names. */
  static final List<String> CATEGORIES =
      List.of("client-authorizations", "configurations", "service-logs");

  /** S1 to S10, read as the built-in policy reads them, but for the features. */
  static final Policy CSS =
      new Policy(
          "css",
          1,
          new BillingCalendar(SHANGHAI, LocalTime.of(8, 0), 1, LocalTime.of(8, 0)),
          new Policy.Bills(null, null),
          Overdue.BELOW_LIMIT,
          new Grace(exactly(DAY), Anchor.NOTIFICATION_RECEIVED, false, exactly(DAY)),
          new Suspension(Access.NEW_BLOCKED, Suspension.Billed.ALL, Suspension.Restore.AUTOMATIC),
          List.of(),
          new Repossession(exactly(SIXTY_DAYS), exactly(SIXTY_DAYS), Winner.EARLIER),
          new Clearing(CATEGORIES, Span.NONE, exactly(DAY)),
          new Violation(exactly(SIXTY_DAYS), Span.NONE, List.of()),
          List.of(),
          EnumSet.allOf(Notice.Rung.class),
          List.of(),
          null,
          null,
          exactly(Duration.ofMinutes(10)));

  private Policies() {}

  static Span exactly(Duration length) {
    return Span.exactly(length);
  }

  static Span hours(long hours) {
    return Span.exactly(Duration.ofHours(hours));
  }

  static Span months(int months, ZoneId zone) {
    return Span.calendar(Period.ofMonths(months), zone);
  }

  static Span days(int days, ZoneId zone) {
    return Span.calendar(Period.ofDays(days), zone);
  }

  static Policy graceFrom(Anchor anchor) {
    return css().grace(exactly(DAY), anchor).build();
  }

  /** Null for a clock that does not run. */
  static Policy repossessed(
      @Nullable Duration afterOverdue, @Nullable Duration afterSuspension, Winner wins) {
    return css()
        .repossession(
            afterOverdue == null ? null : exactly(afterOverdue),
            afterSuspension == null ? null : exactly(afterSuspension),
            wins)
        .build();
  }

  static Policy suspendedTo(Access access) {
    return css()
        .product("vod")
        .version(3)
        .suspension(new Suspension(access, Suspension.Billed.ALL, Suspension.Restore.AUTOMATIC))
        .build();
  }

  /** Overdue by bills alone: as soon as so many are past due, the oldest for so long. */
  static Overdue byBills(Span pastDue, int count, String amount) {
    return new Overdue(null, bills(pastDue, count, amount), false, false);
  }

  static Overdue.UnpaidBills bills(Span pastDue, int count, String amount) {
    return new Overdue.UnpaidBills(pastDue, count, new BigDecimal(amount));
  }
}
