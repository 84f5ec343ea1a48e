package io.arrears.core;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a product must do for one account, whatever it does now.
 *
 * @param features those that are not AVAILABLE
 * @param clear categories to erase
 */
public record Desired(Access access, Map<String, Effect> features, List<String> clear) {

  public static final Desired ALLOWED = new Desired(Access.ALLOWED, Map.of(), List.of());

  /** What a state, its reasons and its stage come to. */
  static Access access(Standing standing, Policy policy) {
    return switch (standing.state()) {
      case ACTIVE, OVERDUE, GRACE -> Access.ALLOWED;
      case SUSPENDED -> suspended(standing, policy);
      case BANNED, DEACTIVATING ->
          standing.erased()
              ? Access.ERASED
              : standing.releasedAt() != null ? Access.RELEASED : Access.BLOCKED;
      case REPOSSESSED -> Access.RELEASED;
      case CLEARED -> Access.ERASED;
    };
  }

  /** Where a policy never suspends, people still may. */
  private static Access suspended(Standing standing, Policy policy) {
    Stage stage = policy.stage(standing.stage());
    return stage != null
        ? stage.access()
        : policy.suspension() == null ? Access.BLOCKED : policy.suspension().access();
  }

  /** Why a feature is not available, in words, by feature. */
  static Map<String, String> causes(
      String product, Standing standing, Policy policy, Function<String, @Nullable Other> others) {
    Map<String, String> causes = new TreeMap<>();
    judge(product, standing, policy, others, (name, effect, cause) -> causes.put(name, cause));
    return causes;
  }

  static Map<String, Effect> features(
      String product, Standing standing, Policy policy, Function<String, @Nullable Other> others) {
    Map<String, Effect> effects = new TreeMap<>();
    judge(product, standing, policy, others, (name, effect, cause) -> effects.put(name, effect));
    return effects.isEmpty() ? Map.of() : Collections.unmodifiableMap(effects);
  }

  /** Under a hold or LEGAL nothing is erased that was not to be erased before. */
  static Map<String, Effect> keeping(Map<String, Effect> decided, Map<String, Effect> before) {
    Map<String, Effect> kept = new TreeMap<>(decided);
    kept.replaceAll(
        (name, effect) ->
            effect == Effect.ERASED && before.get(name) != Effect.ERASED
                ? Effect.INACCESSIBLE
                : effect);
    return kept.equals(decided) ? decided : Collections.unmodifiableMap(kept);
  }

  /** Another product of the account, as far as features depend on it. */
  record Other(ServiceState state, Access access) {}

  private interface Verdict {
    void on(String feature, Effect effect, String cause);
  }

  private static void judge(
      String product,
      Standing standing,
      Policy policy,
      Function<String, @Nullable Other> others,
      Verdict verdict) {
    Map<String, Judgement> worst = new TreeMap<>();
    for (Feature feature : policy.features()) {
      if (feature.follows() != null) {
        Other followed = others.apply(feature.follows());
        if (followed != null) {
          worsen(
              worst,
              feature.name(),
              Feature.following(followed.access()),
              feature.follows() + " is " + followed.state());
        }
      }
      for (Feature.Condition condition : feature.conditions()) {
        String of = condition.product() == null ? product : condition.product();
        ServiceState state = of.equals(product) ? standing.state() : state(others.apply(of));
        if (state != null && condition.states().contains(state)) {
          worsen(worst, feature.name(), condition.effect(), of + " is " + state);
        }
      }
    }
    Stage stage =
        standing.state() == ServiceState.SUSPENDED ? policy.stage(standing.stage()) : null;
    if (stage != null) {
      stage
          .features()
          .forEach((name, effect) -> worsen(worst, name, effect, "stage " + stage.name()));
    }
    worst.forEach((name, found) -> verdict.on(name, found.effect(), found.cause()));
  }

  private record Judgement(Effect effect, String cause) {}

  private static @Nullable ServiceState state(@Nullable Other other) {
    return other == null ? null : other.state();
  }

  /** Of several things that happen to a feature, the worst counts. */
  private static void worsen(
      Map<String, Judgement> worst, String name, Effect effect, String cause) {
    Judgement before = worst.get(name);
    if (effect != Effect.AVAILABLE && (before == null || effect.compareTo(before.effect()) > 0)) {
      worst.put(name, new Judgement(effect, cause));
    }
  }
}
