package io.arrears.notification;

import io.arrears.core.Notice;
import io.arrears.platform.AppendingRepository;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The outbox of single accounts. */
@ApplicationScoped
public class NotificationRepository
    implements AppendingRepository<NotificationEntity, NotificationEntity.Key> {

  /** Writes to the outbox, in the transaction of what caused it. */
  public Uni<Void> append(List<Notice> notices) {
    return append(notices.stream().map(NotificationEntity::of));
  }
}
