package io.arrears.notification;

import io.arrears.core.Notice;
import io.arrears.platform.Bell;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What happens once notices have been committed. */
@ApplicationScoped
public class Outbox {

  /** There may be something to send. */
  public static final String NOTIFICATIONS = "notifications";

  private final MeterRegistry meters;
  private final Bell bell;

  Outbox(MeterRegistry meters, Bell bell) {
    this.meters = meters;
    this.bell = bell;
  }

  /** To be called after the commit, never before. */
  public void committed(List<Notice> notices) {
    if (notices.isEmpty()) {
      return;
    }
    for (Notice notice : notices) {
      meters.counter("arrears.notifications", "rung", notice.rung().name()).increment();
    }
    bell.ring(List.of(NOTIFICATIONS));
  }
}
