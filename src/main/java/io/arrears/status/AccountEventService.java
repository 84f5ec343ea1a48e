package io.arrears.status;

import io.arrears.lifecycle.News;
import io.arrears.platform.Bell;
import io.arrears.platform.Feed;
import io.arrears.platform.Limits;
import io.arrears.platform.StampSql;
import io.arrears.platform.Tail;
import io.arrears.platform.Turns;
import io.arrears.platform.Watch;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;

/** Lets callers watch what happens to accounts, of thousands of watchers on one replica. */
@ApplicationScoped
public class AccountEventService {

  /**
   * What a watcher wants.
   *
   * @param accountIds empty means all
   * @param product only its transitions and notices; empty means all, and the ledger's entries
   */
  public record Filter(Set<String> accountIds, String product) {

    static final Filter ALL = new Filter(Set.of(), "");

    boolean wants(AccountEvent event) {
      return (accountIds.isEmpty() || accountIds.contains(event.accountId()))
          && (product.isEmpty() || product.equals(about(event)));
    }

    private static String about(AccountEvent event) {
      if (event instanceof AccountEvent.Moved moved) {
        return moved.transition().product();
      }
      return event instanceof AccountEvent.Notified notified ? notified.notice().product() : "";
    }
  }

  private final AccountEventSql sql;
  private final StampSql stamps;
  private final Turns turns;
  private final Tail<AccountEvent> tail;

  AccountEventService(AccountEventSql sql, StampSql stamps, Bell bell, Limits limits) {
    this.sql = sql;
    this.stamps = stamps;
    this.turns = new Turns(limits.catchUps());
    this.tail = new Tail<>(new Events(Filter.ALL), AccountEvent::accountId);
    bell.listen(
        topic -> {
          if (topic.isEmpty() || topic.equals(News.ACCOUNTS)) {
            tail.poke();
          }
        });
  }

  /**
   * What happens to accounts, at least once, for each account in order.
   *
   * @param from where to go on; null means from now on
   */
  public Watch<AccountEvent> watch(
      Filter filter, Feed.Cursor from, Watch.Receiver<AccountEvent> receiver) {
    Watch<AccountEvent> watch =
        new Watch<>(
            tail, new Events(filter), filter::wants, filter.accountIds(), from, turns, receiver);
    watch.open();
    return watch;
  }

  private final class Events implements Feed<AccountEvent> {

    private final Filter filter;

    Events(Filter filter) {
      this.filter = filter;
    }

    @Override
    public Uni<Horizon> horizon() {
      return stamps.horizon();
    }

    @Override
    public Uni<List<Row<AccountEvent>>> read(Cursor after, int size) {
      return sql.read(filter, after, size);
    }
  }
}
