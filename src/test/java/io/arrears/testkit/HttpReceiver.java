package io.arrears.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A customer's server, well-behaved or not, on a port of loopback. */
public final class HttpReceiver implements AutoCloseable {

  /** What it does with a request that it has read. */
  public interface Behaviour {
    void answer(Request request, Socket socket) throws IOException, InterruptedException;
  }

  /** What was sent; names of headers in lower case. */
  public record Request(String path, Map<String, String> headers, String body) {}

  /** Longer than a lease: what a killed process had claimed comes, too. */
  private static final int WAIT_SECONDS = 120;

  private final ServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final LinkedBlockingQueue<Request> requests = new LinkedBlockingQueue<>();
  private volatile Behaviour behaviour;

  private HttpReceiver(ServerSocket server, Behaviour behaviour) {
    this.server = server;
    this.behaviour = behaviour;
  }

  public static HttpReceiver start(Behaviour behaviour) throws IOException {
    ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    HttpReceiver receiver = new HttpReceiver(server, behaviour);
    receiver.threads.execute(receiver::listen);
    return receiver;
  }

  /** Answers every request with a status. */
  public static Behaviour status(int status) {
    return (request, socket) -> answer(socket, status, "");
  }

  /** Takes the request and never answers. */
  public static Behaviour hang() {
    return (request, socket) -> awaitGone(socket);
  }

  /** Answers well, once the other side has given up. */
  public static Behaviour late() {
    return (request, socket) -> {
      awaitGone(socket);
      answer(socket, 200, "");
    };
  }

  private static void awaitGone(Socket socket) throws IOException {
    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
  }

  /** Sends a byte a second, of headers that do not end. */
  public static Behaviour drip() {
    return (request, socket) -> {
      OutputStream out = socket.getOutputStream();
      out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.setSoTimeout(1000);
      do {
        out.write('x');
        out.flush();
      } while (stillThere(socket));
    };
  }

  private static boolean stillThere(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  /** Breaks the connection. */
  public static Behaviour reset() {
    return (request, socket) -> socket.setSoLinger(true, 0);
  }

  public static void answer(Socket socket, int status, String headers) throws IOException {
    String head = "HTTP/1.1 %d Status\r\n%scontent-length: 0\r\n\r\n".formatted(status, headers);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  /** From now on. */
  public void behave(Behaviour other) {
    this.behaviour = other;
  }

  public String url(String path) {
    return "http://127.0.0.1:" + server.getLocalPort() + path;
  }

  public int port() {
    return server.getLocalPort();
  }

  /** All requests so far, which are forgotten here. */
  public List<Request> taken() {
    List<Request> all = new ArrayList<>();
    requests.drainTo(all);
    return all;
  }

  /** The next one, once it is there. */
  public Request next() throws InterruptedException {
    Request request = requests.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (request == null) {
      throw new AssertionError("nothing came within " + WAIT_SECONDS + " seconds");
    }
    return request;
  }

  private void listen() {
    try {
      while (!server.isClosed()) {
        Socket socket = server.accept();
        threads.execute(() -> serve(socket));
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      Request request = read(socket.getInputStream());
      requests.add(request);
      behaviour.answer(request, socket);
    } catch (IOException e) {
      // The other side has gone, which some tests are about.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Request read(InputStream in) throws IOException {
    String path = line(in).split(" ", 3)[1];
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String[] parts = line.split(":", 2);
      headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Request(path, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int each = in.read(); each != '\n'; each = in.read()) {
      if (each < 0) {
        throw new IOException("the request ends");
      }
      line.write(each);
    }
    return line.toString(StandardCharsets.US_ASCII).strip();
  }

  @Override
  public void close() throws IOException {
    server.close();
    threads.shutdownNow();
  }
}
