package io.arrears.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.intervention.CertificateSigner;
import io.arrears.intervention.Certificates;
import io.arrears.platform.Ed25519;
import io.arrears.platform.KeyText;
import io.arrears.platform.SigningKey;
import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Pem;
import io.arrears.testkit.TemporaryFiles;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.ServerSocket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The command against the running service, and offline against keys in files. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class VerifyCertificateCommandTest extends OverGrpc {

  private static final String CHANGED =
      "arrears: the certificate is forged, or was changed after it was signed";
  private static final String NONE = "arrears: this is no certificate: ";

  @Inject CertificateSigner signer;
  @Inject SigningKey key;

  @TestHTTPResource("/.well-known/jwks.json")
  URL url;

  private final TemporaryFiles files = new TemporaryFiles();

  private String certificate;
  private Path jwks;

  private static Run run(Object... arguments) {
    List<Object> line = new ArrayList<>(List.of(arguments));
    line.add(0, "verify-certificate");
    return Run.of(line.toArray());
  }

  @BeforeEach
  void signAndKeepTheKeys() throws IOException {
    certificate = new String(signer.sign(Certificates.sample()), StandardCharsets.US_ASCII);
    jwks = files.write("jwks.json", key.jwkSet());
  }

  /** Checks a text offline, as a certificate in a file. */
  private Run check(String text) throws IOException {
    return run(files.write("checked.jws", text), "--key", jwks);
  }

  private static void refused(String message, Run run) {
    assertEquals(1, run.code(), run.toString());
    assertEquals("", run.out());
    assertTrue(run.err().startsWith(message), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  private static String encoded(String json) {
    return encoded(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  private String header() {
    return decoded(certificate.split("\\.", -1)[0]);
  }

  private String payload() {
    return certificate.split("\\.", -1)[1];
  }

  /** A JWS over any header and payload, by whoever has the private key. */
  private static String signed(String header, String payload, PrivateKey key)
      throws GeneralSecurityException {
    String input = encoded(header) + "." + payload;
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(key);
    signature.update(input.getBytes(StandardCharsets.US_ASCII));
    return input + "." + encoded(signature.sign());
  }

  @AfterEach
  void deleteFiles() {
    files.close();
  }

  @Test
  void a_certificate_of_the_running_service_is_valid_and_says_all_that_it_certifies()
      throws Exception {
    Run run = run(files.write("certificate.jws", certificate + "\n"), "--keys-url", url);

    assertEquals("", run.err());
    assertEquals(
        """
        valid, signed with key %s of %s

        ticket     T-1042
        account    a/1
        product    all
        requested  2026-09-01T08:00:00Z by alice "helpdesk"
        approved   2026-09-01T09:30:00.500Z by CN=bob,O=Über
        completed  2026-09-04T00:00:00.000001Z

        PRODUCT  GENERATION  CATEGORY        ERASED                    REPORTED
        css      7           configurations  2026-09-03T21:15:01.250Z  7
        css      7           service-logs    2026-09-04T00:00:00Z      8
        vod      3           -               -                         -
        """
            .formatted(key.keyId(), url),
        run.out());
    assertEquals(0, run.code());
  }

  @Test
  void offline_it_is_checked_with_a_jwk_set_or_pem_also_beside_other_keys() throws Exception {
    PublicKey publicKey = KeyText.publicKeys(key.jwkSet()).get(key.keyId());
    Path pem = files.write("key.pem", Pem.of(publicKey));
    Path other = files.write("other.pem", Pem.of(Ed25519.generate().getPublic()));
    Path checked = files.write("certificate.jws", certificate);

    assertEquals(0, run(checked, "--key", jwks).code());
    assertEquals(0, run(checked, "--key", pem).code());
    assertEquals(0, run("--key", other, "--key", pem, checked).code());
  }

  @Test
  void any_single_character_that_is_changed_left_out_or_put_in_is_noticed() throws Exception {
    TrustedKeys keys = TrustedKeys.ofFiles(List.of(jwks));
    for (int i = 0; i < certificate.length(); i++) {
      String before = certificate.substring(0, i);
      String rest = certificate.substring(i);
      String after = certificate.substring(i + 1);
      // The first differs in the last bit, which a lenient decoder drops at the end of a part.
      for (char other : new char[] {(char) (rest.charAt(0) ^ 1), '-', '!', '=', '.', '\u00e9'}) {
        if (other != rest.charAt(0)) {
          assertFalse(genuine(before + other + after, keys), i + " changed to " + other);
        }
        assertFalse(genuine(before + other + rest, keys), i + " preceded by " + other);
      }
      assertFalse(genuine(before + after, keys), i + " left out");
    }
    assertTrue(genuine(certificate, keys));
  }

  private static boolean genuine(String text, TrustedKeys keys) {
    try {
      SignedCertificate.parse(text.getBytes(StandardCharsets.UTF_8)).verify(keys);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Test
  void what_was_changed_or_put_together_from_two_is_refused() throws Exception {
    String[] parts = certificate.split("\\.", -1);
    String richer = encoded(decoded(parts[1]).replace("T-1042", "T-1043"));
    String[] other =
        signed(header(), encoded("{}"), Ed25519.generate().getPrivate()).split("\\.", -1);

    refused(CHANGED, check(parts[0] + "." + richer + "." + parts[2]));
    refused(CHANGED, check(parts[0] + "." + parts[1] + "." + other[2]));
    refused(CHANGED, check(parts[0] + ".." + parts[2]));
    String reordered = encoded(header().replace("}", ",\"extra\":1}"));
    refused(CHANGED, check(reordered + "." + parts[1] + "." + parts[2]));
  }

  @Test
  void a_forger_with_a_key_of_his_own_is_unknown_or_found_out() throws Exception {
    KeyPair forger = Ed25519.generate();
    String honest = header().replace(key.keyId(), Ed25519.keyId(forger.getPublic()));

    refused(CHANGED, check(signed(header(), payload(), forger.getPrivate())));
    refused(
        "arrears: the certificate is signed with an unknown key, '"
            + Ed25519.keyId(forger.getPublic())
            + "'; "
            + jwks
            + " has "
            + key.keyId(),
        check(signed(honest, payload(), forger.getPrivate())));
    String jwk = KeyText.jwkSet(List.of(forger.getPublic())).replaceAll("^.*\\[|\\].*$", "");
    String bringsItsKey = header().replace("{", "{\"jwk\":" + jwk + ",");
    refused(CHANGED, check(signed(bringsItsKey, payload(), forger.getPrivate())));
  }

  @Test
  void one_that_is_not_signed_is_refused_however_it_is_put() throws Exception {
    String unsigned = header().replace("EdDSA", "none");

    refused(NONE + "it is not signed", check(encoded(unsigned) + "." + payload() + "."));
    refused(
        NONE + "it is not signed",
        check(encoded(header().replace("EdDSA", "NONE")) + "." + payload() + "."));
    refused(
        NONE + "it is not signed",
        check(encoded(header().replace("\"alg\":\"EdDSA\",", "")) + "." + payload() + "."));
    refused(
        NONE + "its signature has 0 bytes instead of 64",
        check(encoded(header()) + "." + payload() + "."));
  }

  @Test
  void one_that_takes_the_public_key_for_a_secret_is_refused() throws Exception {
    PublicKey publicKey = KeyText.publicKeys(key.jwkSet()).get(key.keyId());
    String input = encoded(header().replace("EdDSA", "HS256")) + "." + payload();
    for (byte[] secret :
        List.of(
            publicKey.getEncoded(),
            Ed25519.x(publicKey),
            Pem.of(publicKey).getBytes(StandardCharsets.US_ASCII))) {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      byte[] tag = mac.doFinal(input.getBytes(StandardCharsets.US_ASCII));

      refused(NONE + "it is signed with 'HS256'", check(input + "." + encoded(tag)));
    }
  }

  @Test
  void what_is_empty_cut_off_huge_or_something_else_is_refused() throws Exception {
    refused(NONE + "it is empty", check(""));
    refused(NONE + "it is empty", check(" \n"));
    refused(
        NONE + "its signature has 63 bytes",
        check(certificate.substring(0, certificate.length() - 2)));
    refused(NONE + "it has no three parts", check(certificate.substring(0, 200)));
    refused(NONE + "it has no three parts", check(certificate + "." + payload()));
    refused(NONE + "it has no three parts", check(".".repeat(SignedCertificate.MAX_BYTES)));
    refused(NONE + "it has no three parts", check("{\"payload\":\"\",\"signatures\":[]}"));
    refused(NONE + "its header is not base64url; is it whole?", check("\u00ff\u0000.b.c"));
    refused(NONE + "its header is no JSON object", check(encoded("[1]") + ".b.c"));
    refused(NONE + "its header is no JSON object", check(encoded("[".repeat(4096)) + ".b.c"));
    refused(NONE + "its header is larger than 4096 bytes", check("A".repeat(1 << 20) + ".b.c"));
    Path huge = files.path("huge.jws");
    try (RandomAccessFile sparse = new RandomAccessFile(huge.toFile(), "rw")) {
      sparse.setLength(1L << 33);
    }
    refused(NONE + "it is larger than 4 MiB", run(huge, "--key", jwks));
  }

  @Test
  void something_else_that_the_same_key_signed_is_no_certificate() throws Exception {
    PrivateKey own = key.privateKey();

    refused(
        NONE + "it is a 'JWT' and no arrears-certificate+jwt",
        check(signed(header().replace("arrears-certificate+jwt", "JWT"), payload(), own)));
    refused(
        NONE + "it must be checked in a way that this command does not know",
        check(signed(header().replace("{", "{\"crit\":[\"b64\"],\"b64\":false,"), payload(), own)));
    refused(
        NONE + "it does not say which key it is signed with",
        check(signed(header().replace("kid", "key"), payload(), own)));
    refused(
        "arrears: the signature is good, but what is signed is no certificate: it lacks product",
        check(signed(header(), encoded("{}"), own)));
    refused(NONE + "its payload is no JSON object", check(signed(header(), encoded("7"), own)));
    refused(
        "arrears: the signature is good, but what is signed is no certificate: it lacks services",
        check(signed(header(), encoded(decoded(payload()).replaceFirst("\\[.*\\]", "[7]")), own)));
  }

  @Test
  void members_of_a_later_version_are_passed_over() throws Exception {
    String later = encoded(decoded(payload()).replace("{", "{\"later\":{\"more\":[]},"));

    assertEquals(0, check(signed(header(), later, key.privateKey())).code());
  }

  @Test
  void what_a_stranger_wrote_cannot_play_with_the_terminal() throws Exception {
    String hostile = "\\u001b[2J\\u202e\\n".repeat(100);

    Run run =
        check(encoded(header().replace("EdDSA", hostile)) + "." + payload() + "." + "A".repeat(86));
    refused(NONE + "it is signed with '?[2J??", run);
    assertTrue(run.err().length() < 250, run.err());
    String ticket = encoded(decoded(payload()).replace("T-1042", hostile));
    Run valid = check(signed(header(), ticket, key.privateKey()));
    assertEquals(0, valid.code());
    assertTrue(valid.out().chars().allMatch(c -> c == '\n' || c >= ' '), valid.out());
  }

  @Test
  void keys_that_are_none_or_not_there_are_said_to_be_the_fault() throws Exception {
    Path checked = files.write("certificate.jws", certificate);
    Path empty = files.write("empty.json", "{\"keys\":[]}");
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }

    refused("arrears: " + empty + " holds no Ed25519 key", run(checked, "--key", empty));
    Path missing = files.path("missing");
    assertEquals(
        new Run(2, "", "arrears: there is no file " + missing + "\n"),
        run(checked, "--key", missing));
    assertEquals(2, run(missing).code());
    String nowhere = "http://127.0.0.1:" + closed + "/.well-known/jwks.json";
    Run unreachable = run(checked, "--keys-url", nowhere);
    assertEquals(3, unreachable.code());
    assertTrue(
        unreachable.err().startsWith("arrears: the keys cannot be fetched from " + nowhere),
        unreachable.err());
    String notFound = url + "/nothing";
    refused(
        "arrears: " + notFound + " has no keys: it answers 404",
        run(checked, "--keys-url", notFound));
    String health = url.toString().replace("/.well-known/jwks.json", "/q/health/live");
    refused("arrears: " + health + " holds no Ed25519 key", run(checked, "--keys-url", health));
  }

  @Test
  void options_that_make_no_sense_are_not_understood() throws Exception {
    Path checked = files.write("certificate.jws", certificate);

    assertEquals(2, run(checked, "--key", jwks, "--keys-url", url).code());
    assertEquals(2, run(checked, "--keys-url", "file:/etc/keys.json").code());
    assertEquals(2, run(checked, "--keys-url", "no url").code());
    assertEquals(2, run().code());
  }
}
