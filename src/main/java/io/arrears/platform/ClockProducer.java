package io.arrears.platform;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Chooses the clock: {@code ARREARS_CLOCK} and {@code ARREARS_CLOCK_START}. */
@ApplicationScoped
class ClockProducer {

  private final String kind;
  private final Optional<String> start;

  ClockProducer(
      @ConfigProperty(name = "arrears.clock") String kind,
      @ConfigProperty(name = "arrears.clock.start") Optional<String> start) {
    this.kind = kind;
    this.start = start;
  }

  @Produces
  @Singleton
  ArrearsClock clock() {
    SystemClock system = new SystemClock();
    return switch (kind) {
      case "system" -> system;
      case "virtual" ->
          new VirtualClock(start.map(ClockProducer::parse).orElseGet(system::instant));
      default ->
          throw new IllegalArgumentException(
              "ARREARS_CLOCK (arrears.clock) must be system or virtual, not " + kind);
    };
  }

  private static Instant parse(String start) {
    try {
      return Instant.parse(start);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "ARREARS_CLOCK_START (arrears.clock.start) must be an instant such as"
              + " 2024-09-01T00:00:00Z, not "
              + start,
          e);
    }
  }
}
