package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.CATEGORIES;
import static io.arrears.core.Policies.CSS;
import static io.arrears.core.Policies.hours;
import static io.arrears.core.PolicyBuilder.css;
import static io.arrears.core.SuspensionReason.LEGAL;
import static io.arrears.core.SuspensionReason.MANUAL;
import static io.arrears.core.SuspensionReason.VIOLATION;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the help desk reads about a move: the facts that its rule saw, in a sentence. */
class ExplanationsTest {

  private static List<String> told(Customer customer) {
    return customer.transitions().stream().map(Transition::explanation).toList();
  }

  private static String last(Customer customer) {
    List<String> all = told(customer);
    return all.get(all.size() - 1);
  }

  @Test
  void ofTheCourseOfArrears() {
    Customer customer = Customer.owing(CSS).settled(day(60));

    assertEquals(
        List.of(
            "The balance of -5.00 CNY is below the limit of 0.00 CNY since 2024-09-02T00:00:00Z.",
            "Nobody confirmed the notification of 2024-09-02T00:00:00Z for 24 hours, so it counts"
                + " as received; the grace period lasts 24 hours.",
            "The grace period of 24 hours is over and the balance is still -5.00 CNY, overdue since"
                + " 2024-09-02T00:00:00Z.",
            "Overdue since 2024-09-02T00:00:00Z, longer than the 1440 hours for which resources are"
                + " kept; the balance is -5.00 CNY.",
            "The product is told to erase data and records, category by category."),
        told(customer));
  }

  @Test
  void ofAReceiptAndOfAnotherAnchor() {
    assertEquals(
        "The notification was received at 2024-09-02T05:00:00Z; the grace period lasts 24 hours"
            + " from then.",
        last(Customer.owing(CSS).received(hour(5))));
    assertEquals(
        "The grace period of 24 hours runs from 2024-09-02T00:00:00Z, whether or not the"
            + " notification was received.",
        last(Customer.owing(Policies.graceFrom(Grace.Anchor.DEDUCTION))));
  }

  @Test
  void ofAPaymentThatClears() {
    assertEquals(
        "The balance of 1.00 CNY is not below the limit of 0.00 CNY any more since"
            + " 2024-09-02T01:00:00Z.",
        last(Customer.owing(CSS).pays("6.00", hour(1))));
  }

  @Test
  void ofAPaymentOfTheBillsThatWerePastDue() {
    Policy policy = css().overdue(Policies.byBills(Span.NONE, 1, "0")).build();
    Customer customer =
        Customer.onCredit(policy)
            .billed("august", "5.00", MORNING, day(15))
            .billed("september", "7.00", day(1), day(40))
            .settled(day(15))
            .pays("5.00", day(15).plusSeconds(60));

    assertEquals(
        List.of(
            "Bills are past due since 2024-09-17T00:00:00Z, for as long as the policy waits.",
            "What made it overdue does not hold any more since 2024-09-17T00:01:00Z; the balance"
                + " is -7.00 CNY."),
        told(customer));
  }

  @Test
  void ofStagesAndTheOtherClock() {
    Stage stage =
        new Stage(
            "stopped",
            hours(24),
            Stage.Anchor.SUSPENSION,
            Access.BLOCKED,
            Suspension.Billed.NONE,
            Map.of());
    Policy policy =
        css().stages(stage).repossession(null, hours(48), Repossession.Winner.EARLIER).build();
    Customer customer = Customer.owing(policy).settled(day(4));

    assertEquals(
        List.of(
            "Suspended since 2024-09-04T00:00:00Z and overdue since 2024-09-02T00:00:00Z, long"
                + " enough for the policy's next stage.",
            "Suspended for longer than the 48 hours for which resources are kept; the balance is"
                + " -5.00 CNY."),
        told(customer).subList(3, 5));
  }

  @Test
  void ofWhatPeopleDecide() {
    Customer customer =
        Customer.of(CSS)
            .restricted(LEGAL, hour(1))
            .lifted(LEGAL, hour(2))
            .restricted(MANUAL, hour(3))
            .restricted(VIOLATION, hour(4))
            .settled(day(61));

    assertEquals(
        List.of(
            "An operator restricted it: LEGAL.",
            "An operator lifted the reason LEGAL.",
            "An operator restricted it: MANUAL.",
            "The account broke the terms; nothing leads back.",
            "Banned since 2024-09-02T04:00:00Z, longer than the 1440 hours for which resources are"
                + " kept."),
        told(customer).subList(0, 5));
  }

  @Test
  void ofAFarewellAndAReturn() {
    Customer customer =
        Customer.of(CSS)
            .deactivated("css", day(1))
            .paidUp("css", day(2))
            .reported("css", day(3), CATEGORIES.toArray(String[]::new))
            .reopened("css", day(4));

    assertEquals(
        List.of(
            "The customer asked to leave, and a second person approved.",
            "The product is told to erase data and records, category by category.",
            "The product has reported every category as erased.",
            "The service starts afresh, with nothing of the old one."),
        told(customer));
  }
}
