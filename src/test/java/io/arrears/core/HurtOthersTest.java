package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.amount;
import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.CATEGORIES;
import static io.arrears.core.Policies.CSS;
import static io.arrears.core.Policies.hours;
import static io.arrears.core.PolicyBuilder.css;
import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.BANNED;
import static io.arrears.core.ServiceState.GRACE;
import static io.arrears.core.ServiceState.REPOSSESSED;
import static io.arrears.core.ServiceState.SUSPENDED;
import static io.arrears.core.SuspensionReason.LEGAL;
import static io.arrears.core.SuspensionReason.VIOLATION;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Scenarios that hurt others: what went wrong in systems like this one, each with its source. What
 * is told here of a source is what its thread describes.
 */
class HurtOthersTest {

  /** A warning after three days past due, blocked after seven, gone after eleven. */
  private static final Policy WARNED_BLOCKED_CANCELLED =
      css()
          .overdue(Policies.byBills(hours(3 * 24), 1, "0"))
          .grace(hours(4 * 24), Grace.Anchor.OVERDUE)
          .repossession(hours(8 * 24), null, Repossession.Winner.EARLIER)
          .build();

  private static Customer threeDebts() {
    return Customer.onCredit(WARNED_BLOCKED_CANCELLED)
        .billed("first", "10.00", MORNING, day(0))
        .billed("second", "10.00", day(1), day(1))
        .billed("third", "10.00", day(5), day(5));
  }

  /**
   * https://github.com/killbill/killbill/issues/2297: paying the older invoices moves the date of
   * the earliest unpaid one, the pending check is not anchored anew, and the account goes from
   * clear to blocked without a warning.
   */
  @Test
  void killBill2297PayingTheTwoOldestOfThreeDebtsSkipsNoStage() {
    Customer customer = threeDebts().settled(day(6)).pays("20.00", day(6));
    assertEquals(ACTIVE, customer.stateOf("css"), "the third is not past due for three days");
    assertEquals("192h", customer.due(day(6)), "when it is");

    customer.settled(day(30));

    assertEquals(
        List.of(
            "bills-past-due 72h",
            "grace-started 72h",
            "arrears-cleared 144h",
            "bills-past-due 192h",
            "grace-started 192h"),
        customer.moves());
    assertEquals(List.of("OVERDUE 72h", "OVERDUE 192h"), customer.told());
    assertEquals(
        "grace-expired 816h",
        customer.next("css"),
        "four days after the news, although nobody looked for three weeks");
  }

  /** The same with somebody who looks in time, as the configuration of that issue describes it. */
  @Test
  void killBill2297EachStageComesAtItsTimeCountedFromTheDebtThatIsLeft() {
    Customer customer = threeDebts().settled(day(6)).pays("20.00", day(6));
    for (int days = 7; days <= 16; days++) {
      customer.settled(day(days));
    }

    assertEquals(
        List.of(
            "bills-past-due 192h",
            "grace-started 192h",
            "grace-expired 288h",
            "overdue-retention-expired 384h"),
        customer.moves().subList(3, 7));
  }

  @Test
  void killBill2297PayingTheTwoOldestWhileTheThirdIsPastDueTooChangesNothing() {
    Customer paid = threeDebts().settled(day(9)).pays("20.00", day(9)).settled(day(11));
    Customer unpaid = threeDebts().settled(day(9)).settled(day(11));

    assertEquals(unpaid.moves(), paid.moves());
    assertEquals(REPOSSESSED, paid.stateOf("css"));
  }

  /**
   * https://github.com/labring/sealos/issues/7086: entering debt erased the gap between what was
   * used and what was paid, so that an account that owed 500 recovered with 10.
   */
  @Test
  void sealos7086OwingFiveHundredAndToppingUpTenResumesNothing() {
    Customer customer =
        Customer.of(CSS).charged("500.00", MORNING).settled(day(3)).pays("10.00", day(3));

    assertEquals(SUSPENDED, customer.stateOf("css"));
    assertEquals(amount("-490.00"), customer.state().balance());
    assertEquals(amount("490.00"), customer.read().amountDue(hour(1)));
    assertEquals("overdue-retention-expired 1440h", customer.next("css"), "as before");

    customer.pays("489.99", day(4));
    assertEquals(SUSPENDED, customer.stateOf("css"));
    assertEquals(ACTIVE, customer.pays("0.01", day(5)).stateOf("css"));
  }

  /**
   * https://github.com/labring/sealos/pull/7230: a recharge raced with the deletion of a namespace;
   * a stale replay went on with an earlier debt state. Here the sweep has read what is due and the
   * payment is first under the account's lock: what was decided before is decided again.
   */
  @Test
  void sealos7230ARechargeBetweenTheDecisionToRepossessAndTheActSavesTheService() {
    Customer customer = Customer.owing(CSS).settled(day(59));
    Account stale = customer.read();
    assertEquals("overdue-retention-expired 1440h", customer.next("css"));

    customer.pays("5.00", day(60).minusSeconds(1)).settled(day(60));

    assertEquals(ACTIVE, customer.stateOf("css"));
    stale.settle(day(60), "job");
    Transition decidedBefore = stale.transitions().get(0);
    assertEquals(REPOSSESSED, decidedBefore.to());
    assertFalse(
        decidedBefore.follows(customer.state().transitionSequence(), customer.state().chainHash()),
        "what was decided on stale facts does not fit what has happened since");
  }

