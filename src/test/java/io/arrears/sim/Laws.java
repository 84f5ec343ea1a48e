package io.arrears.sim;

import java.util.List;

/** All that must hold whatever happens. */
final class Laws {

  private Laws() {}

  /** What is wrong with what an event made of a world; empty if nothing is. */
  static List<String> broken(Event event, Turn turn) {
    Verdict verdict = new Verdict();
    if (turn.before() != turn.after()) {
      TurnLaws.check(turn, event, verdict);
      TimeLaws.check(turn, verdict);
    }
    return verdict.complaints();
  }

  /** What is wrong with a world as somebody finds it who looks at it now; empty if nothing is. */
  static List<String> broken(World world) {
    Verdict verdict = new Verdict();
    Turn look = world.settle();
    TimeLaws.check(look, verdict);
    TimeLaws.nothingLate(look.after(), verdict);
    StandingLaws.check(look.after(), verdict);
    ForesightLaws.check(look.after(), verdict);
    return verdict.complaints();
  }

  /** The law that a complaint is about, without what differs from one story to the next. */
  static String kind(String complaint) {
    return complaint.replaceAll(":.*", "").replaceAll("\\d+", "#");
  }
}
