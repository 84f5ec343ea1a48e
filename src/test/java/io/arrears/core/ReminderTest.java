package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.amount;
import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.CATEGORIES;
import static io.arrears.core.Policies.CSS;
import static io.arrears.core.Policies.SHANGHAI;
import static io.arrears.core.Policies.days;
import static io.arrears.core.Policies.hours;
import static io.arrears.core.PolicyBuilder.css;
import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.GRACE;
import static io.arrears.core.ServiceState.REPOSSESSED;
import static io.arrears.core.ServiceState.SUSPENDED;
import static io.arrears.core.SuspensionReason.LEGAL;
import static io.arrears.core.SuspensionReason.MANUAL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.arrears.core.Reminder.Deadline;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What customers are told before and after deadlines, and what waits for it. */
class ReminderTest {

  private static Reminder before(Deadline of, Span by) {
    return new Reminder(of, true, by, false);
  }

  private static Reminder after(Deadline of, Span by) {
    return new Reminder(of, false, by, false);
  }

  private static Reminder promised(Deadline of, Span by) {
    return new Reminder(of, true, by, true);
  }

  private static Policy with(Reminder... reminders) {
    return css().reminders(reminders).build();
  }

  private static List<String> reminded(Customer customer) {
    return customer.told(Notice.Rung.REMINDER).stream()
        .map(notice -> notice.detail() + ": " + Customer.since(notice.at()))
        .toList();
  }

  @Test
  void itsNameSaysWhatItIs() {
    assertEquals("4 hours before suspension", before(Deadline.SUSPENSION, hours(4)).id());
    assertEquals("3 calendar days after overdue", after(Deadline.OVERDUE, days(3, SHANGHAI)).id());
  }

  @Test
  void aReminderBeforeTheSuspensionIsGivenOnceAndSaysWhatIsDue() {
    Customer customer =
        Customer.owing(with(before(Deadline.SUSPENSION, hours(4)))).received(hour(5));
    assertEquals("25h", customer.due(hour(5)));
    assertEquals(List.of(), reminded(customer.settled(hour(25).minusSeconds(1))));

    customer.settled(hour(25)).settled(hour(26));

    Notice notice =
        new Notice(
            "acme",
            1,
            Notice.Rung.REMINDER,
            "css",
            "4 hours before suspension",
            hour(25),
            amount("5.00"),
            hour(25),
            SHANGHAI,
            new Notice.Next(ServiceState.SUSPENDED, hour(29)));
    assertEquals(List.of(notice), customer.told(Notice.Rung.REMINDER));
    assertEquals("29h", customer.due(hour(26)));
  }

  @Test
  void aReminderMovesWithItsDeadline() {
    Customer customer = Customer.owing(with(before(Deadline.SUSPENSION, hours(4))));
    assertEquals("24h", customer.due(MORNING), "first the receipt is assumed");
    customer.settled(hour(24));
    assertEquals("44h", customer.due(hour(24)));

    customer.received(hour(30)).held("dispute", hour(31), hour(131));

    assertEquals("150h", customer.due(hour(31)), "54 h, held for 100 h, less 4 h");
  }

  @Test
  void noReminderIsGivenOfADeadlineThatIsNoLongerThere() {
    Customer customer =
        Customer.owing(with(before(Deadline.SUSPENSION, hours(4))))
            .received(hour(5))
            .pays("5.00", hour(24))
            .settled(day(3));

    assertEquals(List.of(), reminded(customer));
    assertEquals("never", customer.due(day(3)));
  }

  @Test
  void remindersAfterDeadlinesAreGivenWhereTheyAreStillTrue() {
    Customer customer =
        Customer.owing(
                with(
                    after(Deadline.OVERDUE, hours(1)),
                    after(Deadline.SUSPENSION, hours(2)),
                    after(Deadline.REPOSSESSION, hours(3)),
                    after(Deadline.CLEARING, hours(4))))
            .settled(hour(1))
            .settled(hour(50))
            .settled(day(60).plusSeconds(3 * 3600))
            .settled(day(60).plusSeconds(4 * 3600));

    assertEquals(
        List.of(
            "1 hour after overdue: 1h",
            "2 hours after suspension: 50h",
            "3 hours after repossession: 1443h",
            "4 hours after clearing: 1444h"),
        reminded(customer));
  }