  /** The same as above where the recharge was recorded only after the deadline. */
  @Test
  void sealos7230ARechargeMadeInTimeAndRecordedLateSavesTheService() {
    Customer customer = Customer.owing(CSS).settled(day(59));

    customer.pays("5.00", day(60).minusSeconds(1), day(61));

    assertEquals(ACTIVE, customer.stateOf("css"));
    assertEquals("arrears-cleared 1439h59m59s", customer.moves().get(3));
  }

  /**
   * As above, and the deletion was asked for already: the product is told otherwise with a newer
   * generation, so that a stale command cannot undo the newer one.
   */
  @Test
  void sealos7230AnErasureThatWasAskedForIsWithdrawnWithANewerGeneration() {
    Customer customer = Customer.owing(CSS).settled(day(60));
    Service told = customer.service("css");
    assertEquals(CATEGORIES, told.desired().clear());

    customer.pays("5.00", day(60).plusSeconds(1));

    Service withdrawn = customer.service("css");
    assertEquals(new Desired(Access.RELEASED, Map.of(), List.of()), withdrawn.desired());
    assertEquals(told.generation() + 1, withdrawn.generation());
    assertEquals("clearing-withdrawn 1440h1s", customer.moves().get(5));

    customer.reported("css", withdrawn.generation(), day(61));
    customer.reported("css", told.generation(), day(62), CATEGORIES.toArray(String[]::new));
    assertEquals(REPOSSESSED, customer.stateOf("css"), "and the stale report counts for nothing");
    assertEquals(Map.of(), customer.service("css").erased());
  }

  /**
   * Storj keeps freezes apart by their cause, for billing, for violations and for legal reasons,
   * because a payment must end only the first (its blueprint "Automatic Account
   * Freezing/Unfreezing" and what release 1.91 added to it, github.com/storj/storj/issues/6457).
   */
  @Test
  void storjPayingLiftsNoLegalFreeze() {
    Customer customer =
        Customer.owing(CSS).settled(day(2)).restricted(LEGAL, day(3)).pays("500.00", day(4));

    assertEquals(SUSPENDED, customer.stateOf("css"));
    assertEquals(Set.of(LEGAL), customer.service("css").standing().reasons());
    assertEquals(Access.NEW_BLOCKED, customer.desired("css").access());
    assertEquals(List.of(), customer.told(Notice.Rung.RESTORED));
  }

  /** As above. */
  @Test
  void storjPayingLiftsNoViolationFreeze() {
    Customer customer =
        Customer.owing(CSS).settled(day(2)).restricted(VIOLATION, day(3)).pays("500.00", day(4));

    assertEquals(BANNED, customer.stateOf("css"));
    assertEquals(Access.BLOCKED, customer.desired("css").access());
    assertEquals(List.of(), customer.told(Notice.Rung.RESTORED));
  }

  /** The notes for arrears processing, S3 and S4, and every scheduler that was ever down. */
  @Test
  void aSweepThatComesThreeDaysLateTakesTheStepsInOrderEachAtItsOwnInstant() {
    Customer customer = Customer.owing(CSS).settled(day(3));

    assertEquals(
        List.of("balance-below-limit 0s", "receipt-assumed 24h", "grace-expired 48h"),
        customer.moves());
    assertEquals(day(3), customer.transitions().get(2).recordedAt());
    assertEquals(day(2), customer.transitions().get(2).at());
  }

  /** The same where the policy promises a reminder: the suspension waits until it was given. */
  @Test
  void aSweepThatComesThreeDaysLateGivesTheReminderThatThePolicyPromises() {
    Policy promising =
        css().reminders(new Reminder(Reminder.Deadline.SUSPENSION, true, hours(4), true)).build();
    Customer customer = Customer.owing(promising).received(MORNING);

    customer.settled(day(4));

    assertEquals(GRACE, customer.stateOf("css"));
    assertEquals(List.of("OVERDUE 0s", "REMINDER 96h"), customer.told());
    customer.settled(hour(100).minusSeconds(1));
    assertEquals(GRACE, customer.stateOf("css"));
    customer.settled(hour(100));
    assertEquals("grace-expired 100h", customer.moves().get(2), "four hours after the reminder");
  }

  /** The same where nobody saw for three days that bills were past due. */
  @Test
  void aSweepThatFindsBillsPastDueThreeDaysLateGivesTheWholeGraceFromTheNews() {
    Policy policy =
        css()
            .overdue(Policies.byBills(Span.NONE, 1, "0"))
            .grace(hours(24), Grace.Anchor.OVERDUE)
            .build();
    Customer customer = Customer.onCredit(policy).billed("august", "5.00", MORNING, day(15));

    customer.settled(day(18));

    assertEquals(List.of("bills-past-due 360h", "grace-started 360h"), customer.moves());
    assertEquals(day(18), customer.service("css").arrears().notifiedAt());
    assertEquals(GRACE, customer.settled(day(19).minusSeconds(1)).stateOf("css"));
    assertEquals(SUSPENDED, customer.settled(day(19)).stateOf("css"));
  }
}
