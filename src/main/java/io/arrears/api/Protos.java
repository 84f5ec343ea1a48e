package io.arrears.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.type.Date;
import com.google.type.Decimal;
import io.arrears.core.BillingCycle;
import io.arrears.core.LedgerEntry;
import io.arrears.core.ServiceState;
import io.arrears.core.Transition;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;

/** The values that several services map, to the wire and back. */
final class Protos {

  private static final BigDecimal NANOS = BigDecimal.TEN.pow(9);

  private Protos() {}

  static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static Date date(LocalDate date) {
    return Date.newBuilder()
        .setYear(date.getYear())
        .setMonth(date.getMonthValue())
        .setDay(date.getDayOfMonth())
        .build();
  }

  static Decimal decimal(BigDecimal value) {
    return Decimal.newBuilder().setValue(value.toPlainString()).build();
  }

  static com.google.type.Money money(BigDecimal amount, Currency currency) {
    return money(amount, currency.getCurrencyCode());
  }

  static com.google.type.Money money(BigDecimal amount, String currencyCode) {
    BigDecimal[] parts = amount.divideAndRemainder(BigDecimal.ONE);
    return com.google.type.Money.newBuilder()
        .setCurrencyCode(currencyCode)
        .setUnits(parts[0].longValueExact())
        .setNanos(parts[1].multiply(NANOS).intValueExact())
        .build();
  }

  static io.arrears.v1.ServiceState state(ServiceState state) {
    return io.arrears.v1.ServiceState.valueOf("SERVICE_STATE_" + state.name());
  }

  static io.arrears.v1.BillingCycle cycle(BillingCycle cycle) {
    return cycle == BillingCycle.DAILY
        ? io.arrears.v1.BillingCycle.BILLING_CYCLE_DAILY
        : io.arrears.v1.BillingCycle.BILLING_CYCLE_MONTHLY;
  }

  static io.arrears.v1.LedgerEntry ledgerEntry(LedgerEntry entry, Currency currency) {
    return io.arrears.v1.LedgerEntry.newBuilder()
        .setSequence(entry.sequence())
        .setAccountId(entry.accountId())
        .setKind(io.arrears.v1.LedgerEntry.Kind.valueOf("KIND_" + entry.kind().name()))
        .setAmount(money(entry.amount(), currency))
        .setBalanceAfter(money(entry.balanceAfter(), currency))
        .setAt(timestamp(entry.at()))
        .setReferenceId(entry.referenceId())
        .setReason(entry.reason())
        .setActor(entry.actor())
        .setContraAccount(entry.contraAccount())
        .build();
  }

  static io.arrears.v1.Transition transition(Transition transition) {
    return io.arrears.v1.Transition.newBuilder()
        .setSequence(transition.sequence())
        .setAccountId(transition.accountId())
        .setProduct(transition.product())
        .setFromState(state(transition.from()))
        .setToState(state(transition.to()))
        .setAt(timestamp(transition.at()))
        .setRule(transition.rule())
        .setPolicyVersion(transition.policyVersion())
        .setActor(transition.actor())
        .setExplanation(transition.explanation())
        .setPreviousHash(ByteString.copyFrom(transition.previousHash()))
        .setHash(ByteString.copyFrom(transition.hash()))
        .build();
  }
}
