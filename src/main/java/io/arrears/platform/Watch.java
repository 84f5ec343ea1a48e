package io.arrears.platform;

import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * One watcher of a feed. It catches up from the database, page by page, and then shares the tail
 * with all others; if it falls behind what the tail keeps, it catches up again. Nothing is read for
 * a receiver that is not ready, and next to nothing is kept for it.
 */
public final class Watch<E> {

  private static final int PAGE = 250;

  /** Of no event: the tail keeps none so old. */
  private static final long NO_NUMBER = -1;

  /** Who is told. Calls do not overlap. */
  public interface Receiver<E> {

    /** Whether it can take one more without storing it; {@link Watch#pump} once that changes. */
    boolean isReady();

    /** An event, and the place to go on from after it. */
    void event(E event, Feed.Cursor at);

    /** Nothing happened up to a place. */
    void nothing(Feed.Cursor at);

    void failed(Throwable failure);
  }

  private final Tail<E> tail;
  private final Feed<E> feed;
  private final Predicate<E> wanted;
  private final Collection<String> groups;
  private final Turns turns;
  private final Receiver<E> receiver;

  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicReference<Loaded<E>> loaded = new AtomicReference<>();
  private volatile boolean cancelled;
  private volatile boolean beat = true;
  private volatile long news = NO_NUMBER;

  // Below: touched by one call of pump at a time.
  private boolean started;
  private boolean live;
  private boolean loading;
  private boolean idle;

  /**
   * Where in the tail to go on once this round is read: all that is not in the tail from here on
   * was committed before the round began. None within a round that somebody else began, whose token
   * this is.
   */
  private long number = NO_NUMBER;

  private Feed.Cursor cursor;
  private List<Feed.Row<E>> page = List.of();
  private int next;
  private boolean lastPage;

  private record Loaded<E>(Feed.Cursor from, List<Feed.Row<E>> rows) {}

  /**
   * @param feed what is wanted of the feed, from the database
   * @param wanted the same, of the tail's events
   * @param groups that events must be of, as the tail groups them; empty means all
   * @param from where to go on; null means from now on
   * @param turns of all who catch up
   */
  public Watch(
      Tail<E> tail,
      Feed<E> feed,
      Predicate<E> wanted,
      Collection<String> groups,
      Feed.Cursor from,
      Turns turns,
      Receiver<E> receiver) {
    this.tail = tail;
    this.feed = feed;
    this.wanted = wanted;
    this.groups = groups;
    this.cursor = from;
    this.turns = turns;
    this.receiver = receiver;
  }

  /** Begins to watch. */
  public void open() {
    tail.add(this, groups);
    tail.started()
        .chain(feed::horizon)
        .subscribe()
        .with(
            horizon -> {
              if (cursor != null && cursor.stamp() > horizon.newest() && !cursor.backlog()) {
                fail(lost());
                return;
              }
              loaded.set(new Loaded<>(null, List.of()));
              pump();
            },
            this::fail);
  }

  private static Rejection lost() {
    return Rejection.of(
        Rejection.Kind.FAILED_PRECONDITION,
        "RESUME_TOKEN_LOST",
        "resume_token is newer than the database, which was set back: read the state anew, and"
            + " watch without a token");
  }

  private void fail(Throwable failure) {
    if (!cancelled) {
      cancel();
      receiver.failed(failure);
    }
  }

  /** Ends it; safe to call at any time, and again. */
  public void cancel() {
    cancelled = true;
    tail.remove(this, groups);
  }

  /** Tells the receiver how far nothing has happened, or what did. */
  public void beat() {
    beat = true;
    pump();
  }

  /** An event with this number, and perhaps more after it, are of interest. */
  void news(long from) {
    synchronized (loaded) {
      news = news < 0 ? from : Math.min(news, from);
    }
    pump();
  }

  /** Tells what there is to tell, as far as the receiver is ready. */
  public void pump() {
    if (calls.getAndIncrement() > 0) {
      return;
    }
    int done = 1;
    do {
      done = calls.get();
      try {
        tell();
      } catch (RuntimeException e) {
        fail(e);
      }
    } while (calls.addAndGet(-done) > 0);
  }

  private void tell() {
    take(loaded.getAndSet(null));
    while (started && !cancelled && receiver.isReady()) {
      boolean more = live ? tellLive() : catchUp();
      if (!more) {
        break;
      }
    }
    if (started && !cancelled && beat && receiver.isReady()) {
      beat = false;
      receiver.nothing(place());
    }
    if (next < page.size()) {
      page = List.of(); // It is read again when the receiver is ready.
      next = 0;
      lastPage = false;
    }
  }

  private void take(Loaded<E> arrived) {
    if (arrived == null) {
      return;
    }
    if (!started) {
      started = true;
      live = cursor == null;
      if (live) {
        cursor = tail.cursor();
        number = tail.end();
      }
      return;
    }
    loading = false;
    cursor = arrived.from();
    page = arrived.rows();
    next = 0;
    lastPage = page.size() < PAGE;
  }

  private Feed.Cursor place() {
    Feed.Cursor told = tail.cursor();
    if (live && idle && news < 0) {
      cursor = told;
    }
    return cursor;
  }

  private boolean tellLive() {
    if (idle) {
      synchronized (loaded) {
        if (news < 0) {
          return false;
        }
        number = Math.max(number, news);
        news = NO_NUMBER;
      }
      idle = false;
    }
    if (!tail.keeps(number)) {
      live = false;
      return true;
    }
    List<Tail.Entry<E>> entries = tail.from(number, PAGE);
    for (int i = 0; i < entries.size() && receiver.isReady(); i++) {
      Tail.Entry<E> entry = entries.get(i);
      number++;
      cursor = entry.at();
      if (wanted.test(entry.event())) {
        receiver.event(entry.event(), cursor);
      }
    }
    idle = entries.isEmpty();
    return true;
  }

  private boolean catchUp() {
    if (next < page.size()) {
      Feed.Row<E> row = page.get(next++);
      cursor = cursor.after(row);
      receiver.event(row.event(), cursor);
      return true;
    }
    if (lastPage) {
      lastPage = false;
      cursor = Feed.Cursor.from(cursor.round());
      live = tail.keeps(number);
      idle = false;
      return true;
    }
    if (!loading) {
      loading = true;
      load();
    }
    return false;
  }

  private void load() {
    if (cursor.round() == 0) {
      number = tail.end();
    }
    Feed.Cursor from = cursor;
    turns
        .take(
            () ->
                from.round() > 0
                    ? read(from)
                    : feed.horizon().chain(horizon -> read(from.during(horizon.oldest()))))
        .subscribe()
        .with(
            arrived -> {
              loaded.set(arrived);
              pump();
            },
            this::fail);
  }

  private Uni<Loaded<E>> read(Feed.Cursor from) {
    return cancelled
        ? Uni.createFrom().item(new Loaded<>(from, List.of()))
        : feed.read(from, PAGE).map(rows -> new Loaded<>(from, rows));
  }
}
