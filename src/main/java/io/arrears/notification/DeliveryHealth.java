package io.arrears.notification;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.health.api.Wellness;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Map;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.jboss.logging.Logger;

/**
 * What could not be delivered and was given up, at {@code /q/health/well} and as a gauge. It is
 * always up: a customer's broken server is no reason to restart ours.
 */
@Wellness
@ApplicationScoped
public class DeliveryHealth implements HealthCheck {

  private static final Logger LOG = Logger.getLogger(DeliveryHealth.class);

  private final DeliveryService deliveries;
  private final MeterRegistry meters;

  /** Null while it is not known. */
  private volatile Map<String, Long> parked;

  DeliveryHealth(DeliveryService deliveries, MeterRegistry meters) {
    this.deliveries = deliveries;
    this.meters = meters;
  }

  void register(@Observes StartupEvent started) {
    for (String channel : new String[] {"email", "webhook"}) {
      Gauge.builder("arrears.notifications.parked", this, health -> health.parked(channel))
          .tag("channel", channel)
          .description("Notifications that could not be delivered and were given up")
          .register(meters);
    }
  }

  private double parked(String channel) {
    Map<String, Long> known = parked;
    return known == null ? Double.NaN : known.getOrDefault(channel, 0L);
  }

  @Scheduled(
      every = "${arrears.lags-every:15s}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  Uni<Void> refresh() {
    return deliveries
        .parked()
        .invoke(read -> parked = read)
        .onFailure()
        .invoke(
            failure -> {
              LOG.debugf("what is parked is not known: %s", failure);
              parked = null;
            })
        .onFailure()
        .recoverWithNull()
        .replaceWithVoid();
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response = HealthCheckResponse.named("notifications").up();
    Map<String, Long> known = parked;
    response.withData("known", known != null);
    if (known != null) {
      response.withData("parked-email", known.getOrDefault("email", 0L));
      response.withData("parked-webhook", known.getOrDefault("webhook", 0L));
    }
    return response.build();
  }
}
