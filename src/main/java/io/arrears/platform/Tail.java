package io.arrears.platform;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The newest events of a feed, read once for all who watch it here. It keeps a bounded number of
 * them: who falls behind that reads the database by itself.
 */
public final class Tail<E> {

  private static final Logger LOG = Logger.getLogger(Tail.class);
  private static final int PAGE = 1000;
  private static final int KEPT = 8192;
  private static final int REMEMBERED = 100_000;

  /** An event that is kept, and the place from which to go on after it. */
  record Entry<E>(E event, Feed.Cursor at) {}

  private final Feed<E> feed;
  private final Function<E, String> group;
  private final List<Entry<E>> kept = new ArrayList<>();
  private final Map<String, Long> seen = new LinkedHashMap<>();
  private final Set<Watch<E>> ofAll = new LinkedHashSet<>();
  private final Map<String, Set<Watch<E>>> byGroup = new HashMap<>();
  private Uni<Void> started;
  private long end;
  private Feed.Cursor cursor;
  private boolean begun;
  private boolean reading;
  private boolean again;

  /**
   * @param group what watchers can be interested in
   */
  public Tail(Feed<E> feed, Function<E, String> group) {
    this.feed = feed;
    this.group = group;
  }

  private Uni<Void> start() {
    return feed.horizon()
        .map(horizon -> Feed.Cursor.from(horizon.oldest()).during(horizon.oldest()))
        .chain(this::passOver)
        .memoize()
        .until(() -> !hasBegun());
  }

  /** What has been committed by now is nothing new, though it is read again. */
  private Uni<Void> passOver(Feed.Cursor from) {
    return feed.read(from, PAGE)
        .chain(
            rows -> {
              synchronized (this) {
                rows.forEach(row -> seen.put(row.key(), row.stamp()));
              }
              if (rows.size() == PAGE) {
                return passOver(from.after(rows.get(PAGE - 1)));
              }
              startFrom(from.round());
              return Uni.createFrom().voidItem();
            });
  }

  private synchronized void startFrom(long horizon) {
    if (!begun) {
      cursor = Feed.Cursor.from(horizon);
      begun = true;
    }
  }

  private synchronized boolean hasBegun() {
    return begun;
  }

  /** From then on nothing that is committed is missed. */
  synchronized Uni<Void> started() {
    return started;
  }

  synchronized void add(Watch<E> watch, Collection<String> groups) {
    if (unwatched()) {
      begun = false; // Nobody read on meanwhile.
      started = start();
    }
    if (groups.isEmpty()) {
      ofAll.add(watch);
    }
    groups.forEach(each -> byGroup.computeIfAbsent(each, g -> new HashSet<>()).add(watch));
  }

  synchronized void remove(Watch<E> watch, Collection<String> groups) {
    ofAll.remove(watch);
    for (String each : groups) {
      Set<Watch<E>> watching = byGroup.getOrDefault(each, Set.of());
      watching.remove(watch);
      if (watching.isEmpty()) {
        byGroup.remove(each);
      }
    }
  }

  public synchronized boolean unwatched() {
    return ofAll.isEmpty() && byGroup.isEmpty();
  }

  /** The number of the next event. */
  synchronized long end() {
    return end;
  }

  /** Whether the event with a number is, or will be, among those that are kept. */
  synchronized boolean keeps(long number) {
    return number >= end - kept.size();
  }

  /** The place that all events so far lead up to. */
  synchronized Feed.Cursor cursor() {
    return cursor;
  }

  /** From a number on, at most so many; none if that number is not kept any more. */
  synchronized List<Entry<E>> from(long number, int size) {
    List<Entry<E>> found = new ArrayList<>();
    if (keeps(number)) {
      for (long i = number; i < Math.min(end, number + size); i++) {
        found.add(kept.get((int) (i % KEPT)));
      }
    }
    return found;
  }

  /** There may be something new. */
  public void poke() {
    synchronized (this) {
      if (reading || unwatched()) {
        again = reading;
        return;
      }
      reading = true;
    }
    round()
        .subscribe()
        .with(
            done -> ended(),
            failure -> {
              LOG.warnf("changes are read again: %s", failure);
              synchronized (this) {
                reading = false;
              }
            });
  }

  private void ended() {
    boolean repeat;
    synchronized (this) {
      reading = false;
      repeat = again;
      again = false;
    }
    if (repeat) {
      poke();
    }
  }

  private Uni<Void> round() {
    return started()
        .chain(feed::horizon)
        .map(Feed.Horizon::oldest)
        .chain(oldest -> pages(cursor().during(oldest)).invoke(() -> next(oldest)));
  }

  private Uni<Void> pages(Feed.Cursor from) {
    return feed.read(from, PAGE)
        .chain(
            rows -> {
              publish(rows, from);
              return rows.size() < PAGE
                  ? Uni.createFrom().voidItem()
                  : pages(from.after(rows.get(rows.size() - 1)));
            });
  }

  private synchronized void next(long oldest) {
    cursor = Feed.Cursor.from(oldest);
    seen.values().removeIf(stamp -> stamp < oldest);
  }

  private void publish(List<Feed.Row<E>> rows, Feed.Cursor from) {
    Map<Watch<E>, Long> news = new LinkedHashMap<>();
    synchronized (this) {
      for (Feed.Row<E> row : rows) {
        Long before = seen.put(row.key(), row.stamp());
        if (before == null || before != row.stamp()) {
          long number = keep(new Entry<>(row.event(), from.after(row)));
          ofAll.forEach(watch -> news.putIfAbsent(watch, number));
          byGroup
              .getOrDefault(group.apply(row.event()), Set.of())
              .forEach(watch -> news.putIfAbsent(watch, number));
        }
      }
      Iterator<String> oldest = seen.keySet().iterator();
      while (seen.size() > REMEMBERED) {
        oldest.next();
        oldest.remove();
      }
    }
    news.forEach(Watch::news);
  }

  private long keep(Entry<E> entry) {
    if (kept.size() < KEPT) {
      kept.add(entry);
    } else {
      kept.set((int) (end % KEPT), entry);
    }
    return end++;
  }
}
