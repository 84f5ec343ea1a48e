package io.arrears.intervention;

import io.arrears.intervention.DeactivationCertificate.ErasedCategory;
import io.arrears.intervention.DeactivationCertificate.ErasedService;
import io.arrears.platform.SigningKey;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * Makes a certificate that anybody with the public key can check, with {@code arrears
 * verify-certificate} or any JOSE library: a compact JWS, signed with Ed25519, over a JSON object
 * (docs/adr/0009-certificates.md lists its members). The same certificate and key give the same
 * bytes.
 */
@ApplicationScoped
public class CertificateSigner {

  /** Tells certificates from whatever else may be signed one day (RFC 8725, section 3.11). */
  static final String TYPE = "arrears-certificate+jwt";

  private final SigningKey key;

  CertificateSigner(SigningKey key) {
    this.key = key;
  }

  /**
   * Signs without waiting for anything.
   *
   * @return the compact JWS, ASCII
   * @throws IllegalStateException before the start of the service has loaded the key
   */
  public byte[] sign(DeactivationCertificate certificate) {
    return sign(certificate, key.keyId(), key.privateKey());
  }

  static byte[] sign(DeactivationCertificate certificate, String keyId, PrivateKey key) {
    JsonWebSignature jws = new JsonWebSignature();
    jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
    jws.setHeader("typ", TYPE);
    jws.setKeyIdHeaderValue(keyId);
    jws.setPayload(JsonUtil.toJson(payload(certificate)));
    jws.setKey(key);
    try {
      return jws.getCompactSerialization().getBytes(StandardCharsets.US_ASCII);
    } catch (JoseException e) {
      throw new IllegalStateException("the certificate cannot be signed", e);
    }
  }

  private static Map<String, Object> payload(DeactivationCertificate certificate) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("ticket_id", certificate.ticketId());
    members.put("account_id", certificate.accountId());
    members.put("product", certificate.product());
    members.put("requested_by", certificate.requestedBy());
    members.put("approved_by", certificate.approvedBy());
    members.put("requested_at", certificate.requestedAt().toString());
    members.put("approved_at", certificate.approvedAt().toString());
    members.put("completed_at", certificate.completedAt().toString());
    members.put(
        "services", certificate.services().stream().map(CertificateSigner::payload).toList());
    return members;
  }

  private static Map<String, Object> payload(ErasedService service) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("product", service.product());
    members.put("generation", service.generation());
    members.put(
        "categories", service.categories().stream().map(CertificateSigner::payload).toList());
    return members;
  }

  private static Map<String, Object> payload(ErasedCategory category) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("name", category.name());
    members.put("erased_at", category.erasedAt().toString());
    members.put("reported_generation", category.reportedGeneration());
    return members;
  }
}
