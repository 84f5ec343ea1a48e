package io.arrears.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What was found wrong. */
final class Verdict {

  private final List<String> complaints = new ArrayList<>();

  void expect(boolean asItShould, Supplier<String> otherwise) {
    if (!asItShould) {
      complaints.add(otherwise.get());
    }
  }

  List<String> complaints() {
    return complaints;
  }
}
