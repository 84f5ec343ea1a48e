package io.arrears.policy;

import io.arrears.core.BillingCalendar;
import io.arrears.core.Overdue;
import io.arrears.core.Policy;
import io.arrears.core.Span;
import java.math.BigDecimal;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads how a document bills, and what it means by overdue. */
final class MoneyRules {

  static final String BILLING = "a mapping with time-zone, daily-at, monthly-day and monthly-at";

  /** What a product's bills are made by, in one run for all: no tier can have its own. */
  static final List<String> CALENDAR =
      List.of("time-zone", "daily-at", "monthly-day", "monthly-at");

  static final String TIME_OF_DAY = "a time of day, e.g. \"08:00\"";
  private static final LocalTime MORNING = LocalTime.of(8, 0);
  private static final BillingCalendar SOME =
      new BillingCalendar(ZoneOffset.UTC, MORNING, 1, MORNING);
  private static final int LAST_DAY_OF_ALL_MONTHS = 28;
  private static final int MOST_BILLS = 1000;

  private MoneyRules() {}

  static BillingCalendar calendar(Section top) {
    Section billing = top.requireSection("billing", BILLING);
    if (billing == null) {
      return SOME;
    }
    return new BillingCalendar(
        billing.require("time-zone", "a time zone, e.g. Asia/Shanghai", ZoneId::of, SOME.zone()),
        billing.require("daily-at", TIME_OF_DAY, MoneyRules::timeOfDay, MORNING),
        billing.require(
            "monthly-day",
            "1 to 28, which every month has",
            text -> Values.whole(text, 1, LAST_DAY_OF_ALL_MONTHS),
            1),
        billing.require("monthly-at", TIME_OF_DAY, MoneyRules::timeOfDay, MORNING));
  }

  static LocalTime timeOfDay(String text) {
    return LocalTime.parse(Values.text(text, "08:00".length()));
  }

  /** Where overdue goes by bills, they are due at issue if the document gives no time to pay. */
  static Policy.Bills bills(Section top, boolean needsDueDates, ZoneId zone) {
    Section billing = top.section("billing", BILLING);
    Span otherwise = needsDueDates ? Span.NONE : null;
    if (billing == null) {
      return new Policy.Bills(null, otherwise);
    }
    BigDecimal roundTo =
        billing.read(
            "round-to",
            "minor-unit, or a decimal above zero, e.g. \"0.05\"",
            MoneyRules::roundTo,
            null);
    Span payWithin =
        billing.read(
            "pay-within",
            Spans.expectedOr("at-once"),
            text -> Spans.parseOr("at-once", text, zone),
            otherwise);
    for (String ofTheCalendar : CALENDAR) {
      billing.has(ofTheCalendar);
    }
    billing.close();
    return new Policy.Bills(roundTo, payWithin);
  }

  private static @Nullable BigDecimal roundTo(String text) {
    if (text.equals("minor-unit")) {
      return null;
    }
    BigDecimal unit = Values.decimal(text);
    if (unit.signum() == 0) {
      throw new IllegalArgumentException(text);
    }
    return unit;
  }

  static Overdue overdue(Section top, ZoneId zone) {
    Section overdue =
        top.section("overdue", "a mapping of balance, unpaid-bills, when and prepaid-packages");
    if (overdue == null) {
      return Overdue.BELOW_LIMIT;
    }
    Overdue read =
        new Overdue(
            overdue.says("balance", "ignored") ? null : balance(overdue),
            unpaidBills(overdue, zone),
            overdue.read("when", "any or together", text -> oneOf(text, "together", "any"), false),
            overdue.read(
                "prepaid-packages",
                "cover or ignored",
                text -> oneOf(text, "cover", "ignored"),
                false));
    overdue.close();
    return read;
  }

  private static Overdue.ByBalance balance(Section overdue) {
    Section balance = overdue.section("balance", "ignored, or a mapping of frozen and cleared");
    if (balance == null) {
      return new Overdue.ByBalance(false, false);
    }
    Overdue.ByBalance read =
        new Overdue.ByBalance(
            balance.read(
                "frozen",
                "counted or not-counted",
                text -> oneOf(text, "not-counted", "counted"),
                false),
            balance.read("cleared", "at or above", text -> oneOf(text, "above", "at"), false));
    balance.close();
    return read;
  }

  private static Overdue.@Nullable UnpaidBills unpaidBills(Section overdue, ZoneId zone) {
    Section bills =
        overdue.section("unpaid-bills", "a mapping with past-due, and of count and amount");
    if (bills == null) {
      return null;
    }
    Overdue.UnpaidBills read =
        new Overdue.UnpaidBills(
            bills.require(
                "past-due",
                Spans.expectedOr("at-once"),
                text -> Spans.parseOr("at-once", text, zone),
                Span.NONE),
            bills.read(
                "count",
                "a whole number from 1 to " + MOST_BILLS,
                text -> Values.whole(text, 1, MOST_BILLS),
                1),
            bills.read("amount", Values.DECIMAL, Values::decimal, BigDecimal.ZERO));
    bills.close();
    return read;
  }

  /** Whether it is the first of two words. */
  private static boolean oneOf(String text, String yes, String no) {
    if (!text.equals(yes) && !text.equals(no)) {
      throw new IllegalArgumentException(text);
    }
    return text.equals(yes);
  }
}
