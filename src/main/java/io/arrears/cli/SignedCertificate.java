package io.arrears.cli;

import io.arrears.platform.Ed25519;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/**
 * A certificate as it lies in a file: a compact JWS, whose signature is not checked yet. Only one
 * form of JWS is read, the one that the service writes, because every choice that a document has in
 * how it is checked is one for whoever forges it.
 *
 * @param keyId the thumbprint of the key that it says it is signed with
 * @param signed what the signature is over
 * @param payload not to be read before the signature is found good
 */
record SignedCertificate(String keyId, byte[] signed, byte[] payload, byte[] signature) {

  /** What a gRPC client takes in at the most unless it is told otherwise. */
  static final int MAX_BYTES = 4 << 20;

  private static final String TYPE = "arrears-certificate+jwt";
  private static final String ALGORITHM = "EdDSA";
  private static final int MAX_HEADER = 4096;

  /**
   * @param file at most {@link #MAX_BYTES}, and more if there was more
   * @throws IllegalStateException with the reason, if it is none
   */
  static SignedCertificate parse(byte[] file) {
    if (file.length > MAX_BYTES) {
      throw invalid("it is larger than 4 MiB");
    }
    String text = new String(file, StandardCharsets.ISO_8859_1).strip();
    if (text.isEmpty()) {
      throw invalid("it is empty");
    }
    // A fourth part is enough to know: a file of dots would make millions.
    String[] parts = text.split("\\.", 4);
    if (parts.length != 3) {
      throw invalid("it has no three parts joined by dots; is it whole?");
    }
    byte[] header = decoded(parts[0], "header");
    String keyId = keyId(header);
    byte[] signature = decoded(parts[2], "signature");
    if (signature.length != Ed25519.SIGNATURE_BYTES) {
      throw invalid(
          "its signature has %d bytes instead of %d; is it whole?"
              .formatted(signature.length, Ed25519.SIGNATURE_BYTES));
    }
    return new SignedCertificate(
        keyId,
        (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
        decoded(parts[1], "payload"),
        signature);
  }

  /** To the letter: a decoder that passes over what it does not know lets a file be changed. */
  private static byte[] decoded(String part, String name) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(part);
      if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the one message for both.
    }
    throw invalid("its %s is not base64url; is it whole?".formatted(name));
  }

  private static String keyId(byte[] json) {
    if (json.length > MAX_HEADER) {
      throw invalid("its header is larger than %d bytes".formatted(MAX_HEADER));
    }
    Map<String, Object> header = object(json, "header");
    Object algorithm = header.get("alg");
    if (algorithm == null || "none".equalsIgnoreCase(algorithm.toString())) {
      throw invalid("it is not signed");
    }
    if (!ALGORITHM.equals(algorithm)) {
      throw invalid(
          "it is signed with %s, and certificates are with EdDSA (Ed25519) only"
              .formatted(Printable.brief(algorithm)));
    }
    if (!TYPE.equals(header.get("typ"))) {
      throw invalid("it is a %s and no %s".formatted(Printable.brief(header.get("typ")), TYPE));
    }
    if (header.containsKey("crit")) {
      throw invalid("it must be checked in a way that this command does not know");
    }
    if (header.get("kid") instanceof String keyId) {
      return keyId;
    }
    throw invalid("it does not say which key it is signed with");
  }

  /**
   * Checks the signature, and reads what is signed.
   *
   * @throws IllegalStateException if none of the keys made the signature
   */
  CertificateText verify(TrustedKeys keys) {
    PublicKey key = keys.byId().get(keyId);
    if (key == null) {
      throw new IllegalStateException(
          "the certificate is signed with an unknown key, %s; %s has %s"
              .formatted(
                  Printable.brief(keyId),
                  keys.source(),
                  String.join(", ", List.copyOf(keys.byId().keySet()))));
    }
    if (!Ed25519.verifies(key, signed, signature)) {
      throw new IllegalStateException(
          "the certificate is forged, or was changed after it was signed: its signature is not of"
              + " key "
              + keyId);
    }
    return CertificateText.of(object(payload, "payload"));
  }

  private static Map<String, Object> object(byte[] json, String name) {
    try {
      return JsonUtil.parseJson(new String(json, StandardCharsets.UTF_8));
    } catch (JoseException | ClassCastException e) {
      throw invalid("its %s is no JSON object".formatted(name));
    }
  }

  private static IllegalStateException invalid(String reason) {
    return new IllegalStateException("this is no certificate: " + reason);
  }
}
