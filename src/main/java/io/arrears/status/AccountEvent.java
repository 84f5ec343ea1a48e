package io.arrears.status;

import io.arrears.core.LedgerEntry;
import io.arrears.core.Notice;
import io.arrears.core.Transition;
import java.util.Currency;

/** Something that happened to an account. */
public sealed interface AccountEvent {

  String accountId();

  /** A service has changed its state. */
  record Moved(Transition transition) implements AccountEvent {
    @Override
    public String accountId() {
      return transition.accountId();
    }
  }

  /** The customer is told something. */
  record Notified(Notice notice, Currency currency) implements AccountEvent {
    @Override
    public String accountId() {
      return notice.accountId();
    }
  }

  /** The balance has changed. */
  record Posted(LedgerEntry entry, Currency currency) implements AccountEvent {
    @Override
    public String accountId() {
      return entry.accountId();
    }
  }
}
