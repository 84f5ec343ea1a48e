package io.arrears.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.arrears.v1.Access;
import io.arrears.v1.AccountStatus;
import io.arrears.v1.Effect;
import io.arrears.v1.FeatureStatus;
import io.arrears.v1.NextStep;
import io.arrears.v1.ServiceState;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.SuspensionReason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StatusCommandTest {

  private static final Instant SINCE = Instant.parse("2024-09-04T00:00:00Z");

  @Test
  void a_status_says_why_until_when_and_whether_the_product_has_followed() {
    ServiceStatus.Builder css =
        ServiceStatus.newBuilder()
            .setProduct("css")
            .setState(ServiceState.SERVICE_STATE_SUSPENDED)
            .setStateSince(Wire.timestamp(SINCE))
            .setAccess(Access.ACCESS_NEW_BLOCKED)
            .addReasons(SuspensionReason.SUSPENSION_REASON_ARREARS)
            .addReasons(SuspensionReason.SUSPENSION_REASON_LEGAL)
            .setHeldUntil(Wire.timestamp(SINCE.plusSeconds(86_400)))
            .setGeneration(4)
            .addFeatures(
                FeatureStatus.newBuilder()
                    .setFeature("recording")
                    .setEffect(Effect.EFFECT_DEGRADED)
                    .setBecause("vod is SUSPENDED"))
            .setNext(
                NextStep.newBuilder()
                    .setState(ServiceState.SERVICE_STATE_REPOSSESSED)
                    .setAt(Wire.timestamp(SINCE.plusSeconds(60 * 86_400)))
                    .setRule("overdue-retention-expired"));
    ServiceStatus.Builder vod =
        ServiceStatus.newBuilder()
            .setProduct("vod")
            .setState(ServiceState.SERVICE_STATE_ACTIVE)
            .setStateSince(Wire.timestamp(SINCE))
            .setAccess(Access.ACCESS_ALLOWED)
            .setGeneration(1)
            .setEnforced(true);
    StringWriter out = new StringWriter();

    StatusCommand.print(
        AccountStatus.newBuilder()
            .setAccountId("acct-1")
            .setBalance(Wire.money(new BigDecimal("-0.5"), "USD"))
            .addServices(css)
            .addServices(vod)
            .build(),
        new PrintWriter(out, true));

    assertEquals(
        """
        account    acct-1
        balance    -0.50 USD
        arrears    none

        PRODUCT  STATE      SINCE                 ACCESS       GENERATION          NEXT
        css      suspended  2024-09-04 00:00:00Z  new-blocked  4 not enforced yet  repossessed at\
         2024-11-03 00:00:00Z (overdue-retention-expired)
          for arrears, legal
          held until 2024-09-05 00:00:00Z
          recording degraded: vod is SUSPENDED
        vod      active     2024-09-04 00:00:00Z  allowed      1 enforced          -
        """,
        out.toString());
  }
}
