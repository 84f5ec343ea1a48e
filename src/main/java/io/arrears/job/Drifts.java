package io.arrears.job;

import io.arrears.enforcement.EnforcementService;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.health.api.Wellness;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.jboss.logging.Logger;

/**
 * Which products do not do what they were told: a gauge by product, and a warning at {@code
 * /q/health/well}. It is always up, because the product is at fault and not this replica.
 */
@Wellness
@ApplicationScoped
class Drifts implements HealthCheck {

  private static final Logger LOG = Logger.getLogger(Drifts.class);

  private final EnforcementService enforcement;
  private final MultiGauge gauge;

  /** By product; null while it is not known. */
  private volatile Map<String, Long> drifted;

  Drifts(EnforcementService enforcement, MeterRegistry meters) {
    this.enforcement = enforcement;
    this.gauge =
        MultiGauge.builder("arrears.drift")
            .description("Services whose product has been behind for longer than its policy allows")
            .register(meters);
  }

  @Scheduled(
      every = "${arrears.lags-every:15s}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> look() {
    return enforcement
        .countDrifts()
        .invoke(this::know)
        .replaceWithVoid()
        .onFailure()
        .invoke(
            failure -> {
              drifted = null;
              LOG.warnf("drift is not known at the moment: %s", failure.toString());
            })
        .onFailure()
        .recoverWithNull();
  }

  private void know(Map<String, Long> found) {
    drifted = new TreeMap<>(found);
    gauge.register(
        found.entrySet().stream()
            .map(each -> MultiGauge.Row.of(Tags.of("product", each.getKey()), each.getValue()))
            .toList(),
        true);
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response = HealthCheckResponse.named("drift").up();
    Map<String, Long> known = drifted;
    if (known == null) {
      return response.withData("known", false).build();
    }
    response.withData("known", true);
    known.forEach((product, many) -> response.withData("warning: drifted-" + product, many));
    return response.build();
  }
}
