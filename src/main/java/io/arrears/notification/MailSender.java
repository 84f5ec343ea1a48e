package io.arrears.notification;

import io.quarkus.mailer.Mail;
import io.quarkus.mailer.reactive.ReactiveMailer;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.mail.SMTPException;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Mail, by any SMTP server. It is delivered once the server has accepted it. */
@ApplicationScoped
class MailSender implements Sender {

  /** Who gets a mail twice, after a crash, can tell by it. */
  static final String ID_HEADER = "Arrears-Notification-Id";

  private static final int PERMANENT = 500;

  private final ReactiveMailer mailer;
  private final MailText texts;
  private final String domain;

  MailSender(
      ReactiveMailer mailer,
      MailText texts,
      @ConfigProperty(name = "quarkus.mailer.from", defaultValue = "arrears@localhost")
          String from) {
    this.mailer = mailer;
    this.texts = texts;
    this.domain = from.replaceAll("^.*@|>.*$", "").strip();
  }

  @Override
  public Channel channel() {
    return Channel.EMAIL;
  }

  @Override
  public Uni<Attempt> send(Delivery delivery) {
    MailText.Text text = texts.of(delivery);
    Mail mail =
        Mail.withText(delivery.address(), text.subject(), text.plain())
            .setHtml(text.html())
            .addHeader("Message-ID", "<" + delivery.notificationId() + "@" + domain + ">")
            .addHeader(ID_HEADER, delivery.notificationId())
            .addHeader("Auto-Submitted", "auto-generated");
    return mailer
        .send(mail)
        .replaceWith(Attempt.DELIVERED)
        .onFailure(SMTPException.class)
        .recoverWithItem(failure -> answered(failure));
  }

  /** A server that answers is one that works, whatever it has against this mail. */
  private static Attempt answered(SMTPException failure) {
    String error = "SMTP " + failure.getReplyCode() + ": " + failure.getMessage();
    return failure.getReplyCode() >= PERMANENT ? Attempt.refused(error) : Attempt.later(error);
  }
}
