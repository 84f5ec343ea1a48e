package io.arrears.sim;

import io.arrears.core.PolicyHistory;
import io.arrears.core.PolicyVersion;
import io.arrears.policy.BuiltInPolicies;
import io.arrears.policy.PolicyReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Rules to try things with: the built-in ones, and some that no real product has. */
final class SamplePolicies {

  private static final String HEAD =
      """
      product: %s
      billing: {time-zone: America/New_York, daily-at: "08:00", monthly-day: 1, monthly-at: "08:00"%s}
      clearing: {categories: [configurations, logs], after: 24h}
      violations: {repossess-after: 48h, clear-after: 24h, retained: [logs]}
      """;

  private SamplePolicies() {}

  static NavigableMap<String, PolicyHistory> builtIn() {
    NavigableMap<String, PolicyHistory> all = new TreeMap<>();
    for (String product : BuiltInPolicies.products()) {
      all.put(product, always(BuiltInPolicies.document(product)));
    }
    return all;
  }

  private static PolicyHistory always(String document) {
    return new PolicyHistory(List.of(version(document, 1, Instant.EPOCH, false)));
  }

  private static PolicyVersion version(
      String document, long number, Instant from, boolean retroactive) {
    return PolicyReader.read(document).version(number, from, retroactive);
  }

  /** They differ in everything in which rules can differ. */
  static NavigableMap<String, PolicyHistory> invented() {
    NavigableMap<String, PolicyHistory> all = new TreeMap<>();
    all.put("live", changing(document("live", "", LIVE), false));
    all.put("store", changing(document("store", "", STORE), true));
    all.put("video", always(document("video", "", VIDEO)));
    all.put("machine", always(document("machine", "", MACHINE)));
    all.put("node", always(document("node", "", NODE)));
    all.put("database", always(document("database", ", pay-within: 10d", DATABASE)));
    all.put("traffic", always(document("traffic", ", pay-within: 2d", TRAFFIC)));
    all.put("search", always(document("search", ", pay-within: 24h", SEARCH)));
    all.put("mail", always(document("mail", "", MAIL)));
    all.put("voice", always(document("voice", "", VOICE)));
    return all;
  }

  static NavigableMap<String, PolicyHistory> all() {
    NavigableMap<String, PolicyHistory> all = builtIn();
    all.putAll(invented());
    return all;
  }

  private static String document(String product, String billing, String rest) {
    return HEAD.formatted(product, billing) + rest;
  }

  /** A longer grace after ten days, a shorter one after thirty. */
  private static PolicyHistory changing(String document, boolean retroactive) {
    String longer = document.replace("length: 24h", "length: 48h");
    String shorter = document.replace("length: 24h", "length: 2h");
    Instant tenth = World.BEGINNING.plus(Duration.ofDays(10));
    Instant thirtieth = World.BEGINNING.plus(Duration.ofDays(30));
    return new PolicyHistory(
        List.of(
            version(document, 1, Instant.EPOCH, false),
            version(longer, 2, tenth, retroactive),
            version(shorter, 3, thirtieth, retroactive)));
  }

  /** Receipt, two clocks, features that look at other products. */
  private static final String LIVE =
      """
      grace: {length: 24h, from: notification-received}
      suspension: {access: new-blocked}
      repossession: {after-overdue: 60d, after-suspension: 60d}
      features:
        screenshots: {follows: store}
        recording: [{effect: degraded, while: {product: video, states: [suspended]}}]
        files: [{effect: inaccessible, while: {states: [overdue, grace]}}]
        drafts: [{effect: erased, while: {states: [suspended]}}]
      """;

  /** As the balance goes; features of others look at it. */
  private static final String STORE =
      """
      grace: {length: 24h, from: balance-below-limit}
      suspension: {access: blocked, billed: none}
      repossession: {after-overdue: 120d}
      """;

  /** Deduction, a ticket after an hour, an inclusive end, the calendar. */
  private static final String VIDEO =
      """
      grace: {length: 1 calendar day, from: deduction, inclusive: true}
      suspension: {access: blocked, billed: none, ticket-after: 1h}
      repossession: {after-suspension: 1 calendar month}
      """;

  /** No grace, started by hand, stages from every anchor, the later clock. */
  private static final String MACHINE =
      """
      grace: {length: none, from: balance-below-limit}
      suspension: {access: new-blocked, billed: ["disk-*"], restored: by-hand}
      stages:
        - {name: stopped, after: 24h, from: suspension, access: blocked}
        - {name: frozen, after: 24h, from: previous, billed: none, features: {disk: inaccessible}}
        - {name: stripped, after: 100h, from: overdue, features: {snapshots: erased}}
      repossession: {after-overdue: 168h, after-suspension: 150h, wins: later}
      """;

  /** Destroyed at the end of the grace; key customers never, and early ones later. */
  private static final String NODE =
      """
      grace: {length: 2h, from: balance-below-limit}
      suspension: {access: blocked}
      repossession: {after-suspension: at-once}
      tiers: {key: {suspension: never}}
      opened-before: {"2024-03-05T00:00:00Z": {grace: {length: 24h}}}
      """;

  /** Overdue by bills past due, counted from their issue. */
  private static final String DATABASE =
      """
      overdue: {balance: ignored, unpaid-bills: {past-due: 72h}}
      grace: {length: 400h, from: bill-issued}
      suspension: {access: blocked}
      repossession: {after-overdue: 40d}
      """;

  /** By balance without what is frozen or by two bills, and never while a package lasts. */
  private static final String TRAFFIC =
      """
      overdue:
        balance: {frozen: not-counted, cleared: above}
        unpaid-bills: {past-due: at-once, count: 2, amount: "150"}
        prepaid-packages: cover
      grace: {length: 24h, from: overdue}
      suspension: {access: blocked}
      repossession: {after-overdue: 360h, after-suspension: 300h}
      """;

  /** By balance and by bills, both. */
  private static final String SEARCH =
      """
      overdue: {balance: {cleared: at}, unpaid-bills: {past-due: 24h}, when: together}
      grace: {length: 24h, from: notification-sent}
      suspension: {access: blocked}
      repossession: {after-overdue: 240h}
      """;

  /** A delivery is a receipt, and nobody is written to at night. */
  private static final String VOICE =
      """
      grace:
        length: 24h
        from: notification-received
        assume-received-after: 48h
        delivery-is-receipt: true
      suspension: {access: blocked}
      repossession: {after-overdue: 240h}
      reminders: [{of: suspension, before: 4h, promised: true}]
      quiet-hours: {from: "22:00", until: "07:30"}
      """;

  /** Deadlines that wait for reminders. */
  private static final String MAIL =
      """
      grace: {length: 24h, from: overdue}
      suspension: {access: blocked}
      repossession: {after-overdue: 240h}
      reminders:
        - {of: suspension, before: 4h, promised: true}
        - {of: overdue, after: 12h}
        - {of: repossession, before: 72h, promised: true}
        - {of: clearing, before: 12h, promised: true}
      runway-alert: {days: 5}
      """;
}
