package io.arrears.notification;

import io.arrears.core.Notice.Rung;
import io.arrears.platform.ArrearsClock;
import io.arrears.platform.Deadlines;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;

/**
 * Sends what is due by one channel, much at a time and never more than its bounds. It writes down
 * what has ended, claims what there is room for, and starts that; then it waits for something to
 * end. No connection is held meanwhile. Of these turns one is taken at a time.
 */
final class Courier {

  private static final Logger LOG = Logger.getLogger(Courier.class);

  /** A lease outlasts every attempt by far: only who died loses it. */
  private static final Duration BEYOND_TIMEOUT = Duration.ofSeconds(50);

  private final Sender sender;
  private final DeliverySql sql;
  private final DeliveryLimits limits;
  private final ArrearsClock clock;
  private final Deadlines deadlines;
  private final int atATime;
  private final int perReceiver;
  private final BiConsumer<Channel, String> meter;
  private final Receivers receivers;

  private volatile boolean stopped;
  private volatile Instant nextTry;

  private final AtomicInteger turns = new AtomicInteger();
  private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
  private final Queue<UniEmitter<? super Map<String, Long>>> waiting =
      new ConcurrentLinkedQueue<>();

  // Below: touched by one turn at a time.
  private Map<String, Long> counts = new HashMap<>();
  private int underWay;
  private final List<UniEmitter<? super Map<String, Long>>> present = new ArrayList<>();

  private record Ended(Delivery delivery, Attempt attempt) {}

  /**
   * @param meter hears of each end, by the word that counts have for it
   */
  Courier(
      Sender sender,
      DeliverySql sql,
      DeliveryLimits limits,
      ArrearsClock clock,
      Deadlines deadlines,
      BiConsumer<Channel, String> meter) {
    this.sender = sender;
    this.sql = sql;
    this.limits = limits;
    this.clock = clock;
    this.deadlines = deadlines;
    this.meter = meter;
    boolean mail = sender.channel() == Channel.EMAIL;
    this.atATime = mail ? limits.mailsAtATime() : limits.atATime();
    this.perReceiver = mail ? limits.mailsAtATime() : limits.perReceiver();
    // On a virtual clock a second may never pass; mail servers have limits of their own.
    this.receivers =
        new Receivers(limits, perReceiver, mail || clock.virtual() ? 0 : limits.perSecond());
  }

