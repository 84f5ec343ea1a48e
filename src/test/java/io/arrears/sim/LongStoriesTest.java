package io.arrears.sim;

import static org.junit.jupiter.api.Assertions.fail;

import io.arrears.core.PolicyHistory;
import io.arrears.core.SuspensionReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Long stories at random, of accounts with several services under policies of all kinds. To tell
 * the one again that failed: {@code -Dstories.seed=<its seed> -Dstories.count=1}.
 */
class LongStoriesTest {

  private static final long SEED = Long.getLong("stories.seed", 20240227);
  private static final int COUNT = Integer.getInteger("stories.count", 400);
  private static final int LENGTH = 40;

  @Test
  void noLongStoryBreaksALaw() {
    System.out.printf("%d stories from the seed %d on%n", COUNT, SEED);
    NavigableMap<String, PolicyHistory> policies = SamplePolicies.all();
    for (long seed = SEED; seed < SEED + COUNT; seed++) {
      Story story = story(policies, new Random(seed));
      Story.Failure failure = story.failure();
      if (failure != null) {
        fail(told(seed, story.shrunk(failure)));
      }
    }
  }

  private static String told(long seed, Story story) {
    return "seed %d, with %s: %s: %s"
        .formatted(
            seed,
            story.beginning().services().keySet(),
            story.events(),
            story.failure().complaint());
  }

  private static Story story(NavigableMap<String, PolicyHistory> policies, Random random) {
    List<String> some = some(SamplePolicies.invented().keySet(), 2, random);
    some.addAll(some(policies.keySet(), 2, random));
    World world = World.beginning(policies, "50");
    List<Event> ofProducts = new ArrayList<>();
    for (String product : some) {
      ofProducts.addAll(of(product));
      world = random.nextInt(4) == 0 ? world : world.opens(product);
    }
    List<Event> ofPeople = new ArrayList<>(ofPeople());
    if (random.nextInt(4) == 0) {
      ofPeople.add(PeopleEvents.restrict(SuspensionReason.VIOLATION, ""));
    }
    List<List<Event>> kinds =
        List.of(ofTime(), ofTime(), ofMoney(), ofPeople, ofProducts, ofProducts);
    return Story.random(world, kinds, LENGTH, random);
  }

  /** One or more. */
  private static List<String> some(Collection<String> products, int most, Random random) {
    List<String> shuffled = new ArrayList<>(products);
    Collections.shuffle(shuffled, random);
    return new ArrayList<>(shuffled.subList(0, 1 + random.nextInt(most)));
  }

  private static List<Event> ofTime() {
    List<Event> events = new ArrayList<>();
    for (int weight = 0; weight < 4; weight++) {
      events.add(TimeEvents.deadline());
      events.add(TimeEvents.lastSecond());
      events.add(TimeEvents.outage(Duration.ofHours(5)));
    }
    events.add(TimeEvents.outage(Duration.ofDays(3)));
    events.add(TimeEvents.outage(Duration.ofDays(30)));
    events.add(TimeEvents.pass(Duration.ofHours(1)));
    events.add(TimeEvents.passUnseen(Duration.ofHours(7)));
    events.add(TimeEvents.passUnseen(Duration.ofDays(11)));
    return events;
  }

  private static List<Event> ofMoney() {
    return List.of(
        MoneyEvents.receipt(Duration.ZERO),
        MoneyEvents.delivery(),
        MoneyEvents.receipt(Duration.ZERO),
        MoneyEvents.receipt(Duration.ofHours(3)),
        MoneyEvents.payAllButACent(),
        MoneyEvents.payHalf(Duration.ZERO),
        MoneyEvents.payHalf(Duration.ofHours(30)),
        MoneyEvents.payInFull(Duration.ZERO),
        MoneyEvents.payInFull(Duration.ofHours(1)),
        MoneyEvents.payInFull(Duration.ofHours(30)),
        MoneyEvents.topUp("120"),
        MoneyEvents.agree("0", "0", "standard"),
        MoneyEvents.agree("80", "0", "standard"),
        MoneyEvents.agree("0", "70", "standard"),
        MoneyEvents.agree("0", "0", "key"));
  }

  private static List<Event> ofPeople() {
    return List.of(
        PeopleEvents.hold(Duration.ofHours(30)),
        PeopleEvents.hold(Duration.ofDays(20)),
        PeopleEvents.promise(Duration.ofDays(3), 50),
        PeopleEvents.promise(Duration.ofDays(3), 100),
        PeopleEvents.release(),
        PeopleEvents.restrict(SuspensionReason.MANUAL, ""),
        PeopleEvents.lift(SuspensionReason.MANUAL, ""),
        PeopleEvents.restrict(SuspensionReason.LEGAL, ""),
        PeopleEvents.lift(SuspensionReason.LEGAL, ""),
        PeopleEvents.deactivate(""));
  }

  private static List<Event> of(String product) {
    return List.of(
        MoneyEvents.charge(product, "100", Duration.ZERO),
        MoneyEvents.charge(product, "60", Duration.ofHours(7)),
        MoneyEvents.prepaid(product, "10", null),
        MoneyEvents.prepaid(product, "10", Duration.ofDays(3)),
        MoneyEvents.prepaid(product, "0", null),
        PeopleEvents.opens(product),
        PeopleEvents.moratorium(product, Duration.ofHours(60)),
        PeopleEvents.restrict(SuspensionReason.LEGAL, product),
        PeopleEvents.lift(SuspensionReason.LEGAL, product),
        PeopleEvents.restrict(SuspensionReason.MANUAL, product),
        PeopleEvents.lift(SuspensionReason.MANUAL, product),
        PeopleEvents.deactivate(product),
        PeopleEvents.settled(product),
        PeopleEvents.start(product),
        PeopleEvents.reopen(product),
        ProductEvents.report(product, 0),
        ProductEvents.report(product, 1),
        ProductEvents.report(product, 9),
        ProductEvents.lateReport(product),
        ProductEvents.staleReport(product));
  }
}
