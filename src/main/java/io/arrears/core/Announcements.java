package io.arrears.core;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a customer is told, when, and what need not be told any more. */
final class Announcements {

  private final Portfolio portfolio;
  private final String accountId;
  private final @Nullable ZoneId zone;
  private final long episodesBefore;
  private final Set<Long> openBefore;
  private final List<Notice> notices = new ArrayList<>();

  Announcements(Account.State state, Portfolio portfolio) {
    this.portfolio = portfolio;
    this.accountId = state.accountId();
    this.zone = state.zone();
    this.episodesBefore = state.episodes();
    this.openBefore = open();
  }

  private Set<Long> open() {
    return portfolio.episodes().map(Arrears::episode).collect(Collectors.toSet());
  }

  List<Notice> notices() {
    return notices;
  }

  /**
   * Tells it, as soon as the hour allows.
   *
   * @param at the instant of what is told
   */
  void tell(
      Notice.Rung rung,
      long episode,
      String product,
      String detail,
      Instant at,
      BigDecimal amountDue,
      Instant now) {
    Instant sendAt = sendAt(product, now);
    boolean good = rung == Notice.Rung.RESTORED || rung == Notice.Rung.CLEARED;
    notices.add(
        new Notice(
            accountId,
            episode,
            rung,
            product,
            detail,
            at,
            amountDue,
            sendAt,
            zone(product, now),
            good ? null : next(product, sendAt, now)));
  }

  private Collection<Service> concerned(String product) {
    return product.isEmpty() ? portfolio.all() : List.of(portfolio.service(product));
  }

  /**
   * When something is sent that is to be told now.
   *
   * @param product that it is about; for the account as a whole, all its products' quiet hours
   *     count
   */
  Instant sendAt(String product, Instant now) {
    Instant at = now;
    // Twice, because the end of one product's may lie within another's.
    for (int round = 0; round < 2; round++) {
      for (Service service : concerned(product)) {
        Policy policy = portfolio.policy(service, now);
        if (policy.quietHours() != null) {
          at = policy.quietHours().sendAt(at, zone == null ? policy.billing().zone() : zone);
        }
      }
    }
    return at;
  }

  private @Nullable ZoneId zone(String product, Instant now) {
    return zone != null
        ? zone
        : concerned(product).stream()
            .map(service -> portfolio.policy(service, now).billing().zone())
            .findFirst()
            .orElse(null);
  }

  private Notice.@Nullable Next next(String product, Instant sendAt, Instant now) {
    return concerned(product).stream()
        .filter(service -> !product.isEmpty() || portfolio.arrears(service, now) != null)
        .map(service -> next(service, sendAt, now))
        .filter(Objects::nonNull)
        .min(Comparator.comparing(Notice.Next::at))
        .orElse(null);
  }

  /** The earliest that can come: as if the customer confirmed the receipt at once. */
  private Notice.@Nullable Next next(Service service, Instant sendAt, Instant now) {
    Policy policy = portfolio.policy(service, now);
    Facts facts = portfolio.facts(service, now).readAt(sendAt, policy.grace());
    return Lifecycle.schedule(facts, policy, now).stream()
        .map(Announcements::felt)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static Notice.@Nullable Next felt(Step step) {
    return switch (step.rule()) {
      case GRACE_EXPIRED, STAGE_REACHED -> new Notice.Next(ServiceState.SUSPENDED, step.at());
      case OVERDUE_RETENTION_EXPIRED, SUSPENSION_RETENTION_EXPIRED, VIOLATION_RETENTION_EXPIRED ->
          new Notice.Next(ServiceState.REPOSSESSED, step.at());
      case CLEARING_STARTED -> new Notice.Next(ServiceState.CLEARED, step.at());
      default -> null;
    };
  }

  /**
   * What announces arrears that are cleared by now.
   *
   * @param episodes how many there were in all
   */
  List<Notice.Withdrawal> withdrawals(long episodes, Instant now) {
    Set<Long> openNow = open();
    Set<Long> ended = new TreeSet<>(openBefore);
    LongStream.rangeClosed(episodesBefore + 1, episodes).forEach(ended::add);
    ended.removeAll(openNow);
    if (ended.isEmpty()) {
      return List.of();
    }
    Stream<Notice.Withdrawal> ofAccount =
        openNow.isEmpty()
            ? Stream.of(new Notice.Withdrawal(accountId, "", 0, episodes))
            : ended.stream().map(each -> new Notice.Withdrawal(accountId, "", each, each));
    Stream<Notice.Withdrawal> ofServices =
        portfolio.all().stream()
            .filter(service -> portfolio.arrears(service, now) == null)
            .map(service -> new Notice.Withdrawal(accountId, service.product(), 0, episodes));
    return Stream.concat(ofAccount, ofServices).toList();
  }
}
