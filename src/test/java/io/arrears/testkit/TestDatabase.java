package io.arrears.testkit;

import io.arrears.platform.DatabaseSettings;
import io.arrears.platform.EmbeddedDatabase;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;

/** A real PostgreSQL with its time zone set wrong on purpose: nothing may depend on it. */
public class TestDatabase implements QuarkusTestResourceLifecycleManager {

  /** A day ahead of most of the world, and with daylight saving of half an hour. */
  public static final String WRONG_ZONE = "Australia/Lord_Howe";

  private EmbeddedDatabase database;

  @Override
  public Map<String, String> start() {
    try {
      database =
          EmbeddedDatabase.start(
              Files.createTempDirectory("arrears-test"),
              // Months go by in seconds: what they leave behind is cleared away as soon.
              Map.of("timezone", WRONG_ZONE, "fsync", "off", "autovacuum_naptime", "2s"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> settings = new HashMap<>(DatabaseSettings.properties(database.url()));
    settings.put("quarkus.grpc.server.test-port", "0");
    settings.put("quarkus.http.test-port", "0");
    return settings;
  }

  @Override
  public void stop() {
    database.close();
  }
}
