package io.arrears.policy;

import static io.arrears.policy.RealProduct.INSTANT;
import static io.arrears.policy.RealProduct.OVERDUE;
import static io.arrears.policy.RealProduct.READ_AFTER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.core.Access;
import io.arrears.core.Account;
import io.arrears.core.Circumstances;
import io.arrears.core.LedgerEntry;
import io.arrears.core.Notice;
import io.arrears.core.Policy;
import io.arrears.core.PolicyHistory;
import io.arrears.core.PrepaidPackage;
import io.arrears.core.Service;
import io.arrears.core.ServiceState;
import io.arrears.core.Spending;
import io.arrears.core.Step;
import io.arrears.core.Suspension;
import io.arrears.core.SuspensionReason;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every built-in document walks its whole timeline against its row of {@code real-products.tsv},
 * which holds what the product's public document says.
 */
class RealProductsTest {

  private static final Currency CNY = Currency.getInstance("CNY");
  private static final Instant OPENED = Instant.parse("2024-08-01T00:00:00Z");

  static Stream<RealProduct> rows() throws IOException {
    return RealProduct.all();
  }

  private static PolicyHistory history(String product) {
    return new PolicyHistory(
        List.of(
            PolicyReader.read(BuiltInPolicies.document(product)).version(1, Instant.EPOCH, false)));
  }

  private static Policy policy(String product) {
    return history(product).at(OPENED).standard();
  }

  private static Account account(String product, Instant opened, List<PrepaidPackage> packages) {
    return new Account(
        new Account.State(
            "acme",
            CNY,
            "",
            "",
            null,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            BigDecimal.ZERO,
            0,
            0,
            new byte[0],
            0,
            null,
            null,
            null,
            false,
            1),
        List.of(Service.opened(product, opened)),
        new Circumstances(List.of(), List.of(), List.of(), packages, List.of()),
        RealProductsTest::history);
  }

  /** Overdue by a bill, and told so in the same instant. */
  private static Account overdue(String product) {
    Account account = account(product, OPENED, List.of());
    post(account, LedgerEntry.Kind.CHARGE, "-15.00", OVERDUE);
    return account;
  }

  private static void post(Account account, LedgerEntry.Kind kind, String amount, Instant at) {
    account.post(
        new LedgerEntry.Draft(
            kind, new BigDecimal(amount), at, amount + at, "", "tester", "other", null),
        List.of(),
        at);
  }

  private static ServiceState state(Account account, String product) {
    return account.services().get(product).state();
  }

  private static Account suspended(RealProduct row) {
    Account account = overdue(row.id());
    if (row.fromReceipt()) {
      Instant read = OVERDUE.plus(READ_AFTER);
      account.received(1, read, read, "customer");
    }
    account.settle(row.graceOver(), "sweep");
    return account;
  }

