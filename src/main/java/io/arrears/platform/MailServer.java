package io.arrears.platform;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Which mail server to use: {@code ARREARS_SMTP_URL} names one, or Quarkus's own settings do. With
 * neither no mail is written.
 */
public final class MailServer {

  private static final int SUBMISSION = 587;
  private static final int SUBMISSIONS = 465;

  private MailServer() {}

  /** Sets what Quarkus reads, before it starts. */
  public static void apply() {
    String url = System.getProperty("arrears.smtp.url", System.getenv("ARREARS_SMTP_URL"));
    if (url != null && !url.isBlank()) {
      properties(url).forEach(System::setProperty);
    }
  }

  /**
   * The settings of Quarkus that a URL stands for.
   *
   * @param url {@code smtp://user:password@host:port}, with STARTTLS where the server has it, or
   *     {@code smtps://…}; user and password may be left out
   * @throws IllegalArgumentException for anything else, with a message that repeats no password
   */
  public static Map<String, String> properties(String url) {
    URI uri = parse(url);
    boolean tls = uri.getScheme().equals("smtps");
    Map<String, String> settings = new HashMap<>();
    settings.put("quarkus.mailer.host", uri.getHost());
    settings.put(
        "quarkus.mailer.port",
        String.valueOf(uri.getPort() >= 0 ? uri.getPort() : tls ? SUBMISSIONS : SUBMISSION));
    settings.put("quarkus.mailer.tls", String.valueOf(tls));
    settings.put("quarkus.mailer.start-tls", tls ? "DISABLED" : "OPTIONAL");
    if (uri.getRawUserInfo() != null) {
      String[] user = uri.getRawUserInfo().split(":", 2);
      settings.put("quarkus.mailer.username", decoded(user[0]));
      settings.put("quarkus.mailer.password", user.length == 1 ? "" : decoded(user[1]));
    }
    return settings;
  }

  private static URI parse(String url) {
    try {
      URI uri = URI.create(url);
      if (("smtp".equals(uri.getScheme()) || "smtps".equals(uri.getScheme()))
          && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the message that does not repeat a password.
    }
    throw new IllegalArgumentException(
        "ARREARS_SMTP_URL must be smtp://user:password@host:port, or smtps://");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
