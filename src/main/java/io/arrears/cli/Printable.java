package io.arrears.cli;

/** Text of strangers on a terminal: it can neither move the cursor nor fill the screen. */
final class Printable {

  private static final int BRIEF = 80;

  private Printable() {}

  /**
   * Control and format characters, such as those that turn the direction of writing, as {@code ?}.
   */
  static String text(Object value) {
    return String.valueOf(value).replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]", "?");
  }

  /** The same in quotes, cut to what fits a message. */
  static String brief(Object value) {
    String text = text(value);
    return "'" + (text.length() <= BRIEF ? text : text.substring(0, BRIEF) + "…") + "'";
  }
}
