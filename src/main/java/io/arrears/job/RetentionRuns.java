package io.arrears.job;

import io.arrears.billing.RetentionService;
import io.arrears.billing.RetentionService.Day;
import io.arrears.billing.RetentionService.Fate;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/** Drops the items of days that are older than they are kept, the oldest first. */
@ApplicationScoped
class RetentionRuns {

  private final RetentionService retention;
  private final MeterRegistry meters;

  RetentionRuns(RetentionService retention, MeterRegistry meters) {
    this.retention = retention;
    this.meters = meters;
  }

  /** Runs it if there are days that are old enough: once bills are made, they may go. */
  Uni<Void> ifDue(Instant now, Supplier<Uni<Void>> run) {
    return retention
        .old(now)
        .chain(days -> days.isEmpty() ? Uni.createFrom().voidItem() : run.get());
  }

  /**
   * Day by day. Where others use the items the run ends, because the wait for each further day
   * would hold up ingestion once more; the next run goes on.
   *
   * @param record of each day, before the next begins
   */
  Uni<Void> run(Instant now, Function<Tally, Uni<Void>> record) {
    return days(now, retention::drop)
        .invoke(this::meter)
        .map(RetentionRuns::tally)
        .call(record::apply)
        .select()
        .first(tally -> tally.failed == 0)
        .collect()
        .last()
        .replaceWithVoid();
  }

  /** Names each day, and what would become of it. */
  Uni<Tally> preview(Instant now) {
    return days(now, retention::look)
        .collect()
        .in(
            Tally::new,
            (sum, day) -> {
              sum.add(tally(day));
              sum.sample.append(
                  day.fate() == Fate.DROPPED
                      ? "%s would be dropped%n".formatted(day.day())
                      : "%s is kept: not all is billed of %s%n"
                          .formatted(day.day(), String.join(", ", day.unbilled())));
            });
  }

  private Multi<Day> days(Instant now, Function<LocalDate, Uni<Day>> each) {
    return retention
        .old(now)
        .onItem()
        .transformToMulti(days -> Multi.createFrom().iterable(days))
        .onItem()
        .transformToUniAndConcatenate(each::apply);
  }

  private void meter(Day day) {
    meters
        .counter("arrears.item.days", "outcome", day.fate().name().toLowerCase(Locale.ROOT))
        .increment();
  }

  private static Tally tally(Day day) {
    Tally tally = new Tally();
    tally.examined = 1;
    tally.changed = day.fate() == Fate.DROPPED ? 1 : 0;
    tally.failed = day.fate() == Fate.LOCKED ? 1 : 0;
    tally.count(day.fate().name().toLowerCase(Locale.ROOT), 1);
    day.unbilled().forEach(product -> tally.count("unbilled:" + product, 1));
    return tally;
  }
}
