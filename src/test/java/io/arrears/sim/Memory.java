package io.arrears.sim;

import io.arrears.core.BilledChange;
import io.arrears.core.Notice;
import io.arrears.core.Service;
import io.arrears.core.Suspension;
import io.arrears.core.SuspensionReason;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the test itself remembers of a story, to judge the account by: none of it is read from what
 * the account keeps, only from what was done to it and what it said to customers and products.
 *
 * @param balance the sum of what was posted
 * @param belowSince since when the balance is below the limit; null when it is not
 * @param notified when the customer was told of each episode
 * @param received when the customer received that
 * @param stood restrictions, also those that were lifted
 * @param erasures by product, since it was opened or reopened
 * @param billed what is billed, as said last by product
 */
record Memory(
    BigDecimal balance,
    @Nullable Instant belowSince,
    Map<Long, Instant> notified,
    Map<Long, Instant> received,
    List<Stood> stood,
    Map<String, Erasures> erasures,
    Map<String, Suspension.Billed> billed) {

  /**
   * A restriction.
   *
   * @param product empty for all of them
   * @param to when it was lifted; null while it stands
   */
  record Stood(
      String id, String product, SuspensionReason reason, Instant from, @Nullable Instant to) {

    boolean standsAt(String ofProduct, Instant at) {
      return (product.isEmpty() || product.equals(ofProduct))
          && from.isBefore(at)
          && (to == null || to.isAfter(at));
    }
  }

  /**
   * What a product was told to erase.
   *
   * @param asked with the generation that told it so first
   * @param done what it has reported after it was told
   * @param former as {@code asked}, before the service was reopened
   */
  record Erasures(Map<String, Long> asked, Set<String> done, Map<String, Long> former) {

    static final Erasures NONE = new Erasures(Map.of(), Set.of(), Map.of());

    List<String> outstanding() {
      return asked.keySet().stream().filter(each -> !done.contains(each)).sorted().toList();
    }
  }

  static Memory of(BigDecimal balance) {
    return new Memory(balance, null, Map.of(), Map.of(), List.of(), Map.of(), Map.of());
  }

  Memory posted(BigDecimal amount, Instant at, BigDecimal creditLimit) {
    return judged(balance.add(amount), at, creditLimit);
  }

  Memory judged(BigDecimal newBalance, Instant at, BigDecimal creditLimit) {
    boolean below = newBalance.add(creditLimit).signum() < 0;
    Instant since = !below ? null : belowSince == null ? at : belowSince;
    return new Memory(newBalance, since, notified, received, stood, erasures, billed);
  }

  Memory received(long episode, Instant at) {
    return new Memory(
        balance, belowSince, notified, with(received, episode, at), stood, erasures, billed);
  }

  Memory restricted(Stood restriction) {
    List<Stood> more = new ArrayList<>(stood);
    more.add(restriction);
    return new Memory(balance, belowSince, notified, received, List.copyOf(more), erasures, billed);
  }

  Memory lifted(String id, Instant at) {
    UnaryOperator<Stood> lift =
        each ->
            each.id().equals(id)
                ? new Stood(id, each.product(), each.reason(), each.from(), at)
                : each;
    return new Memory(
        balance,
        belowSince,
        notified,
        received,
        stood.stream().map(lift).toList(),
        erasures,
        billed);
  }

  Memory reported(String product, long generation, List<String> erased) {
    Erasures before = erasures(product);
    Set<String> done = new HashSet<>(before.done());
    for (String category : erased) {
      Long asked = before.asked().get(category);
      if (asked != null && asked <= generation) {
        done.add(category);
      }
    }
    return erasing(product, new Erasures(before.asked(), done, before.former()));
  }

  Erasures erasures(String product) {
    return erasures.getOrDefault(product, Erasures.NONE);
  }

  Memory reopened(String product) {
    return erasing(product, new Erasures(Map.of(), Set.of(), erasures(product).asked()));
  }

  /** What customers and products were told. */
  Memory heard(List<Notice> notices, Collection<Service> services, Instant now) {
    Memory memory = this;
    for (Notice notice : notices) {
      if (notice.rung() == Notice.Rung.OVERDUE) {
        Map<Long, Instant> more = with(memory.notified, notice.episode(), notice.sendAt());
        memory = new Memory(balance, belowSince, more, received, stood, memory.erasures, billed);
      }
    }
    for (Service service : services) {
      if (!service.desired().clear().isEmpty()) {
        memory = memory.told(service);
      }
    }
    return memory;
  }

  Memory billing(List<BilledChange> changes) {
    Map<String, Suspension.Billed> newest = billed;
    for (BilledChange change : changes) {
      newest = with(newest, change.product(), change.billed());
    }
    return new Memory(balance, belowSince, notified, received, stood, erasures, newest);
  }

  private Memory told(Service service) {
    Erasures before = erasures(service.product());
    Map<String, Long> asked = new HashMap<>(before.asked());
    service.desired().clear().forEach(each -> asked.putIfAbsent(each, service.generation()));
    return erasing(service.product(), new Erasures(asked, before.done(), before.former()));
  }

  private Memory erasing(String product, Erasures now) {
    return new Memory(
        balance, belowSince, notified, received, stood, with(erasures, product, now), billed);
  }

  private static <K, V> Map<K, V> with(Map<K, V> map, K key, V value) {
    Map<K, V> more = new HashMap<>(map);
    more.put(key, value);
    return more;
  }
}
