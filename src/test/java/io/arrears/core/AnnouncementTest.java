package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.CSS;
import static io.arrears.core.Policies.SHANGHAI;
import static io.arrears.core.Policies.exactly;
import static io.arrears.core.Policies.hours;
import static io.arrears.core.PolicyBuilder.css;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What customers are told, when, and what need not be told any more (S3). */
class AnnouncementTest {

  private static final QuietHours NIGHT = new QuietHours(LocalTime.of(22, 0), LocalTime.of(8, 0));

  @ParameterizedTest(name = "{0}: sent at {1}")
  @CsvSource({
    "2024-09-01T21:59:59, 2024-09-01T21:59:59",
    "2024-09-01T22:00:00, 2024-09-02T08:00:00",
    "2024-09-02T00:00:00, 2024-09-02T08:00:00",
    "2024-09-02T07:59:59, 2024-09-02T08:00:00",
    "2024-09-02T08:00:00, 2024-09-02T08:00:00",
  })
  void whatFallsIntoTheNightIsSentInTheMorning(String at, String sent) {
    assertEquals(
        Instant.parse(sent + "Z"), NIGHT.sendAt(Instant.parse(at + "Z"), ZoneId.of("UTC")));
  }

  @Test
  void aSiestaIsOverOnTheSameDay() {
    QuietHours siesta = new QuietHours(LocalTime.of(12, 0), LocalTime.of(14, 0));
    ZoneId utc = ZoneId.of("UTC");

    assertEquals(
        Instant.parse("2024-09-01T14:00:00Z"),
        siesta.sendAt(Instant.parse("2024-09-01T13:00:00Z"), utc));
    assertEquals(
        Instant.parse("2024-09-01T11:00:00Z"),
        siesta.sendAt(Instant.parse("2024-09-01T11:00:00Z"), utc));
  }

  @Test
  void quietHoursAreThoseOfTheCustomersDayWhenTheClocksChange() {
    ZoneId berlin = Policies.BERLIN;

    assertEquals(
        Instant.parse("2024-10-27T07:00:00Z"),
        NIGHT.sendAt(Instant.parse("2024-10-26T21:00:00Z"), berlin));
  }

  @Test
  void nobodyLosesGraceByQuietHours() {
    Instant late = MORNING.plus(Duration.ofHours(15)); // 23:00 in Shanghai
    Instant morning = MORNING.plus(Duration.ofDays(1));
    Policy quiet = css().quiet("22:00", "08:00").build();

    Customer customer = Customer.of(quiet).charged("5.00", late);

    Notice notice = customer.told(Notice.Rung.OVERDUE).get(0);
    assertEquals(late, notice.at());
    assertEquals(morning, notice.sendAt());
    assertEquals(morning, customer.state().arrears().notifiedAt());
    assertEquals("receipt-assumed 48h", customer.next("css"));
  }

  @Test
  void aPromisedReminderThatWaitsForTheMorningMovesItsDeadline() {
    Policy quiet =
        css()
            .grace(new Grace(hours(24), Grace.Anchor.OVERDUE, false, null))
            .reminders(new Reminder(Reminder.Deadline.SUSPENSION, true, hours(10), true))
            .quiet("22:00", "08:00")
            .build();
    Customer customer = Customer.owing(quiet);
    assertEquals("24h", customer.due(MORNING), "not at 22:00");
    customer.settled(hour(24));

    Notice reminder = customer.told(Notice.Rung.REMINDER).get(0);

    assertEquals(hour(24), reminder.sendAt(), "due at 22:00, sent at 08:00");
    assertEquals("grace-expired 34h", customer.next("css"));
    assertEquals(new Notice.Next(ServiceState.SUSPENDED, hour(34)), reminder.next());
  }

  @Test
  void theNextStepIsTheEarliestThatCanComeIfTheCustomerReadsItAtOnce() {
    Customer customer = Customer.owing(CSS).received(hour(5)).settled(hour(29));

    assertEquals(
        List.of(
            new Notice.Next(ServiceState.SUSPENDED, hour(24)),
            new Notice.Next(ServiceState.REPOSSESSED, hour(60 * 24))),
        customer.notices().stream().map(Notice::next).toList());
  }

