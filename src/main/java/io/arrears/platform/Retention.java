package io.arrears.platform;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import org.eclipse.microprofile.config.spi.Converter;

/** What is kept, and for how long; {@code docs/operations.md} lists the settings. */
@ConfigMapping(prefix = "arrears.retention")
public interface Retention {

  /**
   * How long items are kept after the day of their usage, for example {@code P13M}. Older ones are
   * not taken in, and days of which everything is billed are dropped. At least two months: a month
   * must be over, and billed, before it goes.
   */
  @WithDefault("P13M")
  @WithConverter(Kept.class)
  Period items();

  /** How long the dropping of a day waits for readers, while items wait behind it. */
  @WithDefault("2s")
  Duration lockWait();

  /** Refuses, at the start, what is no period or no sensible one. */
  final class Kept implements Converter<Period> {

    private static final long serialVersionUID = 1;

    /** No two months are longer than the two from here on. */
    private static final LocalDate JULY = LocalDate.of(2001, 7, 1);

    @Override
    public Period convert(String value) {
      try {
        Period period = Period.parse(value.strip());
        LocalDate end = JULY.plus(period);
        if (!end.isBefore(JULY.plusMonths(2)) && !end.isAfter(JULY.plusYears(100))) {
          return period;
        }
      } catch (DateTimeException | ArithmeticException e) {
        // Falls through to the one message.
      }
      throw new IllegalArgumentException(
          "ARREARS_RETENTION_ITEMS (arrears.retention.items) must be a period from two months (P2M,"
              + " P62D) to a hundred years, because a month must be billed before it goes; not "
              + value);
    }
  }
}
