package io.arrears.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A PostgreSQL with ordinary durable settings that is killed and starts again on the same data and
 * the same port. SIGKILL takes with it what was only in memory; it is not a power failure, so what
 * fsync is for is seen from the settings alone.
 */
public final class DurableDatabase implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path directory;
  private final int port;
  private EmbeddedPostgres postgres;

  private DurableDatabase(Path directory, int port) throws IOException {
    this.directory = directory;
    this.port = port;
    start();
  }

  public static DurableDatabase start(Path directory) throws IOException {
    return new DurableDatabase(directory, ServiceProcess.freePort());
  }

  /** Again, on what it has left. */
  public void start() throws IOException {
    postgres =
        EmbeddedPostgres.builder()
            .setPort(port)
            .setDataDirectory(directory)
            .setCleanDataDirectory(false)
            .setPGStartupWait(PATIENCE)
            .setServerConfig("listen_addresses", "localhost")
            .setServerConfig("max_connections", "100")
            .setServerConfig("timezone", TestDatabase.WRONG_ZONE)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .start();
  }

  /**
   * SIGKILL to the server and all its processes at once: nobody puts anything in order. The log
   * then complains that there is nothing left to stop.
   */
  public void kill() throws Exception {
    ProcessHandle server =
        ProcessHandle.of(
                Long.parseLong(Files.readAllLines(directory.resolve("postmaster.pid")).get(0)))
            .orElseThrow();
    List<ProcessHandle> all = Stream.concat(Stream.of(server), server.descendants()).toList();
    for (ProcessHandle each : all) {
      if (!each.destroyForcibly()) {
        throw new IllegalStateException("cannot kill " + each.pid());
      }
    }
    for (ProcessHandle each : all) {
      each.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
    postgres.close();
  }

  public String url() {
    return "postgresql://postgres@localhost:" + port + "/postgres";
  }

  @Override
  public void close() {
    try {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
