package io.arrears.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** What happens to an account by itself: episodes that begin and steps that fall due, in order. */
abstract sealed class AccountSteps extends AccountView permits Account {

  AccountSteps(
      Account.State state,
      Collection<Service> services,
      Circumstances circumstances,
      Function<String, PolicyHistory> policies) {
    super(state, services, circumstances, policies);
  }

  final void judge(Instant at, Instant now) {
    long before = episodes.count();
    episodes.judge(at, now);
    announce(before, now);
  }

  /** Of each episode that has just begun the customer is told once (S3). */
  private void announce(long before, Instant now) {
    for (long episode = before + 1; episode <= episodes.count(); episode++) {
      Instant since = Objects.requireNonNull(arrears(episode)).overdueSince();
      announcements.tell(Notice.Rung.OVERDUE, episode, "", "", since, amountDue(now), now);
    }
  }

  final void settle(Instant until, Instant now, String actor) {
    Service opens = episodes.opensFirst(until, now);
    while (opens != null) {
      Instant at = Objects.requireNonNull(episodes.opensAt(opens, now));
      moveAll(at, now, actor);
      long before = episodes.count();
      episodes.open(portfolio.service(opens.product()), at, now);
      announce(before, now);
      opens = episodes.opensFirst(until, now);
    }
    moveAll(until, now, actor);
    if (!until.isBefore(now)) {
      portfolio.all().forEach(service -> remind(service, now));
      breakPromises(now);
      portfolio.desire(journal::lastRule, now);
    }
  }

  private void moveAll(Instant until, Instant now, String actor) {
    record Due(String product, Course.Move move) {}
    List<Due> due = new ArrayList<>();
    for (Service service : portfolio.all()) {
      for (Course.Move move : portfolio.through(service, until).moves()) {
        due.add(new Due(service.product(), move));
      }
    }
    due.sort(Comparator.comparing(d -> d.move().step().at()));
    due.forEach(d -> move(d.product(), d.move(), now, actor));
  }

  final void move(String product, Course.Move move, Instant now, String actor) {
    Service service = portfolio.service(product);
    Step step = move.step();
    Standing after = service.standing().after(step);
    Service moved = service.standing(after, move.pinned());
    portfolio.put(step.rule() == Rule.ARREARS_CLEARED ? moved.reminded(Map.of()) : moved);
    journal.moved(service, move, after, why(service, move), now, actor);
    Notice.Rung news = Journal.news(service.standing(), step);
    if (news != null && move.policy().notices().contains(news)) {
      notice(news, product, String.valueOf(journal.sequence()), step.at(), now);
    }
  }

  private String why(Service service, Course.Move move) {
    return Explanations.of(
        move.step(),
        move.policy(),
        new Money(book.balance(), currency),
        new Money(creditLimit, currency),
        portfolio.arrears(service, move.step().at()),
        portfolio.clearedAt(service, move.step().at()),
        service.standing().since());
  }

  /**
   * One by one: a promised reminder that comes late, or when quiet hours end, moves what the next
   * one is about.
   */
  private void remind(Service service, Instant now) {
    Policy policy = portfolio.policy(service, now);
    Service current = service;
    Reminders.Due due = Reminders.first(portfolio.facts(current, now), policy);
    while (due != null && !due.at().isAfter(now)) {
      String id = due.reminder().id();
      Instant given = announcements.sendAt(service.product(), now);
      current = current.reminded(Service.with(current.reminded(), id, given));
      portfolio.put(current);
      notice(Notice.Rung.REMINDER, service.product(), id, now, now);
      due = Reminders.first(portfolio.facts(current, now), policy);
    }
  }

  private void breakPromises(Instant now) {
    for (Hold hold : List.copyOf(portfolio.holds.values())) {
      if (hold.cohort() == null && hold.breaksAt(now)) {
        change(hold.broken(now));
        notice(Notice.Rung.PROMISE_BROKEN, "", hold.holdId(), hold.until(), now);
      }
    }
  }

  final void notice(Notice.Rung rung, String product, String detail, Instant at, Instant now) {
    announcements.tell(rung, episodes.count(), product, detail, at, amountDue(now), now);
  }

  final void change(Hold hold) {
    portfolio.holds.put(hold.holdId(), hold);
    changedHolds.removeIf(each -> each.holdId().equals(hold.holdId()));
    changedHolds.add(hold);
  }
}
