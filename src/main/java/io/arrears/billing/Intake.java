package io.arrears.billing;

import io.arrears.billing.Outcome.Kind;
import io.arrears.core.BillingCalendar;
import io.arrears.core.BillingCycle;
import io.arrears.core.Policy;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** A batch of items on its way, in memory: each is judged by itself, the good ones are placed. */
final class Intake {

  /** One product of one account. */
  record ServiceKey(String accountId, String product) {}

  /** A usage day of a product and cycle. */
  record Day(String product, BillingCycle cycle, LocalDate usageDay) {}

  /** An item with its usage day. */
  record Placed(int index, Item item, LocalDate usageDay) {

    /** The order of the key: neighbours in the index together, and no two batches deadlock. */
    static final Comparator<Placed> KEY_ORDER =
        Comparator.comparing((Placed placed) -> placed.item().accountId())
            .thenComparing(placed -> placed.item().product())
            .thenComparing(Placed::usageDay)
            .thenComparing(placed -> placed.item().itemId());

    Item.Key key() {
      return new Item.Key(item.accountId(), item.product(), usageDay, item.itemId());
    }
  }

  /** What was found of accounts. */
  record Found(Map<String, String> currencies, Set<ServiceKey> opened) {}

  private final List<Item> items;

  /** The places of those whose account, currency and service are known. */
  private final BitSet known = new BitSet();

  private Found found = new Found(Map.of(), Set.of());
  private final Outcome[] outcomes;
  private List<Placed> first = new ArrayList<>();
  private final List<Placed> repeated = new ArrayList<>();

  Intake(List<Item> items) {
    this.items = items;
    this.outcomes = new Outcome[items.size()];
  }

