package io.arrears.billing;

import io.arrears.platform.Retention;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Lets go of the items of days that are older than they are kept, a day at a time: one partition,
 * one transaction. What is not billed stays, however old it is.
 */
@ApplicationScoped
public class RetentionService {

  private static final Logger LOG = Logger.getLogger(RetentionService.class);

  private final Pool pool;
  private final RetentionSql sql;
  private final Retention retention;

  RetentionService(Pool pool, RetentionSql sql, Retention retention) {
    this.pool = pool;
    this.sql = sql;
    this.retention = retention;
  }

  /** What became of a day, or would. */
  public enum Fate {
    DROPPED,
    /** Something of it is on no bill. */
    UNBILLED,
    /** Readers or writers did not make room in time. */
    LOCKED
  }

  /**
   * An old day.
   *
   * @param unbilled the products, each with its cycle, of which something is on no bill
   */
  public record Day(LocalDate day, Fate fate, List<String> unbilled) {}

  /**
   * Days that hold items and are older than they are kept, by the day that it is in the last time
   * zone to reach it: of none of them is an item taken in any more. The oldest comes first.
   */
  public Uni<List<LocalDate>> old(Instant now) {
    LocalDate firstKept =
        now.atOffset(ZoneOffset.UTC).toLocalDate().minusDays(1).minus(retention.items());
    return pool.withConnection(sql::days)
        .map(days -> days.stream().filter(day -> day.isBefore(firstKept)).toList());
  }

  /** What {@link #drop} would do. */
  public Uni<Day> look(LocalDate day) {
    return pool.withConnection(connection -> sql.unbilled(connection, day))
        .map(unbilled -> judged(day, unbilled));
  }

  private static Day judged(LocalDate day, List<Epoch.Key> unbilled) {
    return new Day(
        day,
        unbilled.isEmpty() ? Fate.DROPPED : Fate.UNBILLED,
        unbilled.stream().map(key -> key.product() + " " + key.cycle()).toList());
  }

  /**
   * Drops a day if all of it is billed. It is looked at first without a lock, and once more under
   * it, because late items may have come meanwhile. The lock keeps all items from coming in, so it
   * is waited for no longer than {@code arrears.retention.lock-wait}. (A detachment that runs
   * beside the writers cannot be in one transaction with the second look.)
   */
  public Uni<Day> drop(LocalDate day) {
    return look(day)
        .chain(
            seen -> seen.fate() == Fate.UNBILLED ? Uni.createFrom().item(seen) : dropUnderLock(day))
        .onFailure(RetentionSql::locked)
        .recoverWithItem(() -> new Day(day, Fate.LOCKED, List.of()))
        .invoke(RetentionService::warn);
  }

  private Uni<Day> dropUnderLock(LocalDate day) {
    return pool.withTransaction(
        connection ->
            sql.lock(connection, retention.lockWait())
                .chain(() -> sql.unbilled(connection, day))
                .map(unbilled -> judged(day, unbilled))
                .call(
                    seen ->
                        seen.fate() == Fate.DROPPED
                            ? sql.drop(connection, day)
                            : Uni.createFrom().voidItem()));
  }

  private static void warn(Day day) {
    switch (day.fate()) {
      case UNBILLED ->
          LOG.warnf("the items of %s are kept: not all is billed of %s", day.day(), day.unbilled());
      case LOCKED ->
          LOG.warnf("the items of %s are kept until the next run: others use them", day.day());
      case DROPPED -> LOG.infof("the items of %s are dropped", day.day());
    }
  }
}
