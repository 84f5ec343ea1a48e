package io.arrears.policy;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

/** A document to start from, and what a changed one is refused for. */
final class Documents {

  static final String GOOD =
      """
      product: live
      version: 2
      billing:
        time-zone: Europe/Berlin
        daily-at: "06:30"
        monthly-day: 3
        monthly-at: "07:00"
      grace:
        length: 48h
        from: notification-received
      suspension:
        access: blocked
      repossession:
        after-suspension: 720h
      """;

  private Documents() {}

  /** The good document with a top-level section in place of its own, or added at its end. */
  static String with(String section) {
    String key = section.substring(0, section.indexOf(':') + 1);
    return without(key) + section.stripTrailing() + "\n";
  }

  static String with(String section, String other) {
    String key = section.substring(0, section.indexOf(':') + 1);
    return with(other).replaceAll("(?m)^" + key + ".*\n(  .*\n)*", "")
        + section.stripTrailing()
        + "\n";
  }

  private static String without(String key) {
    return GOOD.replaceAll("(?m)^" + key + ".*\n(  .*\n)*", "");
  }

  /** Every fault of a document that is refused. */
  static List<Fault> faults(String document) {
    return assertThrows(PolicyException.class, () -> PolicyReader.read(document)).faults();
  }

  static List<String> lines(String document) {
    return faults(document).stream().map(Fault::toString).toList();
  }

  /** The faults without their lines. */
  static List<String> told(String document) {
    return lines(document).stream().map(line -> line.replaceFirst("^line \\d+: ", "")).toList();
  }
}
