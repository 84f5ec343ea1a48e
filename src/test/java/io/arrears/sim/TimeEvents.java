package io.arrears.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Time passes. */
final class TimeEvents {

  private static final Duration FORESEEABLE = Duration.ofDays(400);

  private TimeEvents() {}

  /** To the next instant at which something happens by itself, and it does. */
  static Event deadline() {
    return new Event(
        "deadline", TimeEvents::foreseeable, world -> due(world, Duration.ZERO).settle());
  }

  /** To the last second before it. */
  static Event lastSecond() {
    Duration before = Duration.ofSeconds(-1);
    return new Event(
        "last second",
        world -> foreseeable(world) && due(world, before).now().isAfter(world.now()),
        world -> due(world, before).settle());
  }

  /** The deadline passes, and nobody looks before something else happens. */
  static Event outage(Duration length) {
    return new Event(
        "outage until " + length + " after the deadline",
        TimeEvents::foreseeable,
        world -> unseen(due(world, length)));
  }

  static Event pass(Duration length) {
    return new Event(
        "after " + length, world -> true, world -> world.at(world.now().plus(length)).settle());
  }

  static Event passUnseen(Duration length) {
    return new Event(
        "after " + length + " unseen",
        world -> true,
        world -> unseen(world.at(world.now().plus(length))));
  }

  private static Turn unseen(World world) {
    return new Turn(world, world, List.of(), List.of());
  }

  private static boolean foreseeable(World world) {
    Instant due = world.dueAt();
    return due != null && due.isBefore(world.now().plus(FORESEEABLE));
  }

  private static World due(World world, Duration later) {
    Instant due = world.dueAt();
    Instant from = due == null || due.isBefore(world.now()) ? world.now() : due;
    return world.at(from.plus(later));
  }
}
