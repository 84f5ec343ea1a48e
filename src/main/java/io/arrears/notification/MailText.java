package io.arrears.notification;

import io.quarkus.qute.Engine;
import io.quarkus.qute.Template;
import jakarta.enterprise.context.ApplicationScoped;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * What a mail says. A language is one template, {@code templates/notices/<language>.txt}: the
 * subject in its first line, then paragraphs with empty lines between them. The layouts make plain
 * text and HTML of them.
 */
@ApplicationScoped
class MailText {

  private static final String FOLDER = "notices/";

  private final Engine engine;
  private final Locale ownLocale;
  private final ZoneId ownZone;

  MailText(
      Engine engine,
      @ConfigProperty(name = "arrears.notifications.locale", defaultValue = "en") String locale,
      @ConfigProperty(name = "arrears.notifications.time-zone", defaultValue = "UTC") ZoneId zone) {
    this.engine = engine;
    this.ownLocale = Locale.forLanguageTag(locale);
    this.ownZone = zone;
    if (language(ownLocale) == null) {
      throw new IllegalArgumentException(
          "ARREARS_NOTIFICATIONS_LOCALE (arrears.notifications.locale) is "
              + locale
              + ", which there are no templates for");
    }
  }

  /** A mail in one language. */
  record Text(String subject, String plain, String html) {}

  /**
   * In the account's language, or the nearest that there is: zh for zh-Hant-TW, or the server's.
   */
  Text of(Delivery delivery) {
    Locale asked = Locale.forLanguageTag(delivery.locale());
    boolean known = !delivery.locale().isEmpty() && language(asked) != null;
    Locale locale = known ? asked : ownLocale;
    List<List<String>> paragraphs = paragraphs(language(locale).render(data(delivery, locale)));
    String subject = String.join(" ", paragraphs.remove(0));
    Map<String, Object> layout =
        Map.of(
            "subject",
            subject,
            "paragraphs",
            paragraphs,
            "lang",
            locale.toLanguageTag(),
            "id",
            delivery.notificationId());
    return new Text(
        subject,
        engine.getTemplate(FOLDER + "layout.txt").render(layout),
        engine.getTemplate(FOLDER + "layout.html").render(layout));
  }

  private Template language(Locale locale) {
    String tag = locale.toLanguageTag();
    while (!tag.isEmpty()) {
      Template found = engine.getTemplate(FOLDER + tag + ".txt");
      if (found != null) {
        return found;
      }
      tag = tag.contains("-") ? tag.substring(0, tag.lastIndexOf('-')) : "";
    }
    return null;
  }

  private Map<String, Object> data(Delivery delivery, Locale locale) {
    ZoneId zone = delivery.zone() == null ? ownZone : delivery.zone();
    NumberFormat money = NumberFormat.getCurrencyInstance(locale);
    money.setCurrency(delivery.currency());
    money.setMinimumFractionDigits(delivery.currency().getDefaultFractionDigits());
    money.setMaximumFractionDigits(delivery.currency().getDefaultFractionDigits());
    Map<String, Object> data = new HashMap<>();
    data.put("rung", delivery.key().rung().name());
    data.put("account", delivery.key().accountId());
    data.put("product", delivery.key().product());
    data.put("at", time(delivery.at(), zone, locale));
    data.put("due", delivery.amountDue().signum() > 0);
    data.put("amount", money.format(delivery.amountDue()));
    data.put("next", delivery.nextState() == null ? "" : delivery.nextState().name());
    data.put("nextAt", delivery.nextAt() == null ? "" : time(delivery.nextAt(), zone, locale));
    data.put("days", days(delivery.key().detail()));
    return data;
  }

  /** Of a runway alert, whose detail ends so: {@code 5.0 days}. */
  private static String days(String detail) {
    return detail.replaceAll("^.*: ", "").replaceAll(" days$", "");
  }

  private static String time(Instant at, ZoneId zone, Locale locale) {
    DateTimeFormatter format =
        DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT)
            .withLocale(locale)
            .withZone(zone);
    String offset = zone.getRules().getOffset(at).getId();
    String name = zone.getDisplayName(TextStyle.FULL, locale);
    String id = name.equals(zone.getId()) ? name : name + ", " + zone.getId();
    return format.format(at) + " (" + id + ", UTC" + (offset.equals("Z") ? "" : offset) + ")";
  }

  private static List<List<String>> paragraphs(String rendered) {
    List<List<String>> paragraphs = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (String line : rendered.lines().map(String::strip).toList()) {
      if (!line.isEmpty()) {
        lines.add(line);
      } else if (!lines.isEmpty()) {
        paragraphs.add(lines);
        lines = new ArrayList<>();
      }
    }
    if (!lines.isEmpty()) {
      paragraphs.add(lines);
    }
    return paragraphs;
  }
}
