package io.arrears.intervention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.intervention.DeactivationCertificate.ErasedService;
import io.arrears.platform.Ed25519;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificateSignerTest {

  /** The private key of RFC 8037, appendix A.1. */
  private static final byte[] RFC_KEY =
      HexFormat.of()
          .parseHex(
              "302e020100300506032b657004220420"
                  + "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

  private static String sign(DeactivationCertificate certificate, KeyPair pair) {
    return new String(
        CertificateSigner.sign(certificate, Ed25519.keyId(pair.getPublic()), pair.getPrivate()),
        StandardCharsets.US_ASCII);
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  @Test
  void header_and_payload_are_as_documented_and_the_jdk_finds_the_signature_good()
      throws Exception {
    KeyPair pair = Ed25519.pair(RFC_KEY);

    String[] parts = sign(Certificates.sample(), pair).split("\\.", -1);

    assertEquals(3, parts.length);
    assertEquals(
        """
        {"alg":"EdDSA","typ":"arrears-certificate+jwt",\
        "kid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"}""",
        decoded(parts[0]));
    assertEquals(
        """
        {"ticket_id":"T-1042","account_id":"a/1","product":"",\
        "requested_by":"alice \\"helpdesk\\"","approved_by":"CN=bob,O=Über",\
        "requested_at":"2026-09-01T08:00:00Z","approved_at":"2026-09-01T09:30:00.500Z",\
        "completed_at":"2026-09-04T00:00:00.000001Z","services":[\
        {"product":"css","generation":7,"categories":[\
        {"name":"configurations","erased_at":"2026-09-03T21:15:01.250Z","reported_generation":7},\
        {"name":"service-logs","erased_at":"2026-09-04T00:00:00Z","reported_generation":8}]},\
        {"product":"vod","generation":3,"categories":[]}]}""",
        decoded(parts[1]));
    Signature check = Signature.getInstance("Ed25519");
    check.initVerify(pair.getPublic());
    check.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertTrue(check.verify(Base64.getUrlDecoder().decode(parts[2])));
  }

  @Test
  void the_same_certificate_gives_the_same_bytes_in_whatever_order_its_services_come()
      throws Exception {
    KeyPair pair = Ed25519.pair(RFC_KEY);
    DeactivationCertificate sample = Certificates.sample();
    List<ErasedService> turned = new ArrayList<>(sample.services());
    Collections.reverse(turned);
    DeactivationCertificate same =
        new DeactivationCertificate(
            sample.ticketId(),
            sample.accountId(),
            sample.product(),
            sample.requestedBy(),
            sample.approvedBy(),
            sample.requestedAt(),
            sample.approvedAt(),
            sample.completedAt(),
            turned);

    assertEquals(sign(sample, pair), sign(same, pair));
    assertArrayEquals(
        sign(sample, pair).getBytes(StandardCharsets.UTF_8),
        sign(sample, pair).getBytes(StandardCharsets.US_ASCII));
    assertNotEquals(sign(sample, pair), sign(sample, Ed25519.generate()));
  }

  @Test
  void a_certificate_without_one_of_its_parts_is_not_made() {
    DeactivationCertificate sample = Certificates.sample();

    assertEquals(
        "approvedBy",
        assertThrows(
                NullPointerException.class,
                () ->
                    new DeactivationCertificate(
                        sample.ticketId(),
                        sample.accountId(),
                        sample.product(),
                        sample.requestedBy(),
                        null,
                        sample.requestedAt(),
                        sample.approvedAt(),
                        sample.completedAt(),
                        sample.services()))
            .getMessage());
  }
}
