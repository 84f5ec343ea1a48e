package io.arrears.testkit;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/** The packaged service in a process of its own, as somebody runs it who has just built it. */
public final class ServiceProcess implements AutoCloseable {

  private static final Duration START_WAIT = Duration.ofSeconds(90);

  private final Process process;
  private final Path log;
  private final int port;
  private final Client client;

  private ServiceProcess(Process process, Path log, int port, Client client) {
    this.port = port;
    this.process = process;
    this.log = log;
    this.client = client;
  }

  /** Starts it with an environment, and waits until it answers. */
  public static ServiceProcess start(Map<String, String> environment)
      throws IOException, InterruptedException {
    return start(environment, Client::new);
  }

  /** The same, with the client that may talk to it. */
  public static ServiceProcess start(Map<String, String> environment, IntFunction<Client> connect)
      throws IOException, InterruptedException {
    int port =
        environment.containsKey("ARREARS_GRPC_PORT")
            ? Integer.parseInt(environment.get("ARREARS_GRPC_PORT"))
            : freePort();
    Path log = Files.createTempFile("arrears-service", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command()).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("ARREARS_GRPC_PORT", String.valueOf(port));
    builder.environment().put("ARREARS_HTTP_PORT", String.valueOf(freePort()));
    builder.environment().putAll(environment);
    Process process = builder.start();
    ServiceProcess service = new ServiceProcess(process, log, port, connect.apply(port));
    service.awaitAnswer();
    return service;
  }

  private static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Most live for seconds: to compile better is not worth its time.
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar"));
    command.add(Path.of("target", "quarkus-app", "quarkus-run.jar").toString());
    return command;
  }

  /** One that nothing listens on just now. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private void awaitAnswer() throws IOException {
    long end = System.nanoTime() + START_WAIT.toNanos();
    while (process.isAlive() && System.nanoTime() < end) {
      try {
        client.now();
        return;
      } catch (io.grpc.StatusRuntimeException e) {
        if (e.getStatus().getCode() == io.grpc.Status.Code.UNAUTHENTICATED) {
          return;
        }
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }
    close();
    throw new IOException("the service does not answer:\n" + Files.readString(log));
  }

  /** Runs it until it ends by itself, and returns what it said. */
  public static String output(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = command();
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    process.waitFor();
    return process.exitValue() + ": " + output;
  }

  public int port() {
    return port;
  }

  public Client client() {
    return client;
  }

  /** As SIGKILL does it: nothing is put in order. */
  public void kill() throws InterruptedException {
    client.close();
    process.destroyForcibly().waitFor();
  }

  /** As SIGTERM does it. */
  @Override
  public void close() {
    client.close();
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
