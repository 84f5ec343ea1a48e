package io.arrears.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A sequence of events, told from the beginning of a world. */
record Story(World beginning, List<Event> events) {

  /**
   * What went wrong first.
   *
   * @param after how many events
   */
  record Failure(int after, String complaint) {}

  /**
   * Events at random, each of which was possible when it came.
   *
   * @param kinds of events, each as likely as the others
   */
  static Story random(World beginning, List<List<Event>> kinds, int length, Random random) {
    List<Event> chosen = new ArrayList<>();
    World world = beginning;
    while (chosen.size() < length) {
      List<Event> events = kinds.get(random.nextInt(kinds.size()));
      Event event = events.get(random.nextInt(events.size()));
      if (event.possible().test(world)) {
        chosen.add(event);
        try {
          world = event.happens().apply(world).after();
        } catch (RuntimeException e) {
          return new Story(beginning, chosen);
        }
      }
    }
    return new Story(beginning, chosen);
  }

  /** Null if all laws hold all along. */
  @Nullable Failure failure() {
    World world = beginning;
    for (int i = 0; i < events.size(); i++) {
      Event event = events.get(i);
      try {
        if (event.possible().test(world)) {
          Turn turn = event.happens().apply(world);
          List<String> broken = new ArrayList<>(Laws.broken(event, turn));
          world = turn.after();
          broken.addAll(Laws.broken(world));
          if (!broken.isEmpty()) {
            return new Failure(i + 1, broken.get(0));
          }
        }
      } catch (RuntimeException e) {
        return new Failure(i + 1, "exception: " + e);
      }
    }
    return null;
  }

  /** One with fewer events that breaks the same law: none of them can be left out. */
  Story shrunk(Failure failure) {
    Story shortest = new Story(beginning, events.subList(0, failure.after()));
    int i = shortest.events.size() - 1;
    while (i >= 0) {
      Story without = shortest.without(i);
      Failure other = without.failure();
      if (other != null && Laws.kind(other.complaint()).equals(Laws.kind(failure.complaint()))) {
        shortest = new Story(beginning, without.events.subList(0, other.after()));
        i = shortest.events.size();
      }
      i--;
    }
    return shortest;
  }

  private Story without(int index) {
    List<Event> fewer = new ArrayList<>(events);
    fewer.remove(index);
    return new Story(beginning, fewer);
  }
}
