package io.arrears.notification;

import io.arrears.platform.ArrearsClock;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Webhooks, as the Standard Webhooks specification has them. It is delivered once the receiver has
 * answered 2xx; what else it says is not read. Each goes by a connection of its own, to the address
 * that was judged.
 */
@ApplicationScoped
class WebhookSender implements Sender {

  private static final int RESOLVERS = 16;
  private static final int MAX_HEADERS = 16 * 1024;
  private static final int GONE = 410;

  private final WebhookKeys keys;
  private final ArrearsClock clock;
  private final AddressGuard guard;
  private final HttpClient client;
  private final WorkerExecutor resolvers;

  WebhookSender(
      WebhookKeys keys,
      ArrearsClock clock,
      Vertx vertx,
      DeliveryLimits limits,
      @ConfigProperty(name = "arrears.webhooks.allowed-hosts")
          Optional<List<String>> allowedHosts) {
    this.keys = keys;
    this.clock = clock;
    this.guard =
        new AddressGuard(
            allowedHosts.orElse(List.of()).stream()
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet()));
    this.client =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setKeepAlive(false)
                    .setMaxPoolSize(limits.atATime())
                    .setConnectTimeout((int) limits.timeout().toMillis())
                    .setMaxHeaderSize(MAX_HEADERS))
            // What breaks is told by the attempt; it is no error of ours.
            .withConnectHandler(connection -> connection.exceptionHandler(broken -> {}))
            .build();
    // A name server that hangs must not hold up the workers of everything else.
    this.resolvers = vertx.createSharedWorkerExecutor("webhook-resolver", RESOLVERS);
  }

  @PreDestroy
  void close() {
    client.close();
    resolvers.close();
  }

  @Override
  public Channel channel() {
    return Channel.WEBHOOK;
  }

  @Override
  public Uni<Attempt> send(Delivery delivery) {
    URI url = URI.create(delivery.address());
    if (url.getHost() == null) {
      return Uni.createFrom().item(Attempt.refused("the URL names no host"));
    }
    String host = url.getHost().replaceAll("^\\[|\\]$", "");
    boolean tls = "https".equalsIgnoreCase(url.getScheme());
    return Uni.createFrom()
        .completionStage(
            () ->
                resolvers
                    .executeBlocking(
                        () -> guard.choose(host, tls, InetAddress.getAllByName(host)), false)
                    .toCompletionStage())
        .chain(address -> post(delivery, url, host, tls, address));
  }

  private Uni<Attempt> post(
      Delivery delivery, URI url, String host, boolean tls, InetAddress address) {
    int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
            .setHost(host)
            .setPort(port)
            .setSsl(tls)
            .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
            .setFollowRedirects(false);
    AtomicReference<HttpClientRequest> open = new AtomicReference<>();
    AtomicBoolean over = new AtomicBoolean();
    return Uni.createFrom()
        .completionStage(
            () ->
                client
                    .request(options)
                    .compose(
                        request -> {
                          open.set(request);
                          if (over.get()) {
                            request.connection().close();
                            return Future.<HttpClientResponse>failedFuture("too late");
                          }
                          return answer(request, delivery);
                        })
                    .map(response -> attempt(response.statusCode()))
                    .otherwise(failure -> Attempt.failed(String.valueOf(failure.getMessage())))
                    .toCompletionStage())
        .onTermination()
        .invoke(
            () -> {
              over.set(true);
              HttpClientRequest request = open.get();
              if (request != null) {
                // Whatever is left of it, a body that drips or no answer at all, ends here.
                request.connection().close();
              }
            });
  }

  private Future<HttpClientResponse> answer(HttpClientRequest request, Delivery delivery) {
    String body = body(delivery);
    long timestamp = clock.instant().getEpochSecond();
    String id = delivery.notificationId();
    request
        .putHeader("content-type", "application/json")
        .putHeader("user-agent", "arrears")
        .putHeader("webhook-id", id)
        .putHeader("webhook-timestamp", Long.toString(timestamp))
        .putHeader(
            "webhook-signature", keys.signatures(delivery.key().accountId(), id, timestamp, body));
    return request.send(body);
  }

  private static Attempt attempt(int status) {
    if (status / 100 == 2) {
      return Attempt.DELIVERED;
    }
    String error = "HTTP " + status;
    return status == GONE ? Attempt.refused(error) : Attempt.failed(error);
  }

  /** Of nothing but what was settled when it was written: every attempt has the same bytes. */
  static String body(Delivery delivery) {
    Delivery.Key key = delivery.key();
    JsonObject data =
        new JsonObject()
            .put("account_id", key.accountId())
            .put("episode", key.episode())
            .put("product", key.product())
            .put("detail", key.detail())
            .put(
                "amount_due",
                new JsonObject()
                    .put("currency_code", delivery.currency().getCurrencyCode())
                    .put("amount", delivery.amountDue().toPlainString()));
    if (delivery.nextState() != null) {
      data.put(
          "next",
          new JsonObject()
              .put("state", delivery.nextState().name())
              .put("at", delivery.nextAt().toString()));
    }
    return new JsonObject()
        .put("type", "arrears." + key.rung().name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .put("timestamp", delivery.at().toString())
        .put("data", data)
        .encode();
  }
}
