package io.arrears.testkit;

import java.security.Key;
import java.util.Base64;

/** PEM text as openssl writes it. */
public final class Pem {

  private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

  private Pem() {}

  /** PKCS#8 of a private key, X.509 of a public one. */
  public static String of(Key key) {
    return block(key.getFormat().equals("X.509") ? "PUBLIC KEY" : "PRIVATE KEY", key.getEncoded());
  }

  public static String block(String label, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, LINES.encodeToString(content), label);
  }
}
