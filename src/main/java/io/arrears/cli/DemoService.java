package io.arrears.cli;

import io.arrears.platform.DatabaseSettings;
import io.arrears.platform.EmbeddedDatabase;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * A service inside this process, for as long as a demonstration lasts: on free ports of loopback,
 * with a database in a temporary directory that goes with it, whatever ends it.
 */
final class DemoService {

  private static final String HOST = "127.0.0.1";
  private static final AtomicReference<Session> SESSION = new AtomicReference<>();

  private DemoService() {}

  /** What is done with the service once it answers. */
  @FunctionalInterface
  interface Guest {
    /** Returns the exit code. */
    int visit(InetSocketAddress address, URI keys) throws Exception;
  }

  private static final class Session {
    final Guest guest;
    final InetSocketAddress address;
    final URI keys;
    int exitCode = ArrearsCommand.REFUSED;
    Exception failure;

    Session(Guest guest, int grpcPort, int httpPort) {
      this.guest = guest;
      this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), grpcPort);
      this.keys = URI.create("http://" + HOST + ":" + httpPort + "/.well-known/jwks.json");
    }
  }

  /** What Quarkus runs once the service has started; when it returns, the service stops. */
  public static final class Visit implements QuarkusApplication {
    @Override
    public int run(String... args) {
      Session session = SESSION.get();
      try {
        session.exitCode = session.guest.visit(session.address, session.keys);
      } catch (Exception e) {
        session.failure = e;
      }
      return session.exitCode;
    }
  }

  /** Starts the service, lets the guest in, and stops it. */
  static int host(PrintWriter err, Guest guest) throws Exception {
    Path directory = Files.createTempDirectory("arrears-demo");
    try (Cleanup cleanup = new Cleanup(directory)) {
      int grpcPort = freePort();
      int httpPort = freePort();
      configure(grpcPort, httpPort);
      // It is thrown away in the end, so nothing waits for the disk.
      cleanup.database =
          EmbeddedDatabase.start(directory, Map.of("fsync", "off", "synchronous_commit", "off"));
      DatabaseSettings.connectTo(cleanup.database.url());
      Session session = new Session(guest, grpcPort, httpPort);
      SESSION.set(session);
      Quarkus.run(
          Visit.class,
          (code, failure) -> {
            if (failure != null) {
              err.println("arrears: the service did not start: " + failure.getMessage());
              err.flush();
            }
          });
      if (session.failure != null) {
        throw session.failure;
      }
      return session.exitCode;
    }
  }

  /** Above what the environment says: a demonstration never touches another database or port. */
  private static void configure(int grpcPort, int httpPort) {
    Map.of(
            "arrears.clock",
            "virtual",
            "arrears.clock.start",
            DemoStory.START.toString(),
            "arrears.auth",
            "none",
            "quarkus.grpc.server.host",
            HOST,
            "quarkus.http.host",
            HOST,
            "quarkus.grpc.server.port",
            String.valueOf(grpcPort),
            "quarkus.http.port",
            String.valueOf(httpPort),
            "quarkus.log.level",
            "ERROR",
            "quarkus.log.console.stderr",
            "true")
        .forEach(System::setProperty);
    // The database starts before Quarkus, and with it its logging, has been configured.
    java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.SEVERE);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Runs when the demonstration is over, or when the process is told to end. */
  private static final class Cleanup implements AutoCloseable {

    private static final int WAIT_MILLIS = 10_000;
    private static final int POLL_MILLIS = 20;

    private final Path directory;
    private final Thread onExit = new Thread(this::clean, "demo-cleanup");
    private volatile EmbeddedDatabase database;

    Cleanup(Path directory) {
      this.directory = directory;
      Runtime.getRuntime().addShutdownHook(onExit);
    }

    @Override
    public void close() {
      clean();
      try {
        Runtime.getRuntime().removeShutdownHook(onExit);
      } catch (IllegalStateException e) {
        // The process is ending already, and the hook has nothing left to do.
      }
    }

    private synchronized void clean() {
      if (database != null) {
        database.close();
      }
      try {
        awaitEnd(directory.resolve("postgres").resolve("postmaster.pid"));
        delete();
      } catch (IOException e) {
        // A temporary directory that stays behind is a nuisance, not a failure.
      }
    }

    /** The database's own hook may be stopping it at this moment. */
    private static void awaitEnd(Path pidFile) {
      for (int waited = 0; Files.exists(pidFile) && waited < WAIT_MILLIS; waited += POLL_MILLIS) {
        try {
          Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }

    private void delete() throws IOException {
      if (!Files.exists(directory)) {
        return;
      }
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    }
  }
}
