package io.arrears.api;

import io.arrears.platform.Digest;
import io.arrears.platform.SigningKey;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.HexFormat;

/**
 * Publishes the public keys that check certificates, over HTTP, to anybody: {@code
 * /.well-known/jwks.json}.
 */
@ApplicationScoped
class CertificateKeys {

  static final String PATH = "/.well-known/jwks.json";

  /** Short, so that a new key is known everywhere soon after it signs its first certificate. */
  private static final String CACHING = "public, max-age=300";

  private final SigningKey key;

  CertificateKeys(SigningKey key) {
    this.key = key;
  }

  void route(@Observes Router router) {
    router.route(PATH).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::answer);
  }

  private void answer(RoutingContext context) {
    if (!key.isLoaded()) {
      // The HTTP server opens a moment before the key is there.
      context.response().setStatusCode(503).putHeader("Retry-After", "1").end();
      return;
    }
    String body = key.jwkSet();
    context.response().putHeader("Cache-Control", CACHING);
    context.etag(HexFormat.of().formatHex(Digest.of(body)));
    if (context.isFresh()) {
      context.response().setStatusCode(304).end();
    } else {
      context.response().putHeader("Content-Type", "application/jwk-set+json").end(body);
    }
  }
}
