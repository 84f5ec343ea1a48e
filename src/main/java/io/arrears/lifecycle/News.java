package io.arrears.lifecycle;

import io.arrears.core.Account;
import io.arrears.core.Service;
import io.arrears.enforcement.EnforcementService;
import io.arrears.platform.Bell;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;

/** Rings for those who watch what has changed of accounts. */
@ApplicationScoped
public class News {

  /** What has happened to accounts: ledger entries, transitions, notices. */
  public static final String ACCOUNTS = "accounts";

  private final Bell bell;
  private final EnforcementService enforcement;

  News(Bell bell, EnforcementService enforcement) {
    this.bell = bell;
    this.enforcement = enforcement;
  }

  /** To be called once all of it has been committed. */
  void of(Collection<Account> changed) {
    List<String> products =
        changed.stream()
            .flatMap(account -> account.changedServices().stream())
            .filter(service -> !service.enforced())
            .map(Service::product)
            .toList();
    if (!products.isEmpty()) {
      enforcement.changed(products);
    }
    if (changed.stream().anyMatch(News::happened)) {
      bell.ring(List.of(ACCOUNTS));
    }
  }

  private static boolean happened(Account account) {
    return !account.entries().isEmpty()
        || !account.transitions().isEmpty()
        || !account.notices().isEmpty();
  }
}
