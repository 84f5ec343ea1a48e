package io.arrears.sim;

import static io.arrears.core.SuspensionReason.LEGAL;
import static io.arrears.core.SuspensionReason.MANUAL;
import static io.arrears.core.SuspensionReason.VIOLATION;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.arrears.core.PolicyHistory;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All sequences of what can happen to one service, for each policy, through the account itself:
 * there is no second model of it, only {@linkplain Laws what must hold}. A system property goes
 * further: {@code -Dexploration.length=8}.
 */
class ExplorationTest {

  private static final int LENGTH = Integer.getInteger("exploration.length", 6);

  private static List<Event> events(String product) {
    return List.of(
        MoneyEvents.charge(product, "100", Duration.ZERO),
        MoneyEvents.payAllButACent(),
        MoneyEvents.payInFull(Duration.ZERO),
        MoneyEvents.receipt(Duration.ZERO),
        MoneyEvents.delivery(),
        TimeEvents.deadline(),
        TimeEvents.lastSecond(),
        TimeEvents.outage(Duration.ofDays(3)),
        PeopleEvents.hold(Duration.ofHours(50)),
        PeopleEvents.release(),
        PeopleEvents.restrict(MANUAL, ""),
        PeopleEvents.lift(MANUAL, ""),
        PeopleEvents.restrict(LEGAL, ""),
        PeopleEvents.lift(LEGAL, ""),
        PeopleEvents.restrict(VIOLATION, ""),
        PeopleEvents.deactivate(product),
        PeopleEvents.settled(product),
        PeopleEvents.start(product),
        PeopleEvents.reopen(product),
        ProductEvents.report(product, 9));
  }

  static Collection<String> builtIn() {
    return SamplePolicies.builtIn().keySet();
  }

  static Collection<String> invented() {
    return SamplePolicies.invented().keySet();
  }

  @ParameterizedTest
  @MethodSource("builtIn")
  void noSequenceOfEventsBreaksALawUnderABuiltInPolicy(String product) {
    explore(product, SamplePolicies.builtIn(), LENGTH);
  }

  @ParameterizedTest
  @MethodSource("invented")
  void noSequenceOfEventsBreaksALawUnderAPolicyThatNoProductHas(String product) {
    explore(product, SamplePolicies.invented(), LENGTH - 1);
  }

  private static void explore(String product, Map<String, PolicyHistory> policies, int length) {
    Explorer explorer = new Explorer(events(product));

    explorer.explore(World.beginning(policies, "50").opens(product), length);

    System.out.printf(
        "%s: %d states seen in %d transitions, all sequences of up to %d events, %d of %d moves%n",
        product,
        explorer.worlds(),
        explorer.tried(),
        length,
        explorer.arcs().size(),
        Moves.all().size());
    assertEquals(List.of(), List.copyOf(explorer.failures().values()));
  }
}
