package io.arrears.platform;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Instants as the reactive client carries them. */
public final class Times {

  private Times() {}

  public static OffsetDateTime toRow(Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  public static Instant fromRow(OffsetDateTime value) {
    return value == null ? null : value.toInstant();
  }
}
