package io.arrears.platform;

import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * Rows that watchers are told of as they are committed, in the order of their stamps: what a {@link
 * Tail} follows and a {@link Watch} catches up with (docs/adr/0010-stamps.md).
 */
public interface Feed<E> {

  /**
   * A place in a feed. All that was committed before {@code round} began has been told up to {@code
   * stamp} and {@code key}; whatever committed since then has a stamp of {@code round} or above.
   *
   * @param backlog whether it is within what waited before the feed was watched
   * @param round from where the next round reads; 0 where this one has not begun
   */
  record Cursor(boolean backlog, long round, long stamp, String key) {

    public static final Cursor BACKLOG = new Cursor(true, 0, 0, "");

    public static Cursor from(long stamp) {
      return new Cursor(false, 0, stamp, "");
    }

    Cursor during(long nextRound) {
      return new Cursor(backlog, nextRound, stamp, key);
    }

    Cursor after(Row<?> row) {
      return new Cursor(backlog, round, row.stamp(), row.key());
    }
  }

  /**
   * An event with its place.
   *
   * @param key tells events of one stamp apart
   */
  record Row<E>(E event, long stamp, String key) {}

  /**
   * Between which stamps the transactions are that are under way.
   *
   * @param oldest that something may still be committed under
   * @param newest that something may have been committed under
   */
  record Horizon(long oldest, long newest) {}

  Uni<Horizon> horizon();

  /** What comes after a place, at most so much. */
  Uni<List<Row<E>>> read(Cursor after, int size);
}
