package io.arrears.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The spells during which a service's timers stand still. A timer goes on after each with the time
 * that was left.
 *
 * @param windows apart from each other, oldest first
 */
public record Holds(List<Window> windows) {

  public static final Holds NONE = new Holds(List.of());

  /**
   * One spell.
   *
   * @param to exclusive; in the future while it runs
   */
  public record Window(Instant from, Instant to) {}

  /** Windows in any order, which may overlap. */
  public static Holds of(List<Window> any) {
    List<Window> sorted = new ArrayList<>(any);
    sorted.removeIf(window -> !window.from().isBefore(window.to()));
    sorted.sort(Comparator.comparing(Window::from));
    List<Window> apart = new ArrayList<>();
    for (Window window : sorted) {
      Window last = apart.isEmpty() ? null : apart.get(apart.size() - 1);
      if (last == null || window.from().isAfter(last.to())) {
        apart.add(window);
      } else if (window.to().isAfter(last.to())) {
        apart.set(apart.size() - 1, new Window(last.from(), window.to()));
      }
    }
    return apart.isEmpty() ? NONE : new Holds(List.copyOf(apart));
  }

  /** The end of a span whose clock starts at {@code start} and stands still in every window. */
  public Instant after(Instant start, Span span) {
    return delayed(start, span.after(start));
  }

  /** When a clock that starts at {@code start} reaches what would be {@code undisturbed}. */
  Instant delayed(Instant start, Instant undisturbed) {
    Instant end = undisturbed;
    for (Window window : windows) {
      if (window.to().isAfter(start) && !window.from().isAfter(end)) {
        Instant from = window.from().isAfter(start) ? window.from() : start;
        end = end.plus(Duration.between(from, window.to()));
      }
    }
    return end;
  }

  /** The first instant from {@code at} on that no window holds. */
  public Instant free(Instant at) {
    return after(at, Span.NONE);
  }

  /** The end of the window that runs at an instant; null if none does. */
  public @Nullable Instant until(Instant at) {
    for (Window window : windows) {
      if (!window.from().isAfter(at) && window.to().isAfter(at)) {
        return window.to();
      }
    }
    return null;
  }
}