  @Test
  void aReminderAfterADeadlineIsNotGivenEarlierAndNotWithoutIt() {
    Policy policy =
        with(after(Deadline.SUSPENSION, hours(2)), after(Deadline.REPOSSESSION, hours(3)));
    Customer customer = Customer.owing(policy).settled(hour(48));
    assertEquals("50h", customer.due(hour(48)));

    customer.settled(hour(50).minusSeconds(1)).pays("5.00", hour(50).minusSeconds(1));

    assertEquals(List.of(), reminded(customer.settled(day(100))));
  }

  @Test
  void anEpisodeOfItsOwnHasItsOwnReminders() {
    Customer customer =
        Customer.owing(with(after(Deadline.OVERDUE, hours(1))))
            .settled(hour(1))
            .pays("5.00", hour(2))
            .charged("5.00", day(5))
            .settled(day(5).plusSeconds(3600));

    assertEquals(
        List.of("1 hour after overdue: 1h", "1 hour after overdue: 121h"), reminded(customer));
    assertEquals(2, customer.told(Notice.Rung.REMINDER).get(1).episode());
  }

  @Test
  void anEpisodeUnderARestrictionHasItsOwnRemindersToo() {
    Customer customer =
        Customer.of(with(before(Deadline.SUSPENSION, hours(4))))
            .restricted(MANUAL, hour(-10))
            .charged("5.00", MORNING)
            .settled(hour(44))
            .pays("5.00", hour(45))
            .charged("5.00", day(5))
            .settled(day(5).plusSeconds(44 * 3600));

    assertEquals(
        List.of("4 hours before suspension: 44h", "4 hours before suspension: 164h"),
        reminded(customer));
  }

  @Test
  void anEpisodeAfterTheRepossessionHasItsOwnReminderOfTheErasure() {
    Policy policy =
        css()
            .clearing(new Clearing(CATEGORIES, hours(240), hours(24)))
            .reminders(promised(Deadline.CLEARING, hours(24)))
            .build();
    Customer customer = Customer.owing(policy).settled(day(60)).settled(day(69));
    assertEquals(1, reminded(customer).size());

    customer.pays("5.00", day(69)).charged("5.00", day(100)).settled(day(169));

    assertEquals("24 hours before clearing: 4056h", reminded(customer).get(1));
    assertEquals("clearing-started 4080h", customer.next("css"), "60 and 10 days once more");
  }

  @Test
  void aPromisedReminderThatCameInTimeChangesNoDeadline() {
    Customer customer =
        Customer.owing(with(promised(Deadline.SUSPENSION, hours(4))))
            .received(MORNING)
            .settled(hour(20));
    assertEquals("grace-expired 24h", customer.next("css"));

    assertEquals(SUSPENDED, customer.settled(hour(24)).stateOf("css"));
  }

  @Test
  void whatAPromisedReminderAnnouncesWaitsWhenItCameLate() {
    Customer customer =
        Customer.owing(with(promised(Deadline.SUSPENSION, hours(4)))).received(MORNING);

    customer.settled(hour(72));

    assertEquals(GRACE, customer.stateOf("css"));
    assertEquals(List.of("4 hours before suspension: 72h"), reminded(customer));
    assertEquals("grace-expired 76h", customer.next("css"));
    assertEquals(SUSPENDED, customer.settled(hour(76)).stateOf("css"));
    assertEquals("grace-expired 76h", customer.moves().get(2));
  }

  @Test
  void aReminderThatIsNotPromisedHoldsNothingUp() {
    Customer customer =
        Customer.owing(with(before(Deadline.SUSPENSION, hours(4)))).received(MORNING);

    customer.settled(hour(72));

    assertEquals("grace-expired 24h", customer.moves().get(2));
    assertEquals(List.of(), reminded(customer));
  }

  @Test
  void ofSeveralPromisesTheLongestCounts() {
    Customer customer =
        Customer.owing(
                with(
                    promised(Deadline.SUSPENSION, hours(12)),
                    promised(Deadline.SUSPENSION, hours(4))))
            .received(MORNING)
            .settled(hour(72));

    assertEquals("grace-expired 84h", customer.next("css"));
    assertEquals(
        List.of("12 hours before suspension: 72h", "4 hours before suspension: 80h"),
        reminded(customer.settled(hour(80))),
        "the second is about the deadline that the first has moved");
    assertEquals(SUSPENDED, customer.settled(hour(84)).stateOf("css"));
  }

