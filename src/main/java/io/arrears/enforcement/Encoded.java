package io.arrears.enforcement;

import io.arrears.core.Service;
import io.arrears.core.SuspensionReason;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Small sets and maps as one column of text: {@code a, b} and {@code a=x, b=y}. */
public final class Encoded {

  private static final String SEPARATOR = ", ";

  private Encoded() {}

  public static String list(Collection<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(SEPARATOR));
  }

  public static List<String> list(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(SEPARATOR));
  }

  public static Set<SuspensionReason> reasons(String text) {
    if (text.isEmpty()) {
      return Set.of();
    }
    Set<SuspensionReason> reasons = EnumSet.noneOf(SuspensionReason.class);
    list(text).forEach(each -> reasons.add(SuspensionReason.valueOf(each)));
    return Collections.unmodifiableSet(reasons);
  }

  public static String map(Map<String, ?> values) {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(SEPARATOR));
  }

  public static <V> Map<String, V> map(String text, Function<String, V> value) {
    if (text.isEmpty()) {
      return Map.of();
    }
    Map<String, V> values = new TreeMap<>();
    for (String entry : list(text)) {
      int equals = entry.indexOf('=');
      values.put(entry.substring(0, equals), value.apply(entry.substring(equals + 1)));
    }
    return Collections.unmodifiableMap(values);
  }

  public static String erasures(Map<String, Service.Erasure> erased) {
    Map<String, String> texts = new TreeMap<>();
    erased.forEach((name, erasure) -> texts.put(name, erasure.at() + "@" + erasure.generation()));
    return map(texts);
  }

  public static Map<String, Service.Erasure> erasures(String text) {
    return map(
        text,
        value -> {
          int at = value.indexOf('@');
          return new Service.Erasure(
              Instant.parse(value.substring(0, at)), Long.parseLong(value.substring(at + 1)));
        });
  }
}
