package io.arrears.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.Client;
import io.arrears.testkit.MailBox;
import io.arrears.testkit.WithChannels;
import io.arrears.v1.Account;
import io.arrears.v1.Contact;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mail, as the customer's server gets it. */
@QuarkusTest
@TestProfile(WithChannels.Channels.class)
class MailOverGrpcTest extends WithChannels {

  private final String address = UUID.randomUUID() + "@customer.example";

  private Account.Builder customer(String locale, String zone) {
    return Account.newBuilder()
        .setLocale(locale)
        .setTimeZone(zone)
        .setContact(Contact.newBuilder().setEmail(address));
  }

  private MailBox.Read mail() {
    List<MailBox.Read> all = MailBox.of(address);
    assertEquals(1, all.size(), all.toString());
    return all.get(0);
  }

  @Test
  void an_overdue_customer_reads_what_is_due_until_when_in_the_own_zone_and_what_to_do() {
    client.advanceTo(client.nextMorning()); // 08:00 in Shanghai is 19:00 in New York
    String account = account(customer("en-US", "America/New_York"));
    client.ingest(Client.item(account, "1234.5", client.now()));

    client.advanceTo(client.nextMorning());

    MailBox.Read mail = mail();
    assertEquals("Account " + account + " is overdue: please pay $1,234.50", mail.subject());
    for (String text : List.of(mail.plain(), mail.html())) {
      assertTrue(text.contains("Amount due: $1,234.50"), text);
      assertTrue(text.contains("7:00") && text.contains("America/New_York, UTC-0"), text);
      assertTrue(text.contains("Next step: your services may be suspended from"), text);
      assertTrue(text.contains("What to do: pay $1,234.50 now."), text);
      assertTrue(text.contains(mail.id()), text);
    }
    assertTrue(mail.html().contains("<html lang=\"en-US\">"), mail.html());
    assertEquals("<" + mail.id() + "@cloud.example>", mail.messageId());
  }

  @Test
  void a_chinese_customer_reads_chinese() {
    String account = account(customer("zh-CN", "Asia/Shanghai"));

    owes(account, "12.50");
    deliver();

    MailBox.Read mail = mail();
    assertEquals("账户 " + account + " 已欠费，请支付 US$12.50", mail.subject());
    for (String text : List.of(mail.plain(), mail.html())) {
      assertTrue(text.contains("应付金额：US$12.50"), text);
      assertTrue(text.contains("Asia/Shanghai, UTC+08:00"), text);
      assertTrue(text.contains("您需要做什么：请尽快支付 US$12.50。"), text);
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"zh-Hant-TW, 已欠费", "'', is overdue", "fr-FR, is overdue", "en, is overdue"})
  void who_has_a_language_that_is_not_there_reads_the_nearest(String locale, String words) {
    String account = account(customer(locale, ""));

    owes(account, "1");
    deliver();

    assertTrue(mail().subject().contains(words), mail().subject());
  }

  @Test
  void suspension_and_restoration_are_told_as_well() {
    String account = account(customer("en", ""));
    client.ingest(Client.item(account, "3", client.now()));
    client.advanceTo(client.nextMorning());

    client.advance(Duration.ofDays(2));
    client.pay(account, "3");
    deliver();

    assertEquals(
        List.of(
            "Account " + account + " is overdue: please pay $3.00",
            "css is suspended on account " + account,
            "css is available again on account " + account),
        MailBox.of(address).stream().map(MailBox.Read::subject).toList());
    assertTrue(
        MailBox.of(address).get(1).plain().contains("the resources of css may be taken back from"));
    assertEquals(3, MailBox.of(address).stream().map(MailBox.Read::id).distinct().count());
  }
}