  /** Sends all that is due, and says what became of it: {@code sent}, {@code parked} and so on. */
  Uni<Map<String, Long>> deliver() {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              waiting.add(emitter);
              turn();
            });
  }

  /**
   * When a receiver that is left alone is tried again, as of the last {@link #deliver}; or null.
   */
  Instant nextTry() {
    return nextTry;
  }

  /** Claims nothing any more; what is under way goes on. */
  void stop() {
    stopped = true;
  }

  /** Looks for something to send, and does not wait for it. */
  void wake() {
    turn();
  }

  private void turn() {
    if (turns.getAndIncrement() == 0) {
      run();
    }
  }

  private void run() {
    int seen = turns.get();
    round()
        .subscribe()
        .with(
            done -> next(seen),
            failure -> {
              LOG.warnf("notifications are tried again: %s", failure);
              present.forEach(each -> each.fail(failure));
              present.clear();
              next(seen);
            });
  }

  private void next(int seen) {
    if (turns.addAndGet(-seen) > 0) {
      run();
    }
  }

  private Uni<Void> round() {
    // Who comes later waits for a round that looks at what is there by then.
    for (var each = waiting.poll(); each != null; each = waiting.poll()) {
      present.add(each);
    }
    return finish().chain(this::start);
  }

  private Uni<Void> finish() {
    Instant now = clock.instant();
    List<Ended> all = new ArrayList<>();
    for (Ended each = ended.poll(); each != null; each = ended.poll()) {
      all.add(each);
    }
    if (all.isEmpty()) {
      return Uni.createFrom().voidItem();
    }
    List<DeliverySql.Finished> finished = all.stream().map(each -> finished(each, now)).toList();
    Map<String, Instant> leftAlone = new HashMap<>();
    for (Ended each : all) {
      underWay--;
      String receiver = each.delivery().receiver();
      Instant until = receivers.ended(receiver, each.attempt().receiverWorks(), now);
      if (until != null) {
        leftAlone.put(receiver, until);
      }
    }
    Uni<Void> written = sql.finish(finished).invoke(() -> count(finished));
    for (Map.Entry<String, Instant> each : leftAlone.entrySet()) {
      LOG.infof("%s %s is left alone until %s", sender.channel(), each.getKey(), each.getValue());
      written =
          written.chain(
              () ->
                  sql.pushBack(
                      sender.channel(),
                      each.getKey(),
                      each.getValue(),
                      now,
                      now.minus(limits.giveUpAfter())));
    }
    return written;
  }

  private DeliverySql.Finished finished(Ended each, Instant now) {
    Delivery delivery = each.delivery();
    Delivery.Key key = delivery.key();
    Attempt attempt = each.attempt();
    return switch (attempt.result()) {
      case DELIVERED ->
          new DeliverySql.Finished(key, "SENT", null, now, "", key.rung() == Rung.OVERDUE);
      case POINTLESS -> new DeliverySql.Finished(key, "WITHDRAWN", null, null, "", false);
      case REFUSED -> new DeliverySql.Finished(key, "PARKED", null, null, attempt.error(), false);
      case FAILED -> {
        Instant again =
            Backoff.next(
                limits,
                delivery.attempt(),
                delivery.firstAttemptAt(),
                now,
                delivery.notificationId());
        String state = again == null ? "PARKED" : "PENDING";
        yield new DeliverySql.Finished(key, state, again, null, attempt.error(), false);
      }
    };
  }

  private void count(List<DeliverySql.Finished> all) {
    for (DeliverySql.Finished each : all) {
      String what =
          switch (each.state()) {
            case "SENT" -> "sent";
            case "PARKED" -> "parked";
            case "WITHDRAWN" -> "withdrawn";
            default -> "failed";
          };
      counts.merge(what, 1L, Long::sum);
      meter.accept(sender.channel(), what);
      if (each.state().equals("PARKED")) {
        LOG.warnf(
            "parked: %s of account %s by %s: %s",
            each.key().rung(), each.key().accountId(), sender.channel(), each.error());
      }
    }
  }

  private Uni<Void> start() {
    Instant now = clock.instant();
    int room = atATime - underWay;
    if (room <= 0 || stopped) {
      return Uni.createFrom().voidItem();
    }
    Duration lease = limits.timeout().plus(BEYOND_TIMEOUT);
    return sql.claim(
            sender.channel(),
            now,
            room,
            receivers.closed(now),
            receivers.rooms(now),
            perReceiver,
            lease)
        .invoke(claimed -> start(claimed, now))
        .replaceWithVoid();
  }

  private void start(List<Delivery> claimed, Instant now) {
    for (Delivery delivery : claimed) {
      underWay++;
      receivers.began(delivery.receiver(), now);
    }
    for (Delivery delivery : claimed) {
      attempt(delivery)
          .subscribe()
          .with(
              attempt -> {
                ended.add(new Ended(delivery, attempt));
                turn();
              });
    }
    if (!claimed.isEmpty()) {
      turn(); // There may be more, for other receivers.
    } else if (underWay == 0 && ended.isEmpty()) {
      idle();
    }
  }

  private Uni<Attempt> attempt(Delivery delivery) {
    if (delivery.address().isEmpty()) {
      return Uni.createFrom().item(Attempt.POINTLESS);
    }
    return deadlines
        .bound(
            Uni.createFrom().deferred(() -> sender.send(delivery)),
            limits.timeout(),
            () -> new TimeoutException("no answer within " + limits.timeout()))
        .onFailure()
        .recoverWithItem(failure -> Attempt.failed(String.valueOf(failure.getMessage())));
  }

  private void idle() {
    if (present.isEmpty()) {
      return;
    }
    nextTry = receivers.nextTry(clock.instant());
    Map<String, Long> told = Map.copyOf(counts);
    counts = new HashMap<>();
    List<UniEmitter<? super Map<String, Long>>> all = List.copyOf(present);
    present.clear();
    all.forEach(each -> each.complete(told));
  }
}
