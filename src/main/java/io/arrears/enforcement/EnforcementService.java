package io.arrears.enforcement;

import io.arrears.enforcement.EnforcementSql.Retold;
import io.arrears.platform.Bell;
import io.arrears.platform.Feed;
import io.arrears.platform.Limits;
import io.arrears.platform.StampSql;
import io.arrears.platform.Tail;
import io.arrears.platform.Turns;
import io.arrears.platform.Watch;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tells products what they must do: as it changes, and again until they report it. */
@ApplicationScoped
public class EnforcementService {

  private static final String TOPIC = "desired:";

  private final EnforcementSql sql;
  private final StampSql stamps;
  private final Bell bell;
  private final Turns turns;
  private final Map<String, Tail<DesiredState>> tails = new HashMap<>();

  EnforcementService(EnforcementSql sql, StampSql stamps, Bell bell, Limits limits) {
    this.sql = sql;
    this.stamps = stamps;
    this.bell = bell;
    this.turns = new Turns(limits.catchUps());
    bell.listen(this::poke);
  }

  /** To be called once the new desired states of products have been committed. */
  public void changed(List<String> products) {
    bell.ring(products.stream().distinct().map(TOPIC::concat).toList());
  }

  private void poke(String topic) {
    if (!topic.isEmpty() && !topic.startsWith(TOPIC)) {
      return;
    }
    List<Tail<DesiredState>> rung;
    synchronized (tails) {
      tails.values().removeIf(Tail::unwatched);
      Tail<DesiredState> one = topic.isEmpty() ? null : tails.get(topic.substring(TOPIC.length()));
      rung = topic.isEmpty() ? List.copyOf(tails.values()) : one == null ? List.of() : List.of(one);
    }
    rung.forEach(Tail::poke);
  }

  /**
   * The desired states of a product; at least once each, the newest of a service at the end.
   *
   * @param from where to go on; {@link Feed.Cursor#BACKLOG} begins with what is not yet observed
   */
  public Watch<DesiredState> watch(
      String product, Feed.Cursor from, Watch.Receiver<DesiredState> receiver) {
    Feed<DesiredState> feed = new Changes(product);
    synchronized (tails) {
      Tail<DesiredState> tail =
          tails.computeIfAbsent(product, p -> new Tail<>(feed, DesiredState::accountId));
      Watch<DesiredState> watch =
          new Watch<>(tail, feed, event -> true, List.of(), from, turns, receiver);
      watch.open();
      return watch;
    }
  }

  private final class Changes implements Feed<DesiredState> {

    private final String product;

    Changes(String product) {
      this.product = product;
    }

    @Override
    public Uni<Horizon> horizon() {
      return stamps.horizon();
    }

    @Override
    public Uni<List<Row<DesiredState>>> read(Cursor after, int size) {
      return sql.read(product, after, size);
    }
  }

  /** A place in the list of drifts. */
  public record Position(String product, String accountId) {

    public static final Position FIRST = new Position("", "");
  }

  /** What has drifted, in the order of products and accounts. */
  public Uni<List<Drift>> drifts(String product, Position after, int size) {
    return sql.drifts(product, after.product(), after.accountId(), size);
  }

  public Uni<Map<String, Long>> countDrifts() {
    return sql.countDrifts();
  }

  /**
   * What one chunk came to, by product.
   *
   * @param told how often it was told again
   * @param drifted how many services have now been behind for too long
   */
  public record Reconciled(Map<String, Long> told, Map<String, Long> drifted) {}

  /**
   * Tells again what is due, one chunk, and marks what has been behind for too long.
   *
   * @param limits by product, since when it may be behind
   */
  public Uni<Reconciled> reconcile(Instant now, Map<String, Instant> limits, int size) {
    return sql.tellAgain(now, limits, size)
        .invoke(told -> changed(told.stream().map(Retold::product).toList()))
        .map(
            told ->
                new Reconciled(
                    counted(told.stream()), counted(told.stream().filter(Retold::drifted))));
  }

  private static Map<String, Long> counted(Stream<Retold> told) {
    return told.collect(Collectors.groupingBy(Retold::product, Collectors.counting()));
  }

  /** How many of each product are to be told again. */
  public Uni<Map<String, Long>> countDue(Instant now, Map<String, Instant> limits) {
    return sql.countDue(now, limits);
  }

  /** Whether anything is to be told again. */
  public Uni<Boolean> anyDue(Instant now, Map<String, Instant> limits) {
    return sql.anyDue(now, limits);
  }
}
