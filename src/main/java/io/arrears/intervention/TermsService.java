package io.arrears.intervention;

import io.arrears.account.AccountEntity;
import io.arrears.core.Account;
import io.arrears.lifecycle.LifecycleService;
import io.arrears.platform.ArrearsClock;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;

/** Changes what is agreed with an account. A lower credit limit can make it overdue at once. */
@ApplicationScoped
public class TermsService {

  private final LifecycleService lifecycle;
  private final ArrearsClock clock;

  TermsService(LifecycleService lifecycle, ArrearsClock clock) {
    this.lifecycle = lifecycle;
    this.clock = clock;
  }

  /** New terms; what is null stays as it is. */
  public record Change(
      BigDecimal creditLimit,
      BigDecimal frozen,
      String tier,
      String locale,
      String region,
      String timeZone,
      String email,
      String webhookUrl) {}

  public Uni<AccountEntity> update(String accountId, Change change, String actor) {
    return lifecycle.change(
        accountId,
        locked -> {
          AccountEntity row = locked.row();
          Instant now = clock.instant();
          row.locale = orElse(change.locale(), row.locale);
          row.timeZone = orElse(change.timeZone(), row.timeZone);
          row.email = orElse(change.email(), row.email);
          row.webhookUrl = orElse(change.webhookUrl(), row.webhookUrl);
          row.updateTime = now;
          Account.Terms terms = locked.account().terms();
          locked
              .account()
              .agree(
                  new Account.Terms(
                      orElse(change.creditLimit(), terms.creditLimit()),
                      orElse(change.frozen(), terms.frozen()),
                      orElse(change.tier(), terms.tier()),
                      orElse(change.region(), terms.region())),
                  now,
                  actor);
          return Uni.createFrom().item(row);
        });
  }

  private static <T> T orElse(T changed, T present) {
    return changed == null ? present : changed;
  }
}