  /** Those accounts that have to be looked up, once each. */
  Set<String> unknown(Predicate<Item> knownService) {
    Set<String> unknown = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      if (knownService.test(items.get(i))) {
        known.set(i);
      } else {
        unknown.add(items.get(i).accountId());
      }
    }
    return unknown;
  }

  /** Takes what was found of those. */
  void found(Found looked) {
    this.found = looked;
  }

  /** Of items that were placed and whose services were not known before, once each. */
  Collection<Item> newlyKnown() {
    Map<ServiceKey, Item> items = new HashMap<>();
    for (Placed placed : first) {
      if (!known.get(placed.index())) {
        items.put(
            new ServiceKey(placed.item().accountId(), placed.item().product()), placed.item());
      }
    }
    return items.values();
  }

  /** Of these, the services that are not open yet. */
  Set<ServiceKey> toOpen(Collection<Item> newlyKnown) {
    Set<ServiceKey> services = new HashSet<>();
    for (Item item : newlyKnown) {
      ServiceKey service = new ServiceKey(item.accountId(), item.product());
      if (!found.opened().contains(service)) {
        services.add(service);
      }
    }
    return services;
  }

  /** Of the accounts of what is to be stored, once each. */
  Set<String> placedAccountIds() {
    Set<String> ids = new HashSet<>();
    first.forEach(each -> ids.add(each.item().accountId()));
    return ids;
  }

  /** Of items, once each. */
  Set<String> products() {
    Set<String> products = new HashSet<>();
    items.forEach(item -> products.add(item.product()));
    return products;
  }

  /** The days of a product, and the first of which items are taken in. */
  private record Days(BillingCalendar calendar, LocalDate firstKept) {}

  /** Refuses what cannot be stored, and places the rest. */
  void judge(Function<String, Optional<Policy>> policies, Period kept, Instant now) {
    Function<String, Optional<Days>> days =
        product ->
            policies
                .apply(product)
                .map(Policy::billing)
                .map(each -> new Days(each, each.usageDay(now).minus(kept)));
    Map<String, Optional<Days>> byProduct = new HashMap<>();
    List<Placed> placed = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      Item item = items.get(i);
      Days of = byProduct.computeIfAbsent(item.product(), days).orElse(null);
      outcomes[i] = refusal(i, of != null);
      if (outcomes[i] == null) {
        LocalDate usageDay = of.calendar().usageDay(item.usageEnd());
        if (usageDay.isBefore(of.firstKept())) {
          outcomes[i] = tooOld(of.firstKept(), of.calendar().zone(), kept);
        } else {
          placed.add(new Placed(i, item, usageDay));
        }
      }
    }
    placed.sort(Placed.KEY_ORDER);
    first = new ArrayList<>(placed.size());
    for (Placed each : placed) {
      Placed last = first.isEmpty() ? null : first.get(first.size() - 1);
      (last != null && Placed.KEY_ORDER.compare(last, each) == 0 ? repeated : first).add(each);
    }
  }

  private static Outcome tooOld(LocalDate firstKept, ZoneId zone, Period kept) {
    return new Outcome(
        Kind.INVALID,
        "usage_end must not be before %s in %s: items are kept for %s"
            .formatted(firstKept, zone, kept));
  }

  /** Refuses what is of days that have been dropped, though by the setting they would be kept. */
  void refuse(Set<LocalDate> dropped) {
    refuse(
        each -> dropped.contains(each.usageDay()),
        each ->
            new Outcome(
                Kind.INVALID,
                "usage_end must not be of " + each.usageDay() + ": its items have been dropped"));
  }

  /** Refuses what is of services whose data is erased: nothing more can be billed for them. */
  void refuseClosed(Set<ServiceKey> closed) {
    if (closed.isEmpty()) {
      return;
    }
    refuse(
        each -> closed.contains(new ServiceKey(each.item().accountId(), each.item().product())),
        each ->
            new Outcome(
                Kind.SERVICE_CLOSED,
                "product: the account's service is cleared; nothing more can be billed"));
  }

  private void refuse(Predicate<Placed> bad, Function<Placed, Outcome> why) {
    Predicate<Placed> refused =
        each -> {
          boolean is = bad.test(each);
          if (is) {
            outcomes[each.index()] = why.apply(each);
          }
          return is;
        };
    first.removeIf(refused);
    repeated.removeIf(refused);
  }

  private Outcome refusal(int index, boolean governed) {
    Item item = items.get(index);
    String currency =
        known.get(index) ? item.currencyCode() : found.currencies().get(item.accountId());
    if (currency == null) {
      return new Outcome(
          Kind.ACCOUNT_NOT_FOUND, "account_id: there is no account " + item.accountId());
    } else if (!governed) {
      return new Outcome(
          Kind.PRODUCT_NOT_FOUND, "product: there is no policy of product " + item.product());
    } else if (!currency.equals(item.currencyCode())) {
      return new Outcome(
          Kind.CURRENCY_MISMATCH, "currency_code must be the account's, which is " + currency);
    }
    return null;
  }

  /** What is to be stored, each key once, in the order of the keys. */
  List<Placed> placed() {
    return first;
  }

  /** Whose billing the items are part of, in one order for all. */
  SortedSet<Epoch.Key> epochs() {
    SortedSet<Epoch.Key> keys = new TreeSet<>();
    first.forEach(each -> keys.add(new Epoch.Key(each.item().product(), each.item().cycle())));
    return keys;
  }

  /** Whether it is known of everything that it comes in time for its period's own bill. */
  boolean noneLate(Map<Epoch.Key, Epoch> billing) {
    return billing.keySet().containsAll(epochs()) && late(billing).isEmpty();
  }

  /** Of whose billing a period is closed that some of the items are of, in one order for all. */
  SortedSet<Epoch.Key> late(Map<Epoch.Key, Epoch> billing) {
    SortedSet<Epoch.Key> late = new TreeSet<>();
    for (Placed each : first) {
      Epoch.Key key = new Epoch.Key(each.item().product(), each.item().cycle());
      if (billing.get(key).late(key.cycle(), each.usageDay())) {
        late.add(key);
      }
    }
    return late;
  }

  /** All that was placed is new. */
  void allStored() {
    settle(key -> true, Map.of());
  }

  /**
   * Some of what was placed is not new.
   *
   * @param inserted what is
   * @param stored what is not, as it was stored before
   */
  void stored(Collection<Item.Key> inserted, Map<Item.Key, Item> stored) {
    settle(inserted::contains, stored);
  }

  private void settle(Function<Item.Key, Boolean> inserted, Map<Item.Key, Item> stored) {
    Map<Item.Key, Item> stands = new HashMap<>(stored);
    for (Placed each : first) {
      boolean isNew = inserted.apply(each.key());
      if (isNew && !repeated.isEmpty()) {
        stands.put(each.key(), each.item());
      }
      outcomes[each.index()] = isNew ? Outcome.ACCEPTED : compared(each, stands);
    }
    repeated.forEach(each -> outcomes[each.index()] = compared(each, stands));
  }

  private static Outcome compared(Placed placed, Map<Item.Key, Item> stands) {
    return placed.item().equals(stands.get(placed.key())) ? Outcome.DUPLICATE : Outcome.CONFLICT;
  }

  /** In the order of the items. */
  List<Outcome> outcomes() {
    return Arrays.asList(outcomes);
  }
}
