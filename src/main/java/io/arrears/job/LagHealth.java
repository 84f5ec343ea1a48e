package io.arrears.job;

import io.arrears.job.LagSql.Backlog;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Shows the lags at {@code /q/health/well}. It is always up: a backlog is a reason to look, and
 * neither to restart a replica nor to take it from its callers, which would only make it longer.
 */
@Wellness
@ApplicationScoped
class LagHealth implements HealthCheck {

  private final Lags lags;

  LagHealth(Lags lags) {
    this.lags = lags;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response = HealthCheckResponse.named("lags").up();
    Backlog known = lags.backlog();
    if (known == null) {
      return response.withData("known", false).build();
    }
    response
        .withData("known", true)
        .withData("due-transitions-lag-seconds", lags.lag(known).toSeconds())
        .withData("open-episodes", known.openEpisodes())
        .withData("bill-drafts-waiting", known.draftsWaiting())
        .withData("bill-drafts-set-aside", known.draftsSetAside());
    known
        .lastSuccess()
        .forEach((job, ended) -> response.withData("last-success-" + job.id(), ended.toString()));
    return response.build();
  }
}
