package io.arrears.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Period;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {

  private final Retention.Kept kept = new Retention.Kept();

  @ParameterizedTest
  @ValueSource(strings = {"P13M", "P2M", "P62D", "P1Y", "P10Y6M15D", "P100Y"})
  void a_period_from_two_months_to_a_hundred_years_is_taken(String value) {
    assertEquals(Period.parse(value), kept.convert(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "P1M",
        "P61D",
        "P1M30D",
        "P0D",
        "-P13M",
        "P3M-40D",
        "P101Y",
        "P999999D",
        "13 months",
        "PT99H"
      })
  void what_is_shorter_than_two_months_or_no_period_is_refused_with_the_setting_and_the_rule(
      String value) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> kept.convert(value)).getMessage();

    assertTrue(message.startsWith("ARREARS_RETENTION_ITEMS (arrears.retention.items) must be a"));
    assertTrue(message.contains("from two months"));
    assertTrue(message.endsWith("not " + value));
  }
}
