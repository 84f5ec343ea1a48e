package io.arrears.platform;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Which database to use: {@code ARREARS_DB_URL} names one, Quarkus's own settings do, or else the
 * embedded one starts in {@code ARREARS_DATA_DIR}.
 */
public final class DatabaseSettings {

  private static final String REACTIVE_URL = "quarkus.datasource.reactive.url";

  private DatabaseSettings() {}

  /** Sets what Quarkus reads, before it starts; starts the embedded server if none is named. */
  public static void apply() {
    if (named(REACTIVE_URL, "QUARKUS_DATASOURCE_REACTIVE_URL") != null) {
      return;
    }
    String url = named("arrears.db.url", "ARREARS_DB_URL");
    if (url == null || url.isBlank()) {
      String directory = named("arrears.data.dir", "ARREARS_DATA_DIR");
      url =
          EmbeddedDatabase.start(
                  Path.of(directory == null || directory.isBlank() ? "data" : directory), Map.of())
              .url();
    }
    connectTo(url);
  }

  /**
   * Points both the reactive client and Flyway to a server.
   *
   * @param url {@code postgresql://user:password@host:port/db}
   */
  public static void connectTo(String url) {
    properties(url).forEach(System::setProperty);
  }

  /** The settings of Quarkus that a URL stands for. */
  public static Map<String, String> properties(String url) {
    URI uri = parse(url);
    String[] user = uri.getRawUserInfo().split(":", 2);
    String server =
        "postgresql://"
            + uri.getHost()
            + ":"
            + (uri.getPort() < 0 ? 5432 : uri.getPort())
            + uri.getRawPath()
            + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    return Map.of(
        REACTIVE_URL,
        server,
        "quarkus.datasource.jdbc.url",
        "jdbc:" + server,
        "quarkus.datasource.username",
        decoded(user[0]),
        "quarkus.datasource.password",
        user.length == 1 ? "" : decoded(user[1]));
  }

  private static URI parse(String url) {
    try {
      URI uri = URI.create(url);
      if (("postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getRawUserInfo() != null
          && uri.getRawPath().length() > 1) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the message that does not repeat a password.
    }
    throw new IllegalArgumentException(
        "ARREARS_DB_URL must be postgresql://user:password@host:port/db");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String named(String property, String variable) {
    String value = System.getProperty(property);
    return value == null ? System.getenv(variable) : value;
  }
}