  @Test
  void everyRowHasADocumentAndEveryDocumentARow() throws IOException {
    assertEquals(
        BuiltInPolicies.products().stream().sorted().toList(),
        rows().map(RealProduct::id).sorted().toList());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theGraceIsAsLongAsTheRowSaysAndFromItsAnchor(RealProduct row) {
    Account account = overdue(row.id());
    if (row.fromReceipt()) {
      account.settle(OVERDUE.plus(READ_AFTER).minus(INSTANT), "sweep");
      assertEquals(ServiceState.OVERDUE, state(account, row.id()));
      Instant read = OVERDUE.plus(READ_AFTER);
      account.received(1, read, read, "customer");
    }
    if (row.graceOver().isAfter(OVERDUE)) {
      account.settle(row.graceOver().minus(INSTANT), "sweep");
      assertEquals(ServiceState.GRACE, state(account, row.id()));
      assertEquals(Access.ALLOWED, account.services().get(row.id()).access());
    }
    account.settle(row.graceOver(), "sweep");
    ServiceState expected =
        row.destroyedAtOnce() ? ServiceState.REPOSSESSED : ServiceState.SUSPENDED;
    assertEquals(expected, state(account, row.id()));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aPaymentInTheLastInstantOfTheGraceLosesNothing(RealProduct row) {
    Account account = overdue(row.id());
    if (row.fromReceipt()) {
      Instant read = OVERDUE.plus(READ_AFTER);
      account.received(1, read, read, "customer");
    }
    Instant last = row.graceOver().minus(INSTANT);
    if (last.isBefore(OVERDUE)) {
      return; // There is no grace: the row says 0 hours.
    }
    post(account, LedgerEntry.Kind.PAYMENT, "15.00", last);
    account.settle(OVERDUE.plus(Duration.ofDays(400)), "sweep");
    assertEquals(ServiceState.ACTIVE, state(account, row.id()));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void resourcesAreTakenBackWhenTheRowSaysAndNotBefore(RealProduct row) {
    Account account = suspended(row);
    Instant takenBack = row.takenBack();
    if (takenBack == null) {
      account.settle(OVERDUE.plus(Duration.ofDays(3650)), "sweep");
      assertEquals(ServiceState.SUSPENDED, state(account, row.id()), "the row names no end");
      return;
    }
    if (!row.destroyedAtOnce()) {
      account.settle(takenBack.minus(INSTANT), "sweep");
      assertEquals(ServiceState.SUSPENDED, state(account, row.id()));
    }
    account.settle(takenBack, "sweep");
    assertEquals(ServiceState.REPOSSESSED, state(account, row.id()));
    assertEquals(Access.RELEASED, account.services().get(row.id()).access());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatWasTakenBackIsErasedCategoryByCategoryUntilReported(RealProduct row) {
    if (row.takenBack() == null) {
      return; // Nothing is taken back.
    }
    Account account = suspended(row);
    Instant later = row.takenBack().plus(Duration.ofDays(400));
    account.settle(later, "sweep");
    List<String> categories = policy(row.id()).clearing().categories();
    assertEquals(categories, account.services().get(row.id()).desired().clear());
    for (String category : categories) {
      assertEquals(ServiceState.REPOSSESSED, state(account, row.id()));
      long told = account.services().get(row.id()).generation();
      account.report(row.id(), told, List.of(category), later, row.id());
    }
    assertEquals(ServiceState.CLEARED, state(account, row.id()));
    assertEquals(Access.ERASED, account.services().get(row.id()).access());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aTopUpBringsItBackTheWayTheRowSays(RealProduct row) {
    Account account = suspended(row);
    Instant soon = row.graceOver().plus(Duration.ofMinutes(59));
    post(account, LedgerEntry.Kind.PAYMENT, "15.00", soon);
    Service service = account.services().get(row.id());
    switch (row.restoredBy()) {
      case "manual start" -> {
        assertEquals(ServiceState.SUSPENDED, service.state());
        assertEquals(List.of(SuspensionReason.AWAITING_START), reasons(service));
        account.start(row.id(), soon.plusSeconds(60), "customer");
        assertEquals(ServiceState.ACTIVE, state(account, row.id()));
      }
      case "none - destroyed" -> assertEquals(ServiceState.REPOSSESSED, service.state());
      case "top-up", "auto", "balance>=0", "service reactivated; ticket if >1 h" ->
          assertEquals(ServiceState.ACTIVE, service.state());
      default -> throw new IllegalStateException(row.restoredBy());
    }
  }

  private static List<SuspensionReason> reasons(Service service) {
    return List.copyOf(service.standing().reasons());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatGoesOnCostingWhileStoppedIsWhatTheRowSays(RealProduct row) {
    Suspension suspension = Objects.requireNonNull(policy(row.id()).suspension());
    Suspension.Billed billed = suspension.billed();
    if (row.billed().startsWith("yes") || row.billed().startsWith("ongoing")) {
      assertTrue(billed.all() || !billed.skus().isEmpty(), "something is billed");
    } else if (row.billed().equals("no")) {
      assertEquals(Suspension.Billed.NONE, billed);
    } else if (row.billed().startsWith("environments")) {
      assertEquals(List.of("*environment*"), billed.skus());
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theScheduleThatIsPromisedIsTheTimelineOfTheRow(RealProduct row) {
    Account account = overdue(row.id());
    if (row.fromReceipt()) {
      Instant read = OVERDUE.plus(READ_AFTER);
      account.received(1, read, read, "customer");
    }
    Map<ServiceState, Instant> reached =
        account.schedule(row.id(), OVERDUE).stream()
            .filter(step -> step.to() != ServiceState.OVERDUE)
            .collect(Collectors.toMap(Step::to, Step::at, (first, again) -> first));
    assertEquals(row.takenBack(), reached.get(ServiceState.REPOSSESSED));
    if (row.graceOver().isAfter(OVERDUE)) {
      assertEquals(row.graceOver(), reached.get(ServiceState.SUSPENDED));
    }
  }

  @Test
  void liveStreamsInProgressAreNotCut() {
    assertEquals(Access.NEW_BLOCKED, policy("css").suspension().access());
    assertEquals(Access.NEW_BLOCKED, policy("trtc").suspension().access());
    assertEquals(Access.NEW_BLOCKED, policy("mps").suspension().access());
  }

  @Test
  void vodTakesATicketWhenItWasSuspendedForMoreThanAnHour() {
    Account account = overdue("vod");
    Instant suspended = OVERDUE.plus(Duration.ofHours(24));
    Instant late = suspended.plus(Duration.ofHours(1));
    post(account, LedgerEntry.Kind.PAYMENT, "15.00", late);
    assertEquals(List.of(SuspensionReason.AWAITING_START), reasons(account.services().get("vod")));
    assertTrue(account.ticketNeeded("vod", late));
  }

  @Test
  void cdnKeepsTwentyFourHoursForServicesOpenedBeforeTheChange() {
    Instant change = Instant.parse("2022-07-10T16:00:00Z"); // Midnight in Shanghai.
    assertEquals(Duration.ofHours(24), cdnGrace(change.minus(INSTANT)));
    assertEquals(Duration.ofHours(2), cdnGrace(change));
  }

  private static Duration cdnGrace(Instant opened) {
    Account account = account("cdn", opened, List.of());
    post(account, LedgerEntry.Kind.CHARGE, "-15.00", OVERDUE);
    Step next = Objects.requireNonNull(account.next("cdn", OVERDUE));
    assertEquals(ServiceState.SUSPENDED, next.to());
    return Duration.between(OVERDUE, next.at());
  }

  @Test
  void cdnIsNotOverdueWhileATrafficPackLasts() {
    Instant expires = OVERDUE.plus(Duration.ofDays(3));
    Account account =
        account(
            "cdn",
            OPENED,
            List.of(new PrepaidPackage("pack", "cdn", new BigDecimal("100"), expires)));
    post(account, LedgerEntry.Kind.CHARGE, "-15.00", OVERDUE);
    account.settle(expires.minus(INSTANT), "sweep");
    assertEquals(ServiceState.ACTIVE, state(account, "cdn"));
    account.settle(expires, "sweep");
    assertFalse(state(account, "cdn") == ServiceState.ACTIVE);
    account.settle(expires.plus(Duration.ofHours(2)), "sweep");
    assertEquals(ServiceState.SUSPENDED, state(account, "cdn"));
  }

  @Test
  void clbAlertsWhenTheBalanceLastsForFiveDaysOrLess() {
    Account account = account("clb", OPENED, List.of());
    post(account, LedgerEntry.Kind.PAYMENT, "61.00", OPENED);
    Instant tenthBill = OVERDUE;
    post(account, LedgerEntry.Kind.CHARGE, "-10.00", tenthBill);
    Spending before = new Spending(BigDecimal.ZERO, null);
    account.alertRunway(before, tenthBill);
    assertTrue(rungs(account).stream().noneMatch(Notice.Rung.RUNWAY::equals), "5.1 days are left");
    post(account, LedgerEntry.Kind.CHARGE, "-10.00", tenthBill.plus(Duration.ofDays(1)));
    account.alertRunway(
        new Spending(BigDecimal.ZERO, tenthBill), tenthBill.plus(Duration.ofDays(1)));
    assertTrue(rungs(account).contains(Notice.Rung.RUNWAY));
  }

  private static List<Notice.Rung> rungs(Account account) {
    return account.notices().stream().map(Notice::rung).toList();
  }

  @Test
  void temStopsInstancesAtOnceAndTerminatesEnvironmentsLater() {
    Account account = overdue("tem");
    account.settle(OVERDUE.plus(Duration.ofHours(24)), "sweep");
    Service stopped = account.services().get("tem");
    assertEquals(Access.BLOCKED, stopped.access());
    assertEquals(1, stopped.standing().stage());
    account.settle(OVERDUE.plus(Duration.ofDays(7)), "sweep");
    assertEquals(ServiceState.REPOSSESSED, state(account, "tem"));
  }
}
