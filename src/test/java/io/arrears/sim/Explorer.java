package io.arrears.sim;

import io.arrears.core.Transition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tries every sequence of events up to a length, the short ones first, and looks at each world
 * once. What it does is the same on every machine.
 */
final class Explorer {

  private static final int ENOUGH_FAILURES = 5;

  /** How a world was come to. */
  private record Path(@Nullable Path before, @Nullable Event event, World world) {

    Path then(Event next, World after) {
      return new Path(this, next, after);
    }

    List<Event> events() {
      Deque<Event> events = new ArrayDeque<>();
      for (Path path = this; path.event != null; path = path.before) {
        events.addFirst(path.event);
      }
      return List.copyOf(events);
    }
  }

  private final List<Event> events;
  private final Set<String> worlds = new HashSet<>();
  private final Set<String> arcs = new TreeSet<>();
  private final Map<String, String> failures = new TreeMap<>();
  private int tried;

  Explorer(List<Event> events) {
    this.events = events;
  }

  /**
   * @param length of the longest sequences that are tried
   */
  void explore(World start, int length) {
    List<Path> frontier = List.of(new Path(null, null, start));
    worlds.add(Fingerprint.of(start));
    for (int depth = 0; depth < length && failures.size() < ENOUGH_FAILURES; depth++) {
      List<Path> next = new ArrayList<>();
      frontier.forEach(path -> expand(path, next));
      frontier = next;
    }
  }

  private void expand(Path path, List<Path> next) {
    for (Event event : events) {
      try {
        if (event.possible().test(path.world())) {
          tried++;
          attempt(path, event, next);
        }
      } catch (RuntimeException e) {
        blame(path.then(event, path.world()), List.of("exception: " + e));
      }
    }
  }

  private void attempt(Path path, Event event, List<Path> next) {
    Turn turn = event.happens().apply(path.world());
    Path longer = path.then(event, turn.after());
    for (Transition move : turn.transitions()) {
      arcs.add(Moves.name(move));
    }
    blame(longer, Laws.broken(event, turn));
    if (worlds.add(Fingerprint.of(turn.after()))) {
      next.add(longer);
      blame(longer, Laws.broken(turn.after()));
    }
  }

  private void blame(Path path, List<String> complaints) {
    for (String complaint : complaints) {
      failures.putIfAbsent(Laws.kind(complaint), path.events() + ": " + complaint);
    }
  }

  /** How many worlds there were. */
  int worlds() {
    return worlds.size();
  }

  /** How many events were tried in them. */
  int tried() {
    return tried;
  }

  /** Moves of the transition table that were seen. */
  Set<String> arcs() {
    return arcs;
  }

  /** The shortest way to break each law that was broken, with what was wrong then. */
  Map<String, String> failures() {
    return failures;
  }
}
