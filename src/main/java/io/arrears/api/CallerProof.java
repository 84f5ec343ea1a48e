package io.arrears.api;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.jwt.auth.principal.JWTParser;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * How callers prove who they are: {@code ARREARS_AUTH}. With {@code jwt} by a bearer token that
 * {@code mp.jwt.verify.publickey.location} and {@code mp.jwt.verify.issuer} vouch for, with {@code
 * mtls} by the certificate that the server's trust store vouches for.
 */
@ApplicationScoped
class CallerProof {

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String BEARER = "bearer ";
  private static final int MAX_ACTOR = 128;

  private enum Mode {
    NONE,
    JWT,
    MTLS
  }

  private final Mode mode;
  private final String grpcHost;
  private final String httpHost;
  private final Instance<JWTParser> tokens;

  CallerProof(
      @ConfigProperty(name = "arrears.auth") String mode,
      @ConfigProperty(name = "quarkus.grpc.server.host") String grpcHost,
      @ConfigProperty(name = "quarkus.http.host") String httpHost,
      Instance<JWTParser> tokens) {
    this.mode = mode(mode);
    this.grpcHost = grpcHost;
    this.httpHost = httpHost;
    this.tokens = tokens;
  }

  /** A caller that did not prove who it is. */
  static final class Unproven extends Exception {
    private static final long serialVersionUID = 1;

    Unproven(String message) {
      super(message);
    }
  }

  private static Mode mode(String name) {
    try {
      return Mode.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "ARREARS_AUTH (arrears.auth) must be none, jwt or mtls, not " + name, e);
    }
  }

  /** An unsafe setting ends the start. */
  void refuseOpenDoor(@Observes StartupEvent started) {
    if (mode == Mode.NONE && !(loopback(grpcHost) && loopback(httpHost))) {
      throw new IllegalStateException(
          "ARREARS_AUTH=none serves loopback only, not %s; set ARREARS_AUTH to jwt or mtls"
              .formatted(loopback(grpcHost) ? httpHost : grpcHost));
    }
  }

  private static boolean loopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Null if it names itself nothing. */
  String caller(ServerCall<?, ?> call, Metadata headers) throws Unproven {
    return switch (mode) {
      case NONE -> named(headers.get(Caller.ACTOR));
      case JWT -> byToken(headers.get(AUTHORIZATION));
      case MTLS -> byCertificate(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
    };
  }

  private static String named(String actor) {
    return actor == null || actor.length() <= MAX_ACTOR ? actor : actor.substring(0, MAX_ACTOR);
  }

  private String byToken(String authorization) throws Unproven {
    if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      throw new Unproven("the metadata key authorization must hold a bearer token");
    }
    try {
      return tokens.get().parse(authorization.substring(BEARER.length()).strip()).getName();
    } catch (ParseException e) {
      throw new Unproven("the bearer token is not valid");
    }
  }

  private static String byCertificate(SSLSession session) throws Unproven {
    if (session == null) {
      throw new Unproven("the connection must be TLS with a client certificate");
    }
    try {
      return session.getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException e) {
      throw new Unproven("the connection must present a client certificate");
    }
  }
}
