package io.arrears.sim;

import static io.arrears.core.SuspensionReason.LEGAL;
import static io.arrears.core.SuspensionReason.MANUAL;
import static io.arrears.core.SuspensionReason.VIOLATION;
import static io.arrears.sim.World.BEGINNING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.core.Account;
import io.arrears.core.Effect;
import io.arrears.core.Service;
import io.arrears.core.ServiceState;
import io.arrears.core.Step;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What exploration found once, told again on its own: shortest stories that broke a law. */
class FoundByExplorationTest {

  private static World told(String product, Event... events) {
    World world = World.beginning(SamplePolicies.invented(), "50").opens(product);
    for (Event event : events) {
      assertTrue(event.possible().test(world), event + " is possible");
      world = event.happens().apply(world).after();
    }
    return world;
  }

  private static World then(World world, Event event) {
    return event.happens().apply(world).after();
  }

  private static Event charge(String product) {
    return MoneyEvents.charge(product, "100", Duration.ZERO);
  }

  private static Duration hours(int hours) {
    return Duration.ofHours(hours);
  }

  @Test
  void aServiceThatAnOperatorHasSuspendedIsNotStartedByHand() {
    World world =
        told(
            "machine",
            charge("machine"),
            MoneyEvents.payInFull(Duration.ZERO),
            PeopleEvents.restrict(MANUAL, ""));
    Account account = world.read();

    assertThrows(
        IllegalStateException.class, () -> account.start("machine", world.now(), "tester"));

    assertEquals(ServiceState.SUSPENDED, account.services().get("machine").state());
  }

  @Test
  void anErasureThatIsOverdueWhenAHoldBeginsWaitsForItsEnd() {
    World banned =
        told(
            "node",
            charge("node"),
            TimeEvents.outage(hours(72)),
            PeopleEvents.hold(hours(50)),
            PeopleEvents.restrict(VIOLATION, ""));
    assertNull(banned.service("node").standing().clearingSince());
    Instant holdEnds = banned.now().plus(hours(50));

    World later = then(banned, TimeEvents.deadline());

    assertEquals(holdEnds, later.service("node").standing().clearingSince());
  }

  @Test
  void whatWasErasedUnderLegalCountsAsClearedAfterTheHoldInWhichLegalWasLifted() {
    World lifted =
        told(
            "video",
            PeopleEvents.restrict(VIOLATION, ""),
            TimeEvents.deadline(),
            TimeEvents.deadline(),
            PeopleEvents.restrict(LEGAL, ""),
            ProductEvents.lateReport("video"),
            PeopleEvents.hold(hours(50)),
            PeopleEvents.lift(LEGAL, ""));
    assertFalse(lifted.service("video").standing().erased());

    World later = then(lifted, TimeEvents.deadline());

    assertEquals(lifted.now().plus(hours(50)), later.now());
    assertTrue(later.service("video").standing().erased());
  }

  @Test
  void aHoldAlsoStopsTheTimeThatLateNewsAddsToTheGrace() {
    World held =
        told(
            "store",
            MoneyEvents.charge("store", "100", hours(7)),
            TimeEvents.pass(hours(20)),
            PeopleEvents.hold(hours(50)));

    Step next = held.read().next("store", held.now());

    // Known for 20 hours when the hold began: of the 24, four are left when it ends.
    assertEquals(BEGINNING.plus(hours(20 + 50 + 4)), next == null ? null : next.at());
  }

  @Test
  void aPartPaymentFromBeforeTheEpisodeDoesNotBeginItAnew() {
    World overdue = told("database", charge("database"), TimeEvents.deadline());

    Turn payment = MoneyEvents.payHalf(hours(30)).happens().apply(overdue);

    Service after = payment.after().service("database");
    assertNotNull(after.arrears());
    assertEquals(overdue.service("database").arrears(), after.arrears());
    assertEquals(0, payment.notices().size());
  }

  @Test
  void aSuspensionThatBeginsAnewHasItsWholeTimeBeforeTheNextStage() {
    World stopped = told("machine", charge("machine"), TimeEvents.deadline());
    assertEquals(1, stopped.service("machine").standing().stage());
    World paid = then(stopped, MoneyEvents.payInFull(Duration.ZERO));

    World again = then(then(paid, TimeEvents.pass(Duration.ofDays(11))), charge("machine"));

    assertEquals(1, again.service("machine").standing().stage());
    assertEquals(again.now().plus(hours(24)), again.read().next("machine", again.now()).at());
  }

  @Test
  void aStageErasesNothingWhileLegalStands() {
    World restricted =
        told(
            "machine",
            charge("machine"),
            PeopleEvents.restrict(LEGAL, ""),
            TimeEvents.pass(Duration.ofDays(6)));
    assertEquals(3, restricted.service("machine").standing().stage());
    assertEquals(Effect.INACCESSIBLE, snapshots(restricted));

    World lifted = then(restricted, PeopleEvents.lift(LEGAL, ""));

    assertEquals(Effect.ERASED, snapshots(lifted));
  }

  private static Effect snapshots(World world) {
    return world.service("machine").desired().features().get("snapshots");
  }
}
