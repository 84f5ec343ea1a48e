package io.arrears.core;

import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.hours;
import static io.arrears.core.PolicyBuilder.css;
import static io.arrears.core.Rule.OVERDUE_RETENTION_EXPIRED;
import static io.arrears.core.Rule.STAGE_REACHED;
import static io.arrears.core.Scenario.step;
import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.SUSPENDED;
import static io.arrears.core.SuspensionReason.LEGAL;
import static io.arrears.core.SuspensionReason.MANUAL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.arrears.core.Stage.Anchor;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Stages between the suspension and the repossession. */
class StageTest {

  private static final Arrears OWED = Arrears.belowLimit(1, hour(0), hour(0), hour(0));
  private static final Suspension.Billed DISKS = new Suspension.Billed(false, List.of("storage-*"));

  private static final Stage STOPPED =
      new Stage("stopped", hours(72), Anchor.OVERDUE, Access.BLOCKED, DISKS, Map.of());
  private static final Stage DETACHED =
      new Stage(
          "detached",
          hours(24),
          Anchor.PREVIOUS,
          Access.BLOCKED,
          Suspension.Billed.NONE,
          Map.of("snapshots", Effect.INACCESSIBLE));

  /** Like an elastic service that stops instances first and bills environments until the end. */
  private static final Policy TWO_STAGES = css().stages(STOPPED, DETACHED).build();

  private static Stage after(long hours, Anchor anchor) {
    return new Stage("stage", hours(hours), anchor, Access.BLOCKED, DISKS, Map.of());
  }

  private static Facts suspended() {
    return Given.a(SUSPENDED, hour(24)).owing(OWED).facts();
  }

  static Stream<Scenario> scenarios() {
    Step repossessed = step(OVERDUE_RETENTION_EXPIRED, day(60));
    return Stream.of(
        new Scenario(
            "A stage is reached so long after the service became overdue",
            suspended(),
            css().stages(after(72, Anchor.OVERDUE)).build(),
            hour(72),
            List.of(step(STAGE_REACHED, hour(72))),
            repossessed),
        new Scenario(
            "A second before it is not",
            suspended(),
            css().stages(after(72, Anchor.OVERDUE)).build(),
            hour(72).minusSeconds(1),
            List.of(),
            step(STAGE_REACHED, hour(72))),
        new Scenario(
            "A stage is reached so long after the suspension",
            suspended(),
            css().stages(after(72, Anchor.SUSPENSION)).build(),
            hour(96),
            List.of(step(STAGE_REACHED, hour(96))),
            repossessed),
        new Scenario(
            "The first stage has the suspension before it",
            suspended(),
            css().stages(after(72, Anchor.PREVIOUS)).build(),
            hour(96),
            List.of(step(STAGE_REACHED, hour(96))),
            repossessed),
        new Scenario(
            "Missed stages are taken in order, each at its own instant",
            suspended(),
            TWO_STAGES,
            day(10),
            List.of(step(STAGE_REACHED, hour(72)), step(STAGE_REACHED, hour(96))),
            repossessed),
        new Scenario(
            "A stage that was over before the suspension is reached with it",
            suspended(),
            css().stages(after(1, Anchor.OVERDUE)).build(),
            hour(24),
            List.of(step(STAGE_REACHED, hour(24))),
            repossessed),
        new Scenario(
            "A stage at the very instant of the repossession comes before it",
            suspended(),
            css().stages(after(1440, Anchor.OVERDUE)).build(),
            day(60).minusSeconds(1),
            List.of(),
            step(STAGE_REACHED, day(60))),
        new Scenario(
            "A repossession that is earlier does not wait for a stage",
            suspended(),
            css().stages(after(1441, Anchor.OVERDUE)).build(),
            day(60).minusSeconds(1),
            List.of(),
            repossessed),
        new Scenario(
            "LEGAL stops the repossession and no stage",
            Given.a(Standings.suspended(hour(24), SuspensionReason.ARREARS, LEGAL))
                .owing(OWED)
                .restricted(LEGAL, hour(24))
                .facts(),
            css().stages(after(72, Anchor.OVERDUE)).build(),
            day(700),
            List.of(step(STAGE_REACHED, hour(72))),
            null));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("scenarios")
  void decidesWhatFollowsFromTheFacts(Scenario given) {
    given.check();
  }

  @Test
  void eachStageHasItsOwnAccessBillsAndFeatures() {
    Customer customer = Customer.owing(TWO_STAGES).settled(hour(48));
    assertEquals(new Desired(Access.NEW_BLOCKED, Map.of(), List.of()), customer.desired("css"));

    customer.settled(hour(72));
    assertEquals(new Desired(Access.BLOCKED, Map.of(), List.of()), customer.desired("css"));

    customer.settled(hour(96));
    assertEquals(
        new Desired(Access.BLOCKED, Map.of("snapshots", Effect.INACCESSIBLE), List.of()),
        customer.desired("css"));
    assertEquals(Map.of("snapshots", "stage detached"), customer.read().causes("css", hour(96)));
  }

  @Test
  void whatIsBilledChangesWithEachStageAndIsAllAgainWhenTheServiceIsBack() {
    Customer customer = Customer.owing(TWO_STAGES).settled(day(10)).pays("5.00", day(11));

    assertEquals(
        List.of(
            new BilledChange("acme", "css", hour(72), DISKS),
            new BilledChange("acme", "css", hour(96), Suspension.Billed.NONE),
            new BilledChange("acme", "css", day(11), Suspension.Billed.ALL)),
        customer.billedChanges());
  }

  @Test
  void aPaymentLeadsBackFromAnyStageAndTheNextEpisodeStartsWithTheFirst() {
    Customer customer =
        Customer.owing(TWO_STAGES)
            .settled(day(10))
            .pays("5.00", day(11))
            .charged("1.00", day(12))
            .settled(day(14));

    assertEquals(
        List.of("balance-below-limit 288h", "receipt-assumed 312h", "grace-expired 336h"),
        customer.moves().subList(6, 9));
    assertEquals("stage-reached 360h", customer.next("css"));
    assertEquals(0, customer.service("css").standing().stage());
  }

  @Test
  void aServiceThatPeopleKeepSuspendedHasTheSuspensionsAccessOnceItsArrearsArePaid() {
    Customer customer =
        Customer.owing(TWO_STAGES)
            .settled(day(10))
            .restricted(MANUAL, day(10))
            .pays("5.00", day(11));

    assertEquals(SUSPENDED, customer.stateOf("css"));
    assertEquals(Access.NEW_BLOCKED, customer.desired("css").access());
    assertEquals(ACTIVE, customer.lifted(MANUAL, day(12)).stateOf("css"));
  }

  @Test
  void aPolicyKnowsTheStageThatAServiceHasReached() {
    assertEquals(null, TWO_STAGES.stage(0));
    assertEquals(STOPPED, TWO_STAGES.stage(1));
    assertEquals(DETACHED, TWO_STAGES.stage(2));
    assertEquals(DETACHED, TWO_STAGES.stage(3), "a later version may have fewer stages");
  }
}
