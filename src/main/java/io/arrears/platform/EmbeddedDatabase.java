package io.arrears.platform;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A real PostgreSQL from binaries that the service brings along, in a data directory of its own
 * that survives. It keeps what it was told: fsync and synchronous commits are on.
 */
public final class EmbeddedDatabase implements AutoCloseable {

  private static final Duration START_WAIT = Duration.ofSeconds(60);

  private final EmbeddedPostgres postgres;

  private EmbeddedDatabase(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /**
   * Starts it, and first puts an end to one that a killed service left behind.
   *
   * @param settings further settings of the server, by name
   * @throws IllegalStateException with what to do about it, if it cannot start
   */
  public static EmbeddedDatabase start(Path dataDirectory, Map<String, String> settings) {
    Path directory = dataDirectory.toAbsolutePath().normalize().resolve("postgres");
    try {
      Files.createDirectories(directory);
      stopOrphan(directory);
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setDataDirectory(directory)
              .setCleanDataDirectory(false)
              .setPGStartupWait(START_WAIT)
              .setOverrideWorkingDirectory(binaries().toFile())
              .setServerConfig("listen_addresses", "localhost")
              .setServerConfig("max_connections", "100")
              .setServerConfig("fsync", "on")
              .setServerConfig("full_page_writes", "on")
              .setServerConfig("synchronous_commit", "on");
      settings.forEach(builder::setServerConfig);
      return new EmbeddedDatabase(builder.start());
    } catch (IOException | RuntimeException e) {
      throw new IllegalStateException(
          """
          The embedded PostgreSQL cannot start in %s: %s
          Is the directory writable (ARREARS_DATA_DIR), is there disk space, is another Arrears \
          running in it? As root it needs unshare(1). \
          ARREARS_DB_URL=postgresql://user:password@host:port/db uses a server of yours instead."""
              .formatted(directory, rootCause(e)),
          e);
    }
  }

  /** Where the server's binaries are unpacked: to each user his own, who may not share. */
  private static Path binaries() {
    return Path.of(
        System.getProperty("java.io.tmpdir"),
        "arrears-postgres-" + System.getProperty("user.name"));
  }

  private static String rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  private static void stopOrphan(Path directory) throws IOException {
    Path pidFile = directory.resolve("postmaster.pid");
    if (!Files.exists(pidFile) || inUse(directory.resolve("epg-lock"))) {
      return;
    }
    List<String> lines = Files.readAllLines(pidFile);
    Optional<ProcessHandle> postmaster =
        lines.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(lines.get(0).strip()));
    Optional<ProcessHandle> orphan =
        postmaster.filter(p -> p.info().command().filter(c -> c.contains("postgres")).isPresent());
    if (orphan.isPresent()) {
      orphan.get().destroy();
      awaitEnd(orphan.get());
    }
  }

  private static void awaitEnd(ProcessHandle process) {
    try {
      process.onExit().get(START_WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("process " + process.pid() + " does not end", e);
    }
  }

  private static boolean inUse(Path lockFile) throws IOException {
    if (!Files.exists(lockFile)) {
      return false;
    }
    try (RandomAccessFile file = new RandomAccessFile(lockFile.toFile(), "rw");
        FileLock lock = file.getChannel().tryLock()) {
      if (lock == null) {
        throw new IOException("another Arrears is running in this directory");
      }
      return false;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  /** In the form that the reactive client takes. */
  public String url() {
    return "postgresql://postgres@localhost:" + postgres.getPort() + "/postgres";
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
