package io.arrears.api;

import io.arrears.account.AccountService.Terms;
import io.arrears.intervention.TermsService.Change;
import io.arrears.v1.Account;
import io.arrears.v1.UpdateAccountRequest;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What is agreed with an account, from the wire. */
final class AccountTerms {

  private static final int MAX_NAME_BYTES = 64;
  private static final int MAX_EMAIL_BYTES = 254;
  private static final int MAX_URL_BYTES = 2048;
  private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern LOCALE = Pattern.compile("[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*");
  private static final Set<String> ZONES = ZoneId.getAvailableZoneIds();
  private static final Set<String> CHANGEABLE =
      Set.of(
          "credit_limit",
          "tier",
          "locale",
          "contact",
          "contact.email",
          "contact.webhook_url",
          "region",
          "frozen",
          "time_zone");

  private AccountTerms() {}

  static Terms of(Account account) {
    Checks checks = new Checks();
    checks.accountId("account.account_id", account.getAccountId());
    Currency currency = checks.currency("account.currency_code", account.getCurrencyCode());
    BigDecimal creditLimit =
        amount(
            checks,
            "account.credit_limit",
            account.hasCreditLimit(),
            account.getCreditLimit(),
            currency);
    BigDecimal frozen =
        amount(checks, "account.frozen", account.hasFrozen(), account.getFrozen(), currency);
    describe(checks, account);
    checks.done();
    return new Terms(
        account.getAccountId(),
        account.getCurrencyCode(),
        creditLimit,
        frozen,
        account.getTier().isEmpty() ? "standard" : account.getTier(),
        account.getLocale(),
        account.getRegion(),
        account.getTimeZone(),
        account.getContact().getEmail(),
        account.getContact().getWebhookUrl());
  }

  private static void describe(Checks checks, Account account) {
    checks.text("account.tier", account.getTier(), MAX_NAME_BYTES);
    checks.text("account.region", account.getRegion(), MAX_NAME_BYTES);
    String locale = checks.text("account.locale", account.getLocale(), MAX_NAME_BYTES);
    checks.require(
        locale.isEmpty() || LOCALE.matcher(locale).matches(),
        "account.locale",
        "must be a BCP 47 language tag");
    checks.require(
        account.getTimeZone().isEmpty() || ZONES.contains(account.getTimeZone()),
        "account.time_zone",
        "must be an IANA time zone, e.g. Asia/Shanghai");
    String email =
        checks.text("account.contact.email", account.getContact().getEmail(), MAX_EMAIL_BYTES);
    checks.require(
        email.isEmpty() || EMAIL.matcher(email).matches(),
        "account.contact.email",
        "must be an e-mail address");
    String url =
        checks.text(
            "account.contact.webhook_url", account.getContact().getWebhookUrl(), MAX_URL_BYTES);
    checks.require(
        url.isEmpty() || isWebhook(url),
        "account.contact.webhook_url",
        "must be an https URL; http only to localhost, 127.0.0.1 or [::1]");
  }

  /** Its form only: where it may go is judged each time that it is connected to. */
  private static boolean isWebhook(String url) {
    try {
      URI uri = new URI(url);
      boolean https = "https".equalsIgnoreCase(uri.getScheme());
      boolean http = "http".equalsIgnoreCase(uri.getScheme());
      return uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null
          && (https || (http && LOOPBACK.contains(uri.getHost())));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static BigDecimal amount(
      Checks checks, String field, boolean set, com.google.type.Money value, Currency currency) {
    if (!set || currency == null) {
      return BigDecimal.ZERO;
    }
    BigDecimal amount = checks.money(field, value);
    checks.require(
        value.getCurrencyCode().equals(currency.getCurrencyCode()),
        field + ".currency_code",
        "must be the account's, which is " + currency.getCurrencyCode());
    checks.require(amount == null || amount.signum() >= 0, field, "must not be below zero");
    return amount == null ? BigDecimal.ZERO : amount;
  }

  static Change change(UpdateAccountRequest request, Currency currency) {
    Checks checks = new Checks();
    List<String> mask = request.getUpdateMask().getPathsList();
    checks.require(!mask.isEmpty(), "update_mask", "must name what to change");
    for (String path : mask) {
      checks.require(
          CHANGEABLE.contains(path),
          "update_mask",
          "must be of credit_limit, tier, locale, contact, region, frozen, time_zone; not " + path);
    }
    Account account = request.getAccount();
    describe(checks, account);
    BigDecimal creditLimit =
        amount(
            checks,
            "account.credit_limit",
            mask.contains("credit_limit") && account.hasCreditLimit(),
            account.getCreditLimit(),
            currency);
    BigDecimal frozen =
        amount(
            checks,
            "account.frozen",
            mask.contains("frozen") && account.hasFrozen(),
            account.getFrozen(),
            currency);
    checks.done();
    boolean contact = mask.contains("contact");
    return new Change(
        mask.contains("credit_limit") ? creditLimit : null,
        mask.contains("frozen") ? frozen : null,
        mask.contains("tier") ? account.getTier() : null,
        mask.contains("locale") ? account.getLocale() : null,
        mask.contains("region") ? account.getRegion() : null,
        mask.contains("time_zone") ? account.getTimeZone() : null,
        contact || mask.contains("contact.email") ? account.getContact().getEmail() : null,
        contact || mask.contains("contact.webhook_url")
            ? account.getContact().getWebhookUrl()
            : null);
  }
}
