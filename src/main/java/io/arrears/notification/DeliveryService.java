package io.arrears.notification;

import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Deadlines;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Sends what is due, by every channel. */
@ApplicationScoped
public class DeliveryService {

  private final DeliverySql sql;
  private final Courier mail;
  private final Courier webhooks;

  DeliveryService(
      DeliverySql sql,
      MailSender mail,
      WebhookSender webhooks,
      DeliveryLimits limits,
      ArrearsClock clock,
      Deadlines deadlines,
      MeterRegistry meters) {
    this.sql = sql;
    BiConsumer<Channel, String> meter = (channel, what) -> count(meters, channel, what);
    this.mail = new Courier(mail, sql, limits, clock, deadlines, meter);
    this.webhooks = new Courier(webhooks, sql, limits, clock, deadlines, meter);
  }

  private static void count(MeterRegistry meters, Channel channel, String what) {
    meters.counter("arrears.deliveries", "channel", word(channel), "outcome", what).increment();
  }

  private static String word(Channel channel) {
    return channel.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Sends all that is due now, by channels that do not wait for each other.
   *
   * @return how many ended how: {@code sent:email}, {@code failed:webhook} for another attempt,
   *     {@code parked:…}, {@code withdrawn:…} for want of an address
   */
  public Uni<Map<String, Long>> deliver() {
    return Uni.combine()
        .all()
        .unis(mail.deliver(), webhooks.deliver())
        .asTuple()
        .map(
            both -> {
              Map<String, Long> counts = new TreeMap<>();
              both.getItem1()
                  .forEach((what, many) -> counts.put(what + ":" + word(Channel.EMAIL), many));
              both.getItem2()
                  .forEach((what, many) -> counts.put(what + ":" + word(Channel.WEBHOOK), many));
              return counts;
            });
  }

  /** Sends what is due, and does not wait for it. */
  public void wake() {
    mail.wake();
    webhooks.wake();
  }

  void stop(@Observes ShutdownEvent stopping) {
    mail.stop();
    webhooks.stop();
  }

  /** How many would be sent: {@code due:email} and so on. */
  public Uni<Map<String, Long>> due(Instant now) {
    return sql.due(now).map(due -> words("due:", due));
  }

  /** How many were given up, by channel; of those of all days. */
  public Uni<Map<String, Long>> parked() {
    return sql.parked().map(parked -> words("", parked));
  }

  private static Map<String, Long> words(String before, Map<Channel, Long> counts) {
    Map<String, Long> words = new TreeMap<>();
    counts.forEach((channel, many) -> words.put(before + word(channel), many));
    return words;
  }

  /**
   * When something is to be sent next, after an instant, or to a receiver that was left alone; null
   * if nothing is.
   */
  public Uni<Instant> nextAfter(Instant now) {
    return sql.nextAfter(now)
        .map(
            due ->
                Stream.of(due, mail.nextTry(), webhooks.nextTry())
                    .filter(each -> each != null && each.isAfter(now))
                    .min(Comparator.naturalOrder())
                    .orElse(null));
  }

  /**
   * A notification that was delivered, of which the account does not know yet.
   *
   * @param deliveredAt the first time that a channel confirmed it
   */
  public record Receipt(String accountId, long episode, Instant deliveredAt) {}

  /** The receipts of so many accounts. */
  public Uni<List<Receipt>> receipts(SqlConnection connection, int accounts) {
    return sql.receipts(connection, accounts);
  }

  /** The accounts know of these, by what is written in the same transaction. */
  public Uni<Void> known(SqlConnection connection, List<Receipt> receipts) {
    return sql.known(connection, receipts);
  }
}
