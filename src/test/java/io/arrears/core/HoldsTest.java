package io.arrears.core;

import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Policies.BERLIN;
import static io.arrears.core.Policies.days;
import static io.arrears.core.Policies.hours;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clocks that stand still in windows, in any order and overlap. */
class HoldsTest {

  private static Holds.Window window(long from, long to) {
    return new Holds.Window(hour(from), hour(to));
  }

  private static Holds holds(Holds.Window... windows) {
    return Holds.of(List.of(windows));
  }

  @Test
  void aClockGoesOnWithTheTimeThatWasLeft() {
    assertEquals(hour(124), holds(window(10, 110)).after(hour(0), hours(24)));
  }

  @Test
  void aClockThatStartsInAWindowWaitsForItsEnd() {
    assertEquals(hour(134), holds(window(10, 110)).after(hour(50), hours(24)));
    assertEquals(hour(134), holds(window(10, 110)).after(hour(10), hours(24)));
  }

  @Test
  void aWindowThatEndedBeforeTheStartDoesNotCount() {
    assertEquals(hour(134), holds(window(10, 110)).after(hour(110), hours(24)));
    assertEquals(hour(140), holds(window(10, 110)).after(hour(116), hours(24)));
  }

  @Test
  void aWindowThatBeginsAfterTheEndDoesNotCount() {
    assertEquals(hour(9), holds(window(10, 110)).after(hour(0), hours(9)));
  }

  /** Nobody is suspended at the instant at which a hold begins. */
  @Test
  void aWindowThatBeginsAtTheVeryEndCounts() {
    assertEquals(hour(110), holds(window(10, 110)).after(hour(0), hours(10)));
  }

  @Test
  void aWindowReachedOnlyBecauseOfTheOneBeforeCountsToo() {
    Holds two = holds(window(10, 20), window(28, 40));

    assertEquals(hour(46), two.after(hour(0), hours(24)));
  }

  @Test
  void severalWindowsEachTakeTheirOwnTime() {
    assertEquals(hour(44), holds(window(10, 20), window(25, 35)).after(hour(0), hours(24)));
  }

  @Test
  void overlappingWindowsCountOnceInAnyOrder() {
    Holds overlapping = holds(window(15, 30), window(10, 20), window(12, 14));

    assertEquals(List.of(window(10, 30)), overlapping.windows());
    assertEquals(hour(44), overlapping.after(hour(0), hours(24)));
  }

  @Test
  void windowsThatTouchAreOne() {
    assertEquals(List.of(window(10, 30)), holds(window(10, 20), window(20, 30)).windows());
  }

  @Test
  void windowsThatAreApartStayApartOldestFirst() {
    assertEquals(
        List.of(window(10, 20), window(21, 30)), holds(window(21, 30), window(10, 20)).windows());
  }

  @Test
  void aWindowOfNoLengthIsNone() {
    assertSame(Holds.NONE, holds(window(10, 10)));
    assertSame(Holds.NONE, holds(window(11, 10)));
    assertSame(Holds.NONE, holds());
  }

  @Test
  void noTimeAtAllIsOverAtOnceUnlessAWindowRuns() {
    Holds holds = holds(window(10, 20));

    assertEquals(hour(9), holds.free(hour(9)));
    assertEquals(hour(20), holds.free(hour(10)));
    assertEquals(hour(20), holds.free(hour(15)));
    assertEquals(hour(20), holds.free(hour(20)));
    assertEquals(hour(21), holds.free(hour(21)));
  }

  @Test
  void aWindowRunsFromItsBeginningAndNotAtItsEnd() {
    Holds holds = holds(window(10, 20), window(30, 40));

    assertNull(holds.until(hour(10).minusNanos(1000)));
    assertEquals(hour(20), holds.until(hour(10)));
    assertEquals(hour(20), holds.until(hour(20).minusNanos(1000)));
    assertNull(holds.until(hour(20)));
    assertEquals(hour(40), holds.until(hour(30)));
  }

  @Test
  void aCalendarDayIsMeasuredFirstAndThenHeldUp() {
    Instant evening = Instant.parse("2024-03-30T19:00:00Z");
    Holds held =
        Holds.of(List.of(new Holds.Window(evening.plusSeconds(3600), evening.plusSeconds(7200))));

    assertEquals(Instant.parse("2024-03-31T19:00:00Z"), held.after(evening, days(1, BERLIN)));
  }
}
