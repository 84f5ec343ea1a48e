package io.arrears.testkit;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A real SMTP server, and the mail that it got. */
public class MailBox implements QuarkusTestResourceLifecycleManager {

  private static GreenMail server;

  @Override
  public Map<String, String> start() {
    server = new GreenMail(ServerSetup.SMTP.dynamicPort());
    server.start();
    return Map.of(
        "quarkus.mailer.host", "127.0.0.1",
        "quarkus.mailer.port", String.valueOf(server.getSmtp().getPort()),
        "quarkus.mailer.from", "Billing <billing@cloud.example>");
  }

  @Override
  public void stop() {
    server.stop();
  }

  /** As somebody reads it. */
  public record Read(String subject, String id, String messageId, String plain, String html) {}

  /** What was sent to an address, oldest first. */
  public static List<Read> of(String address) {
    return Arrays.stream(server.getReceivedMessages())
        .filter(message -> to(message).equals(address))
        .map(MailBox::read)
        .toList();
  }

  private static String to(MimeMessage message) {
    try {
      return message.getAllRecipients()[0].toString();
    } catch (MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Read read(MimeMessage message) {
    try {
      MimeMultipart parts = (MimeMultipart) message.getContent();
      String plain = "";
      String html = "";
      for (int i = 0; i < parts.getCount(); i++) {
        BodyPart part = parts.getBodyPart(i);
        if (part.isMimeType("text/html")) {
          html = part.getContent().toString();
        } else {
          plain = part.getContent().toString();
        }
      }
      return new Read(
          message.getSubject(),
          message.getHeader("Arrears-Notification-Id", null),
          message.getMessageID(),
          plain,
          html);
    } catch (MessagingException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
