package io.arrears.sim;

import io.arrears.core.Hold;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The holds that concern one service, told apart from the heart's own reading of them: time is
 * counted out piece by piece.
 */
record Holding(List<Spell> spells) {

  /** From one instant to another, exclusive. */
  record Spell(Instant from, Instant to) {}

  static Holding of(World world, String product) {
    List<Spell> spells = new ArrayList<>();
    for (Hold hold : world.circumstances().holds()) {
      if (concerns(hold, world, product)) {
        boolean early = hold.endedAt() != null && hold.endedAt().isBefore(hold.until());
        spells.add(new Spell(hold.placedAt(), early ? hold.endedAt() : hold.until()));
      }
    }
    spells.sort(Comparator.comparing(Spell::from));
    return new Holding(spells);
  }

  private static boolean concerns(Hold hold, World world, String product) {
    Hold.Cohort cohort = hold.cohort();
    return cohort == null
        || (List.of("", product).contains(cohort.product())
            && List.of("", world.state().tier()).contains(cohort.tier())
            && List.of("", world.state().region()).contains(cohort.region()));
  }

  /** Whether it had begun before an instant and was to go on after it. */
  boolean runsAt(Instant at) {
    return spells.stream().anyMatch(spell -> spell.from().isBefore(at) && spell.to().isAfter(at));
  }

  /** Whether it has begun at an instant and goes on after it. */
  boolean coversAt(Instant at) {
    return spells.stream().anyMatch(spell -> !spell.from().isAfter(at) && spell.to().isAfter(at));
  }

  /** When so much time has run that was not held. */
  Instant after(Instant start, Duration length) {
    Instant at = start;
    Duration left = length;
    for (Spell spell : spells) {
      if (spell.to().isAfter(at)) {
        Duration free =
            spell.from().isAfter(at) ? Duration.between(at, spell.from()) : Duration.ZERO;
        if (free.compareTo(left) >= 0 && !spell.from().isBefore(at)) {
          return at.plus(left);
        }
        left = left.minus(free);
        at = spell.to();
      }
    }
    return at.plus(left);
  }
}
