package io.arrears.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Facts, in which a test says what they are about. */
final class Given {

  private final Standing standing;
  private final Map<SuspensionReason, Instant> restrictions = new EnumMap<>(SuspensionReason.class);
  private final Map<String, Instant> erased = new HashMap<>();
  private final Map<String, Instant> reminded = new HashMap<>();
  private final List<Holds.Window> holds = new ArrayList<>();
  private @Nullable Arrears arrears;
  private @Nullable Instant clearedAt;
  private @Nullable Instant approvedAt;
  private @Nullable Instant settledAt;
  private @Nullable Instant notBefore;

  private Given(Standing standing) {
    this.standing = standing;
  }

  static Given a(Standing standing) {
    return new Given(standing);
  }

  static Given a(ServiceState state, Instant since) {
    return new Given(Standings.in(state, since));
  }

  Given owing(Arrears open) {
    this.arrears = open;
    return this;
  }

  Given clearedAt(Instant at) {
    this.clearedAt = at;
    return this;
  }

  Given restricted(SuspensionReason reason, Instant at) {
    restrictions.put(reason, at);
    return this;
  }

  Given deactivated(Instant at) {
    this.approvedAt = at;
    return this;
  }

  Given settled(Instant at) {
    this.settledAt = at;
    return this;
  }

  Given erased(Instant at, List<String> categories) {
    categories.forEach(category -> erased.put(category, at));
    return this;
  }

  Given reminded(String id, Instant at) {
    reminded.put(id, at);
    return this;
  }

  Given held(Instant from, Instant to) {
    holds.add(new Holds.Window(from, to));
    return this;
  }

  /** What the decision goes by has changed then. */
  Given changed(Instant at) {
    this.notBefore = at;
    return this;
  }

  Facts facts() {
    return new Facts(
        standing,
        arrears,
        clearedAt,
        restrictions,
        approvedAt,
        settledAt,
        erased,
        reminded,
        Holds.of(holds),
        notBefore,
        null);
  }
}
