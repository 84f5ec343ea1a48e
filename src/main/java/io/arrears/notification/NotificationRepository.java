package io.arrears.notification;

import io.arrears.core.Notice;
import io.quarkus.hibernate.reactive.panache.Panache;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.stream.Collectors;
import org.hibernate.reactive.mutiny.Mutiny;

/** The outbox of single accounts. */
@ApplicationScoped
public class NotificationRepository {

  private static final String NOTICE =
      NotificationSql.INSERT
          + """
      from (select cast(:account as text) as account_id, cast(:episode as bigint) as episode,
                   cast(:rung as text) as rung, cast(:product as text) as product,
                   cast(:detail as text) as detail, cast(:id as text) as notification_id,
                   cast(cast(:at as text) as timestamptz) as at,
                   cast(cast(:due as text) as numeric) as amount_due,
                   cast(cast(:sendAt as text) as timestamptz) as send_at,
                   cast(:zone as text) as time_zone, nullif(:nextState, '') as next_state,
                   cast(nullif(:nextAt, '') as timestamptz) as next_at) n
        cross join (select cast(:mail as boolean) as mail) m
      """
          + NotificationSql.CHANNELS;

  private static final String WITHDRAW =
      """
      update notification set state = 'WITHDRAWN'
      where account_id = :account and product = :product and state = 'PENDING'
        and episode between :first and :last and rung in (%s)
      """
          .formatted(
              Notice.Rung.MOOT_ONCE_CLEARED.stream()
                  .map(rung -> "'" + rung + "'")
                  .collect(Collectors.joining(", ")));

  private final MailSettings mail;

  NotificationRepository(MailSettings mail) {
    this.mail = mail;
  }

  /** Writes to the outbox, in the transaction of what caused it. */
  public Uni<Void> append(List<Notice> notices) {
    if (notices.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    // An address that this command changes counts already.
    Uni<Void> all = Panache.getSession().chain(Mutiny.Session::flush);
    for (Notice notice : notices) {
      all = all.chain(() -> append(notice));
    }
    return all;
  }

  private Uni<Void> append(Notice notice) {
    Notice.Next next = notice.next();
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(NOTICE)
                    .setParameter("account", notice.accountId())
                    .setParameter("episode", notice.episode())
                    .setParameter("rung", notice.rung().name())
                    .setParameter("product", notice.product())
                    .setParameter("detail", notice.detail())
                    .setParameter("id", notice.id())
                    .setParameter("at", notice.at().toString())
                    .setParameter("due", notice.amountDue().toPlainString())
                    .setParameter("sendAt", notice.sendAt().toString())
                    .setParameter("zone", notice.zone() == null ? "" : notice.zone().getId())
                    .setParameter("nextState", next == null ? "" : next.state().name())
                    .setParameter("nextAt", next == null ? "" : next.at().toString())
                    .setParameter("mail", mail.configured())
                    .executeUpdate())
        .replaceWithVoid();
  }

  /** What was not sent yet of what announces arrears that are cleared. */
  public Uni<Void> withdraw(List<Notice.Withdrawal> withdrawals) {
    Uni<Void> all = Uni.createFrom().voidItem();
    for (Notice.Withdrawal each : withdrawals) {
      all = all.chain(() -> withdraw(each));
    }
    return all;
  }

  private Uni<Void> withdraw(Notice.Withdrawal each) {
    return Panache.getSession()
        .chain(
            session ->
                session
                    .createNativeQuery(WITHDRAW)
                    .setParameter("account", each.accountId())
                    .setParameter("product", each.product())
                    .setParameter("first", each.fromEpisode())
                    .setParameter("last", each.toEpisode())
                    .executeUpdate())
        .replaceWithVoid();
  }
}
