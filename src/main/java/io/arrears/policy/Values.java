package io.arrears.policy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Single values of a document; each method throws IllegalArgumentException at what is wrong. */
final class Values {

  static final String NAME = "a name of lower-case letters, digits and dashes, at most 64 of them";
  static final String NAMES = "a list of names";
  static final String FLAG = "true or false";
  static final String DECIMAL = "a decimal from 0 on, e.g. \"100.00\"";

  private static final Pattern IS_NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
  private static final Pattern IS_WHOLE = Pattern.compile("[0-9]{1,9}");
  private static final Pattern IS_DECIMAL = Pattern.compile("[0-9]{1,15}(\\.[0-9]{1,12})?");

  private Values() {}

  static String name(String text) {
    check(IS_NAME.matcher(text).matches(), text);
    return text;
  }

  /** Text for people or of others: not empty, bounded, without control characters. */
  static String text(String text, int most) {
    check(
        !text.isBlank()
            && text.length() <= most
            && text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n'),
        text);
    return text;
  }

  static int whole(String text, int least, int most) {
    check(IS_WHOLE.matcher(text).matches(), text);
    int number = Integer.parseInt(text);
    check(number >= least && number <= most, text);
    return number;
  }

  static BigDecimal decimal(String text) {
    check(IS_DECIMAL.matcher(text).matches(), text);
    return new BigDecimal(text);
  }

  static boolean flag(String text) {
    check(text.equals("true") || text.equals("false"), text);
    return text.equals("true");
  }

  /** The constant that a document means by {@code new-blocked}; only of those that are allowed. */
  static <E extends Enum<E>> E constant(String text, List<E> allowed) {
    return allowed.stream()
        .filter(constant -> word(constant).equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(text));
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static String oneOf(List<? extends Enum<?>> constants) {
    return constants.stream().map(Values::word).collect(Collectors.joining(", ", "one of ", ""));
  }

  static String listOf(List<? extends Enum<?>> constants) {
    return constants.stream().map(Values::word).collect(Collectors.joining(", ", "a list of ", ""));
  }

  private static void check(boolean holds, String text) {
    if (!holds) {
      throw new IllegalArgumentException(text);
    }
  }
}
