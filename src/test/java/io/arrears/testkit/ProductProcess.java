package io.arrears.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A product cloud of {@code examples/} in a process of its own. */
public final class ProductProcess implements AutoCloseable {

  private static final Duration ANSWER_WAIT = Duration.ofSeconds(60);

  private final Process process;
  private final Path state;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private ProductProcess(ProcessBuilder builder, Path state) throws IOException {
    this.state = state;
    this.process = builder.redirectErrorStream(true).start();
    Thread reader = new Thread(this::read, "product-cloud");
    reader.setDaemon(true);
    reader.start();
  }

  /** The one in Java. */
  public static ProductProcess start(int port, String product, Path state, String... options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("io.arrears.example.ProductCloud");
    command.addAll(List.of("--server", "127.0.0.1:" + port, "--product", product));
    command.addAll(List.of("--state", state.toString()));
    command.addAll(List.of(options));
    return new ProductProcess(new ProcessBuilder(command), state);
  }

  /** The one in Python, as the documentation starts it. */
  public static ProductProcess python(int port, String product, Path state) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            "/usr/bin/python3",
            "examples/product-cloud/product_cloud.py",
            "127.0.0.1:" + port,
            product,
            state.toString());
    builder.environment().put("PYTHONPATH", Path.of("target", "python").toString());
    return new ProductProcess(builder, state);
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      output.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      lines.add("the end of its output: " + e);
    }
  }

  /** What a customer asks for, and its answer. */
  public String ask(String command) throws IOException {
    int before = lines.size();
    process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    return await(before, command + ": ").substring(command.length() + 2);
  }

  /** The first line that begins so, once there is one. */
  public String await(String start) {
    return await(0, start);
  }

  private String await(int from, String start) {
    long end = System.nanoTime() + ANSWER_WAIT.toNanos();
    while (System.nanoTime() < end) {
      Optional<String> found =
          lines.stream().skip(from).filter(line -> line.startsWith(start)).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    throw new AssertionError("no '" + start + "' in\n" + output());
  }

  public String output() {
    return String.join("\n", lines);
  }

  /** What it has stored under a name; empty if nothing. */
  public String stored(String name) throws IOException {
    if (!Files.exists(state)) {
      return "";
    }
    return Files.readAllLines(state).stream()
        .filter(line -> line.startsWith(name + "="))
        .map(line -> line.substring(name.length() + 1))
        .findFirst()
        .orElse("");
  }

  /** Waits until it ends by itself. */
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(ANSWER_WAIT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it goes on:\n" + output());
    }
    return process.exitValue();
  }

  /** As SIGKILL does it. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
