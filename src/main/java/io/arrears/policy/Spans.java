package io.arrears.policy;

import io.arrears.core.Span;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Lengths of time as documents write them, and how long they are next to each other. */
final class Spans {

  static final String EXPECTED =
      "a length of time above zero and of at most 10 years, e.g. 24h, 90m, 60d, 2 calendar days or"
          + " 1 calendar month";

  private static final Pattern EXACT = Pattern.compile("([0-9]{1,9})([mhd])");
  private static final Pattern CALENDAR = Pattern.compile("([0-9]{1,4}) calendar (day|month)s?");
  private static final Duration LONGEST = Duration.ofDays(3653);
  private static final int MOST_MONTHS = 120;

  /** Through a leap year and the one before it: short months, long ones, both clock changes. */
  private static final List<LocalDate> STARTS =
      IntStream.range(0, 24)
          .mapToObj(month -> LocalDate.of(2023, 1, 1).plusMonths(month))
          .flatMap(first -> Stream.of(first, first.plusDays(27), first.plusMonths(1).minusDays(1)))
          .toList();

  private Spans() {}

  /** What would be right where a word stands for no time at all, or for never. */
  static String expectedOr(String word) {
    return word + ", or " + EXPECTED;
  }

  /**
   * @param zone where calendar days and months hang
   */
  static Span parse(String text, ZoneId zone) {
    Matcher exact = EXACT.matcher(text);
    Matcher calendar = CALENDAR.matcher(text);
    if (exact.matches()) {
      Duration length = exactly(Long.parseLong(exact.group(1)), exact.group(2));
      check(!length.isZero() && length.compareTo(LONGEST) <= 0, text);
      return Span.exactly(length);
    }
    check(calendar.matches(), text);
    int count = Integer.parseInt(calendar.group(1));
    boolean months = calendar.group(2).equals("month");
    check(count > 0 && count <= (months ? MOST_MONTHS : LONGEST.toDays()), text);
    return Span.calendar(months ? Period.ofMonths(count) : Period.ofDays(count), zone);
  }

  private static void check(boolean holds, String text) {
    if (!holds) {
      throw new IllegalArgumentException(text);
    }
  }

  /** The same, with a word for no time at all. */
  static Span parseOr(String none, String text, ZoneId zone) {
    return text.equals(none) ? Span.NONE : parse(text, zone);
  }

  private static Duration exactly(long count, String unit) {
    return switch (unit) {
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  /** Whether one sequence is never longer than another, whenever both begin. */
  static boolean neverLonger(List<Span> one, List<Span> other) {
    return starts(one, other).noneMatch(start -> end(start, one).isAfter(end(start, other)));
  }

  /** Whether one sequence is longer than another, whenever both begin. */
  static boolean alwaysLonger(List<Span> one, List<Span> other) {
    return starts(one, other).allMatch(start -> end(start, one).isAfter(end(start, other)));
  }

  private static Stream<Instant> starts(List<Span> one, List<Span> other) {
    boolean exact = Stream.of(one, other).flatMap(List::stream).allMatch(Spans::isExact);
    return (exact ? STARTS.stream().limit(1) : STARTS.stream())
        .map(date -> date.atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  private static boolean isExact(Span span) {
    return span.calendar().isZero();
  }

  private static Instant end(Instant start, List<Span> spans) {
    Instant end = start;
    for (Span span : spans) {
      end = span.after(end);
    }
    return end;
  }
}
