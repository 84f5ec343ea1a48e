package io.arrears.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.arrears.testkit.Client;
import io.arrears.testkit.Keys;
import io.arrears.testkit.ServiceProcess;
import io.arrears.v1.Account;
import io.arrears.v1.AccountServiceGrpc.AccountServiceBlockingStub;
import io.arrears.v1.CreateAccountRequest;
import io.arrears.v1.RecordPaymentRequest;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ARREARS_AUTH=jwt and =mtls, on an address that is not loopback only. */
class CallerProofIT {

  @TempDir Path directory;

  private Map<String, String> settings(String mode) {
    Map<String, String> settings = new HashMap<>();
    settings.put("ARREARS_AUTH", mode);
    settings.put("ARREARS_HOST", "0.0.0.0");
    settings.put("ARREARS_DATA_DIR", directory.toString());
    return settings;
  }

  @Test
  void a_bearer_token_says_who_calls_and_without_one_nobody_gets_in() throws Exception {
    KeyPair keys = Keys.rsa();
    Path publicKey = directory.resolve("issuer.pem");
    Files.writeString(
        publicKey,
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
            + "\n-----END PUBLIC KEY-----\n");
    Map<String, String> settings = settings("jwt");
    settings.put("MP_JWT_VERIFY_PUBLICKEY_LOCATION", publicKey.toUri().toString());
    settings.put("MP_JWT_VERIFY_ISSUER", "https://issuer.example");

    try (ServiceProcess service = ServiceProcess.start(settings)) {
      AccountServiceBlockingStub accounts = service.client().accounts;
      assertEquals(Code.UNAUTHENTICATED, refused(accounts));
      assertEquals(
          Code.UNAUTHENTICATED,
          refused(bearing(accounts, Keys.token(Keys.rsa(), "https://issuer.example", "mallory"))));
      assertEquals(
          Code.UNAUTHENTICATED,
          refused(bearing(accounts, Keys.token(keys, "https://other.example", "mallory"))));
      assertEquals(
          "payments-service",
          actor(bearing(accounts, Keys.token(keys, "https://issuer.example", "payments-service"))));
    }
  }

  @Test
  void a_client_certificate_says_who_calls_and_without_one_nobody_gets_in() throws Exception {
    Keys.stores(directory, "server");
    Keys.stores(directory, "metering");
    Keys.stores(directory, "stranger");
    Map<String, String> settings = settings("mtls");
    settings.put("QUARKUS_GRPC_SERVER_SSL_KEY_STORE", store("server"));
    settings.put("QUARKUS_GRPC_SERVER_SSL_KEY_STORE_PASSWORD", Keys.PASSWORD);
    settings.put("QUARKUS_GRPC_SERVER_SSL_TRUST_STORE", store("metering-trust"));
    settings.put("QUARKUS_GRPC_SERVER_SSL_TRUST_STORE_PASSWORD", Keys.PASSWORD);
    settings.put("QUARKUS_GRPC_SERVER_SSL_CLIENT_AUTH", "REQUIRED");

    try (ServiceProcess service = ServiceProcess.start(settings, this::secured)) {
      assertEquals("CN=metering", actor(service.client().accounts));
      try (Client stranger = new Client(channel(service.port(), "stranger"))) {
        assertEquals(Code.UNAVAILABLE, refused(stranger.accounts));
      }
      try (Client nobody = new Client(channel(service.port(), null))) {
        assertEquals(Code.UNAVAILABLE, refused(nobody.accounts));
      }
    }
  }

  private Client secured(int port) {
    return new Client(channel(port, "metering"));
  }

  private NettyChannelBuilder channel(int port, String name) {
    try {
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(load("server-trust"));
      var context = GrpcSslContexts.forClient().trustManager(trust);
      if (name != null) {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(load(name), Keys.PASSWORD.toCharArray());
        context.keyManager(keys);
      }
      return NettyChannelBuilder.forAddress("localhost", port).sslContext(context.build());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyStore load(String name) throws Exception {
    KeyStore loaded = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(Path.of(store(name)))) {
      loaded.load(in, Keys.PASSWORD.toCharArray());
    }
    return loaded;
  }

  private String store(String name) {
    return directory.resolve(name + ".p12").toString();
  }

  private static AccountServiceBlockingStub bearing(
      AccountServiceBlockingStub accounts, String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return accounts.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static Code refused(AccountServiceBlockingStub accounts) {
    return assertThrows(StatusRuntimeException.class, () -> actor(accounts)).getStatus().getCode();
  }

  private static String actor(AccountServiceBlockingStub accounts) {
    accounts.createAccount(
        CreateAccountRequest.newBuilder()
            .setAccount(Account.newBuilder().setAccountId("a").setCurrencyCode("USD"))
            .build());
    return accounts
        .recordPayment(
            RecordPaymentRequest.newBuilder()
                .setAccountId("a")
                .setPaymentId("p")
                .setAmount(Client.usd("1"))
                .build())
        .getEntry()
        .getActor();
  }
}
