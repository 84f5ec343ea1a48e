package io.arrears.sim;

import io.arrears.core.Notice;
import io.arrears.core.Transition;
import java.util.List;
import java.util.function.UnaryOperator;

/** What one command made of an account. */
record Turn(World before, World after, List<Transition> transitions, List<Notice> notices) {

  /** The test remembers what was done, and after that what was said. */
  Turn remembering(UnaryOperator<Memory> done) {
    World remembering =
        after.remembering(
            memory -> done.apply(memory).heard(List.of(), after.services().values(), after.now()));
    return new Turn(before, remembering, transitions, notices);
  }
}