  @Test
  void goodNewsHasNoNextStep() {
    Customer customer = Customer.owing(CSS).settled(hour(48)).pays("5.00", hour(49));

    assertNull(customer.told(Notice.Rung.RESTORED).get(0).next());
  }

  @Test
  void repossessedIsFollowedByTheClearing() {
    Policy kept = css().clearing(new Clearing(Policies.CATEGORIES, hours(24), hours(24))).build();

    Customer customer = Customer.owing(kept).settled(hour(60 * 24));

    assertEquals(
        new Notice.Next(ServiceState.CLEARED, hour(61 * 24)),
        customer.told(Notice.Rung.REPOSSESSED).get(0).next());
  }

  @Test
  void instantsAreReadInTheZoneOfTheProductWhereTheCustomerHasNone() {
    Customer customer = Customer.owing(CSS);

    assertEquals(SHANGHAI, customer.notices().get(0).zone());
  }

  @Test
  void aPaymentThatClearsWithdrawsWhatWasAnnounced() {
    Account account = Customer.owing(CSS).settled(hour(48)).read();

    account.post(Accounts.payment("5.00", hour(49)), List.of(), hour(49));

    assertEquals(
        List.of(
            new Notice.Withdrawal("acme", "", 0, 1), new Notice.Withdrawal("acme", "css", 0, 1)),
        account.withdrawals(hour(49)));
  }

  @Test
  void aPaymentThatDoesNotClearWithdrawsNothing() {
    Account account = Customer.owing(CSS).read();

    account.post(Accounts.payment("4.99", hour(1)), List.of(), hour(1));

    assertEquals(List.of(), account.withdrawals(hour(1)));
  }

  @Test
  void goodNewsIsNeverWithdrawn() {
    assertFalse(Notice.Rung.MOOT_ONCE_CLEARED.contains(Notice.Rung.RESTORED));
    assertFalse(Notice.Rung.MOOT_ONCE_CLEARED.contains(Notice.Rung.REPOSSESSED));
    assertFalse(Notice.Rung.MOOT_ONCE_CLEARED.contains(Notice.Rung.CLEARED));
  }

  @Test
  void aDeliveryIsLearntOnceAndTheFirstCounts() {
    Account account = Customer.owing(CSS).read();

    assertTrue(account.delivered(1, hour(2), hour(3), "channel"));
    assertFalse(account.delivered(1, hour(3), hour(4), "channel"));
    assertTrue(account.delivered(1, hour(1), hour(4), "channel"));
    assertFalse(account.delivered(2, hour(1), hour(4), "channel"), "there is no such episode");

    assertEquals(hour(1), account.arrears().deliveredAt());
  }

  @Test
  void anIdIsOfWhatIsToldAndOfNothingElse() {
    Notice notice = notice(Notice.Rung.REMINDER, "css", "4 hours before suspension", hour(1));

    assertEquals("ntf_", notice.id().substring(0, 4));
    assertEquals(36, notice.id().length());
    assertEquals(
        notice.id(),
        notice(Notice.Rung.REMINDER, "css", "4 hours before suspension", hour(2)).id());
    assertNotEquals(
        notice.id(),
        notice(Notice.Rung.REMINDER, "vod", "4 hours before suspension", hour(1)).id());
    assertNotEquals(notice.id(), notice(Notice.Rung.OVERDUE, "css", "", hour(1)).id());
  }

  private static Notice notice(Notice.Rung rung, String product, String detail, Instant at) {
    return new Notice("acme", 1, rung, product, detail, at, BigDecimal.ZERO, at, SHANGHAI, null);
  }

  @Test
  void theGraceRunsFromTheDeliveryWhereThePolicySaysSo() {
    Policy byDelivery =
        css()
            .grace(
                new Grace(
                    exactly(Policies.DAY),
                    Grace.Anchor.NOTIFICATION_RECEIVED,
                    false,
                    exactly(Policies.DAY),
                    true))
            .build();
    Customer customer = Customer.owing(byDelivery).delivered(hour(2));

    assertEquals(List.of("balance-below-limit 0s", "receipt-by-delivery 2h"), customer.moves());
    assertEquals("grace-expired 26h", customer.next("css"));
  }
}
