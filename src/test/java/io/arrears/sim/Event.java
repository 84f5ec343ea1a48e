package io.arrears.sim;

import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Something that can happen to an account. It says relatively what happens (the next deadline, what
 * is due), so that a story still makes sense when some of its events are left out.
 *
 * @param possible whether it makes sense to try
 */
record Event(String name, Kind kind, Predicate<World> possible, Function<World, Turn> happens) {

  /** What laws want to know about it. */
  enum Kind {
    /** Money comes in, and nothing else happens. */
    PAYMENT,
    /** As much as is due comes in, and nothing else happens. */
    FULL_PAYMENT,
    OTHER
  }

  Event(String name, Predicate<World> possible, Function<World, Turn> happens) {
    this(name, Kind.OTHER, possible, happens);
  }

  boolean pays() {
    return kind != Kind.OTHER;
  }

  @Override
  public String toString() {
    return name;
  }
}