  @Test
  void theTimeThatALateReminderStillPromisesStandsStillUnderAHold() {
    Customer customer =
        Customer.owing(with(promised(Deadline.SUSPENSION, hours(12))))
            .received(MORNING)
            .settled(hour(72))
            .held("dispute", hour(80), hour(180));

    assertEquals("grace-expired 184h", customer.next("css"));
  }

  @Test
  void repossessionAndErasureWaitForTheirPromisesOneAfterTheOther() {
    Customer customer =
        Customer.owing(
                with(
                    promised(Deadline.REPOSSESSION, days(7, SHANGHAI)),
                    promised(Deadline.CLEARING, hours(48))))
            .received(MORNING)
            .settled(hour(24))
            .settled(day(63));
    assertEquals(SUSPENDED, customer.stateOf("css"));
    assertEquals(
        List.of("7 calendar days before repossession: 1512h", "48 hours before clearing: 1632h"),
        List.of(reminded(customer).get(0), "48 hours before clearing: " + customer.due(day(63))));

    customer.settled(day(68)).settled(day(70));

    assertEquals(REPOSSESSED, customer.stateOf("css"));
    assertEquals(
        List.of("overdue-retention-expired 1680h", "clearing-started 1680h"),
        customer.moves().subList(3, 5));
  }

  @Test
  void aRepossessionThatLegalHeldUpIsAnnouncedBeforeItIsDone() {
    Customer customer =
        Customer.owing(with(promised(Deadline.REPOSSESSION, hours(72))))
            .settled(hour(48))
            .restricted(LEGAL, day(50))
            .settled(day(80))
            .lifted(LEGAL, day(81));

    assertEquals(List.of("72 hours before repossession: 1944h"), reminded(customer));
    assertEquals("overdue-retention-expired 2016h", customer.next("css"));
  }

  @Test
  void aReminderByTheCalendarIsGivenByTheCalendar() {
    Customer customer =
        Customer.owing(
            css()
                .grace(Policies.months(1, SHANGHAI), Grace.Anchor.OVERDUE)
                .reminders(before(Deadline.SUSPENSION, days(3, SHANGHAI)))
                .build());

    assertEquals("648h", customer.due(MORNING), "three days before the second of October");
  }

  @Test
  void theNewsOfAMoveAreToldOnlyWhereThePolicyTellsThem() {
    Customer customer =
        Customer.owing(css().notices(Notice.Rung.OVERDUE, Notice.Rung.REPOSSESSED).build())
            .settled(day(60))
            .reported("css", day(61), CATEGORIES.toArray(String[]::new));

    assertEquals(List.of("OVERDUE 0s", "REPOSSESSED 1440h"), customer.told());
  }

  @Test
  void allTheNewsAreToldOtherwise() {
    Customer customer =
        Customer.owing(CSS)
            .settled(day(60))
            .reported("css", day(61), CATEGORIES.toArray(String[]::new));

    assertEquals(
        List.of("OVERDUE 0s", "SUSPENDED 48h", "REPOSSESSED 1440h", "CLEARED 1464h"),
        customer.told());
  }

  @Test
  void aServiceThatNeverWasSuspendedIsNotSaidToBeRestored() {
    Customer customer = Customer.owing(CSS).pays("5.00", hour(1));

    assertEquals(ACTIVE, customer.stateOf("css"));
    assertEquals(List.of("OVERDUE 0s"), customer.told());
  }

  @Test
  void aReminderIsAChangeOfTheAccount() {
    Customer customer = Customer.owing(with(after(Deadline.OVERDUE, hours(1))));
    long before = customer.state().version();

    assertEquals(before + 1, customer.settled(hour(1)).state().version());
    assertEquals(before + 1, customer.settled(hour(2)).state().version());
  }

  @Test
  void nobodyIsRemindedOfArrearsWhoseResourcesAreGone() {
    Policy policy =
        with(after(Deadline.OVERDUE, hours(50)), after(Deadline.OVERDUE, hours(61 * 24)));
    Customer customer = Customer.owing(policy).settled(hour(50)).settled(day(62));

    assertEquals(List.of("50 hours after overdue: 50h"), reminded(customer));
  }
}
