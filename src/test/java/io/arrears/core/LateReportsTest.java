package io.arrears.core;

import static io.arrears.core.Accounts.DEADLINE;
import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.RECEIVED;
import static io.arrears.core.Accounts.account;
import static io.arrears.core.Accounts.charge;
import static io.arrears.core.Accounts.css;
import static io.arrears.core.Accounts.inGrace;
import static io.arrears.core.Accounts.moves;
import static io.arrears.core.Accounts.payment;
import static io.arrears.core.Accounts.suspended;
import static io.arrears.core.Policies.DAY;
import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.GRACE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What is reported late: a payment or a receipt counts from when it was, as far as it still can.
 */
class LateReportsTest {

  @Test
  void aPaymentRecordedLateCountsFromWhenItWasPaid() {
    Account account = inGrace();
    Instant paid = DEADLINE.minusSeconds(1);
    Instant recorded = DEADLINE.plus(Duration.ofHours(3));

    LedgerEntry entry = account.post(payment("5.00", paid), List.of(), recorded);

    assertEquals(paid, entry.at());
    assertEquals(recorded, entry.recordedAt());
    assertEquals(List.of("arrears-cleared " + paid), moves(account));
    assertEquals(recorded, account.transitions().get(0).recordedAt());
  }

  @Test
  void aPaymentRecordedLateAfterTheSuspensionRestoresNowAndNotInThePast() {
    Account account = suspended();
    Instant recorded = DEADLINE.plus(Duration.ofHours(3));

    account.post(payment("5.00", DEADLINE.minusSeconds(1)), List.of(), recorded);

    assertEquals(List.of("arrears-cleared " + recorded), moves(account));
    assertEquals(recorded, account.state().clearedAt());
  }

  @Test
  void aPartPaymentRecordedLateDoesNotHoldUpWhatFellDueSince() {
    Account account = inGrace();

    account.post(payment("1.00", DEADLINE.minusSeconds(1)), List.of(), DEADLINE.plusSeconds(1));

    assertEquals(List.of("grace-expired " + DEADLINE), moves(account));
  }

  @Test
  void aPaymentDatedInTheFutureCountsFromNow() {
    Account account = inGrace();

    LedgerEntry entry = account.post(payment("5.00", DEADLINE.plus(DAY)), List.of(), RECEIVED);

    assertEquals(RECEIVED, entry.at());
    assertEquals(ACTIVE, css(account));
  }

  @Test
  void aReceiptReportedLateStartsTheGraceWhenItWasReceived() {
    Account account = account("0", "0");
    account.post(charge("-1.00", MORNING), List.of(), MORNING);
    Instant reported = RECEIVED.plus(Duration.ofHours(2));

    account.received(1, RECEIVED, reported, "customer");

    assertEquals(
        List.of("balance-below-limit " + MORNING, "receipt-confirmed " + RECEIVED), moves(account));
    assertEquals(DEADLINE, account.dueAt(reported));
  }

  @Test
  void aReceiptConfirmedAfterItWasAssumedMovesTheDeadline() {
    Account account = account("0", "0");
    account.post(charge("-1.00", MORNING), List.of(), MORNING);
    Instant assumed = MORNING.plus(DAY);
    account.settle(assumed, "job");
    Instant late = assumed.plus(Duration.ofHours(6));

    account.received(1, late, late, "customer");

    assertEquals(GRACE, css(account));
    assertEquals(late.plus(DAY), account.dueAt(late));
  }

  @Test
  void aReceiptThatIsReportedAfterItWasAssumedComesAfterTheAssumption() {
    Account account = account("0", "0");
    account.post(charge("-1.00", MORNING), List.of(), MORNING);
    Instant late = MORNING.plus(DAY).plusSeconds(3600);

    account.received(1, late, late.plusSeconds(60), "customer");

    assertEquals(
        List.of("balance-below-limit " + MORNING, "receipt-assumed " + MORNING.plus(DAY)),
        moves(account));
    assertEquals(late.plus(DAY), account.dueAt(late.plusSeconds(60)));
  }
}
