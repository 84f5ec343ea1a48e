package io.arrears.notification;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.core.Notice.Rung;
import io.arrears.core.ServiceState;
import io.arrears.testkit.WithChannels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Currency;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What mails say, in every language, of everything that can happen. */
@QuarkusTest
@TestProfile(WithChannels.Channels.class)
class MailTextTest extends WithChannels {

  private static final Instant AT = Instant.parse("2024-09-02T00:00:00Z");

  @Inject MailText texts;

  private static Delivery delivery(String locale, Rung rung, ServiceState next, String account) {
    return new Delivery(
        new Delivery.Key(account, 1, rung, "css", "7: 4.5 days", Channel.EMAIL),
        "ntf_1",
        AT,
        new BigDecimal("5.00"),
        Currency.getInstance("JPY"),
        ZoneId.of("Asia/Tokyo"),
        next,
        next == null ? null : AT.plusSeconds(3600),
        "smtp",
        "a@customer.example",
        locale,
        1,
        AT);
  }

  static Stream<Arguments> all() {
    return Stream.of("en", "zh")
        .flatMap(
            locale ->
                Stream.of(Rung.values())
                    .flatMap(
                        rung ->
                            Stream.of(
                                    null,
                                    ServiceState.SUSPENDED,
                                    ServiceState.REPOSSESSED,
                                    ServiceState.CLEARED)
                                .map(next -> Arguments.of(locale, rung, next))));
  }

  @ParameterizedTest
  @MethodSource("all")
  void every_rung_has_a_subject_and_says_what_happened_and_what_to_do(
      String locale, Rung rung, ServiceState next) {
    MailText.Text text = texts.of(delivery(locale, rung, next, "acme"));

    assertTrue(text.subject().contains("acme"), text.subject());
    assertTrue(
        text.plain().contains(locale.equals("en") ? "What to do:" : "您需要做什么："), text.plain());
    assertTrue(
        next == null || text.plain().contains(locale.equals("en") ? "Next step:" : "下一步："),
        text.plain());
    assertFalse(
        (text.subject() + text.plain() + text.html()).matches("(?s).*[{#]/?(if|switch|case).*"));
    assertTrue(rung != Rung.RUNWAY || text.plain().contains("4.5"), text.plain());
  }

  @Test
  void values_are_escaped_in_html_and_as_they_are_in_text() {
    MailText.Text text = texts.of(delivery("en", Rung.OVERDUE, null, "<script>alert(1)</script>"));

    assertFalse(text.html().contains("<script>"), text.html());
    assertTrue(text.html().contains("&lt;script&gt;"), text.html());
    assertTrue(text.plain().contains("<script>"), text.plain());
  }
}
