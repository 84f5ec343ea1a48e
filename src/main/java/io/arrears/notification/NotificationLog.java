package io.arrears.notification;

import io.arrears.core.Notice;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jboss.logging.Logger;

/** The first channel: the service's own log. Called after the commit, never before. */
@ApplicationScoped
public class NotificationLog {

  private static final Logger LOG = Logger.getLogger(NotificationLog.class);

  private final MeterRegistry meters;

  NotificationLog(MeterRegistry meters) {
    this.meters = meters;
  }

  /** Tells of notices whose transaction has committed. */
  public void sent(List<Notice> notices) {
    for (Notice notice : notices) {
      LOG.infof(
          "notification %s account=%s episode=%d product=%s detail=%s at=%s amount_due=%s",
          notice.rung(),
          notice.accountId(),
          notice.episode(),
          notice.product(),
          notice.detail(),
          notice.at(),
          notice.amountDue().toPlainString());
      meters.counter("arrears.notifications", "rung", notice.rung().name()).increment();
    }
  }
}
