package io.arrears.job;

import io.arrears.core.Policy;
import io.arrears.enforcement.EnforcementService;
import io.arrears.policy.PolicyService;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Tells products again what they have not done; their policies say when that is drift. */
@ApplicationScoped
class Reconciliation {

  private final EnforcementService enforcement;
  private final PolicyService policies;

  Reconciliation(EnforcementService enforcement, PolicyService policies) {
    this.enforcement = enforcement;
    this.policies = policies;
  }

  Uni<Boolean> due(Instant now) {
    return enforcement.anyDue(now, limits(now));
  }

  /** One chunk; nothing examined means that nothing is left. */
  Uni<Tally> reconcile(Instant now, int size) {
    return enforcement
        .reconcile(now, limits(now), size)
        .map(
            done -> {
              Tally tally = told(done.told());
              done.drifted().forEach((product, many) -> tally.count("drift:" + product, many));
              return tally;
            });
  }

  /** What a run would do, without a trace. */
  Uni<Tally> preview(Instant now) {
    return enforcement.countDue(now, limits(now)).map(Reconciliation::told);
  }

  private static Tally told(Map<String, Long> products) {
    Tally tally = new Tally();
    products.forEach(
        (product, many) -> {
          tally.examined += many;
          tally.changed += many;
          tally.count("told-again:" + product, many);
        });
    return tally;
  }

  private Map<String, Instant> limits(Instant now) {
    Map<String, Instant> limits = new HashMap<>();
    for (Policy policy : policies.all()) {
      limits.put(policy.product(), policy.enforcedWithin().before(now));
    }
    return limits;
  }
}
