package io.arrears.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Keys, certificates and tokens, made for the test that uses them. */
public final class Keys {

  public static final String PASSWORD = "changeit";

  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

  private Keys() {}

  public static KeyPair rsa() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return generator.generateKeyPair();
  }

  /** A token of an issuer for a subject, signed with RS256. */
  public static String token(KeyPair keys, String issuer, String subject)
      throws GeneralSecurityException {
    long now = System.currentTimeMillis() / 1000;
    String body =
        encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\"}")
            + "."
            + encoded(
                "{\"iss\":\"%s\",\"sub\":\"%s\",\"iat\":%d,\"exp\":%d}"
                    .formatted(issuer, subject, now, now + 600));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(keys.getPrivate());
    signature.update(body.getBytes(StandardCharsets.UTF_8));
    return body + "." + URL.encodeToString(signature.sign());
  }

  private static String encoded(String json) {
    return URL.encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  /** A key store with a self-signed certificate of a name, and a trust store that knows it. */
  public static void stores(Path directory, String name) throws IOException, InterruptedException {
    Path store = directory.resolve(name + ".p12");
    Path certificate = directory.resolve(name + ".crt");
    keytool(
        store,
        "-genkeypair",
        "-alias",
        name,
        "-dname",
        "CN=" + name,
        "-keyalg",
        "RSA",
        "-ext",
        "san=dns:localhost,ip:127.0.0.1");
    keytool(store, "-exportcert", "-alias", name, "-rfc", "-file", certificate.toString());
    keytool(
        directory.resolve(name + "-trust.p12"),
        "-importcert",
        "-noprompt",
        "-alias",
        name,
        "-file",
        certificate.toString());
  }

  private static void keytool(Path store, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(Arrays.asList(arguments));
    command.addAll(
        List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
    Path log = Files.createTempFile("keytool", ".log");
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException(Files.readString(log));
    }
  }
}
