package io.arrears.testkit;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test against the running service, over a socket, on a virtual clock. */
@QuarkusTestResource(TestDatabase.class)
public abstract class OverGrpc {

  /** A clock that begins in the year that the sample's data is of. */
  public static class VirtualTime implements QuarkusTestProfile {
    private static final Map<String, String> SETTINGS =
        Map.of(
            "arrears.clock", "virtual",
            "arrears.clock.start", "2023-01-15T03:00:00Z");

    @Override
    public Map<String, String> getConfigOverrides() {
      return SETTINGS;
    }

    /** And one setting more. */
    protected static Map<String, String> with(String name, String value) {
      Map<String, String> settings = new HashMap<>(SETTINGS);
      settings.put(name, value);
      return settings;
    }
  }

  @Inject Pool pool;

  protected Client client;

  @BeforeEach
  void connect() {
    client = new Client(port());
  }

  static int port() {
    return ConfigProvider.getConfig().getValue("quarkus.grpc.server.test-port", Integer.class);
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  protected Pool pool() {
    return pool;
  }

  /** What somebody does by hand in the database. */
  protected RowSet<Row> sql(String sql) {
    return pool.query(sql).execute().await().atMost(Duration.ofSeconds(30));
  }
}
