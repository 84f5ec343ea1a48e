package io.arrears.platform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.Keys;
import io.arrears.testkit.Pem;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jose4j.jwk.JsonWebKeySet;
import org.junit.jupiter.api.Test;

class KeyTextTest {

  /** What {@code openssl genpkey -algorithm ed25519} wrote, and {@code openssl pkey -pubout}. */
  private static final String OPENSSL_PRIVATE =
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
      -----END PRIVATE KEY-----
      """;

  private static final String OPENSSL_PUBLIC =
      """
      -----BEGIN PUBLIC KEY-----
      MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
      -----END PUBLIC KEY-----
      """;

  /** RFC 8037, appendices A.2 and A.3: the same key. */
  private static final String RFC_JWK =
      """
      {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}""";

  private static final String RFC_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

  private static String noKey(String pem) {
    return assertThrows(KeyText.NoKey.class, () -> KeyText.privateKey(pem)).getMessage();
  }

  private static String noPublicKey(String text) {
    return assertThrows(KeyText.NoKey.class, () -> KeyText.publicKeys(text)).getMessage();
  }

  private static KeyPair ec() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  @Test
  void the_key_of_a_pem_file_has_the_public_half_that_openssl_computes() throws Exception {
    KeyPair pair = KeyText.privateKey(OPENSSL_PRIVATE);

    assertEquals(OPENSSL_PUBLIC, Pem.of(pair.getPublic()));
    assertEquals(RFC_THUMBPRINT, Ed25519.keyId(pair.getPublic()));
  }

  @Test
  void any_pair_signs_what_its_public_half_verifies_and_nothing_else() throws Exception {
    byte[] message = "what is signed".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 50; i++) {
      KeyPair pair = Ed25519.generate();
      PublicKey generated = pair.getPublic();
      KeyPair read = KeyText.privateKey(Pem.of(pair.getPrivate()));
      assertArrayEquals(generated.getEncoded(), read.getPublic().getEncoded());
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(read.getPrivate());
      signer.update(message);
      byte[] signature = signer.sign();

      assertTrue(Ed25519.verifies(generated, message, signature));
      assertFalse(Ed25519.verifies(Ed25519.generate().getPublic(), message, signature));
      assertFalse(Ed25519.verifies(generated, new byte[] {1}, signature));
      assertFalse(Ed25519.verifies(generated, message, new byte[64]));
      assertFalse(Ed25519.verifies(generated, message, new byte[0]));
    }
  }

  @Test
  void lines_may_end_as_on_windows_and_text_may_stand_around_the_block() throws Exception {
    String text = "subject=arrears\n" + OPENSSL_PRIVATE + "trailing";

    assertEquals(
        RFC_THUMBPRINT, Ed25519.keyId(KeyText.privateKey(text.replace("\n", "\r\n")).getPublic()));
  }

  @Test
  void what_is_no_unencrypted_private_key_of_ed25519_is_refused_by_what_it_is() throws Exception {
    KeyPair ed448 = KeyPairGenerator.getInstance("Ed448").generateKeyPair();
    byte[] bytes = {1, 2, 3};

    assertEquals("holds no PEM block -----BEGIN PRIVATE KEY-----", noKey(""));
    assertEquals("holds no PEM block -----BEGIN PRIVATE KEY-----", noKey("{\"kty\":\"OKP\"}"));
    assertEquals(
        "holds no PEM block -----BEGIN PRIVATE KEY-----",
        noKey(OPENSSL_PRIVATE.substring(0, OPENSSL_PRIVATE.length() - 10)));
    assertEquals("holds 2 PEM blocks instead of one", noKey(OPENSSL_PRIVATE + OPENSSL_PUBLIC));
    assertEquals(
        "holds a block PUBLIC KEY; it must be an unencrypted PKCS#8 PRIVATE KEY",
        noKey(OPENSSL_PUBLIC));
    assertEquals(
        "holds a block ENCRYPTED PRIVATE KEY; it must be an unencrypted PKCS#8 PRIVATE KEY",
        noKey(Pem.block("ENCRYPTED PRIVATE KEY", bytes)));
    String other = "holds a private key that is none of Ed25519";
    assertEquals(other, noKey(Pem.of(Keys.rsa().getPrivate())));
    assertEquals(other, noKey(Pem.of(ec().getPrivate())));
    assertEquals(other, noKey(Pem.of(ed448.getPrivate())));
    assertEquals(other, noKey(Pem.block("PRIVATE KEY", bytes)));
    assertEquals(
        "holds a block PRIVATE KEY that is not base64",
        noKey("-----BEGIN PRIVATE KEY-----\nno!\n-----END PRIVATE KEY-----"));
  }

  @Test
  void public_keys_are_read_from_pem_from_a_jwk_and_from_a_set_by_their_thumbprints()
      throws Exception {
    PublicKey other = Ed25519.generate().getPublic();
    Set<String> one = Set.of(RFC_THUMBPRINT);

    assertEquals(one, KeyText.publicKeys(OPENSSL_PUBLIC).keySet());
    assertEquals(one, KeyText.publicKeys(RFC_JWK).keySet());
    assertEquals(one, KeyText.publicKeys("{\"keys\":[" + RFC_JWK + "," + RFC_JWK + "]}").keySet());
    assertEquals(
        Set.of(RFC_THUMBPRINT, Ed25519.keyId(other)),
        KeyText.publicKeys(OPENSSL_PUBLIC + Pem.of(other)).keySet());
    String misnamed =
        RFC_JWK.replace("\"kty\"", "\"kid\":\"" + Ed25519.keyId(other) + "\",\"kty\"");
    assertEquals(one, KeyText.publicKeys(misnamed).keySet());
  }

  @Test
  void a_set_may_hold_keys_of_other_kinds_which_are_passed_over() throws Exception {
    String others =
        "{\"keys\":[7,{},{\"kty\":\"RSA\",\"n\":\"AQAB\"},{\"kty\":\"OKP\",\"crv\":\"X25519\"},";

    assertEquals(Set.of(RFC_THUMBPRINT), KeyText.publicKeys(others + RFC_JWK + "]}").keySet());
  }

  @Test
  void what_holds_no_public_key_of_ed25519_is_refused_by_what_it_is() throws Exception {
    assertEquals("is neither a JWK set nor PEM text", noPublicKey(""));
    assertEquals("is neither a JWK set nor PEM text", noPublicKey("[]"));
    assertEquals("is no JWK set: it is not valid JSON", noPublicKey("{\"keys\":["));
    assertEquals("is no JWK set: it is not valid JSON", noPublicKey("{} {}"));
    assertEquals("is no JWK set: it is not valid JSON", noPublicKey("{\"a\":1,\"a\":2}"));
    assertEquals("holds no Ed25519 key", noPublicKey("{}"));
    assertEquals("holds no Ed25519 key", noPublicKey("{\"keys\":[]}"));
    assertEquals(
        "holds a malformed Ed25519 key",
        noPublicKey("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}"));
    assertEquals(
        "holds a malformed Ed25519 key",
        noPublicKey("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"!\"}"));
    assertEquals("holds a block PRIVATE KEY; it must be PUBLIC KEY", noPublicKey(OPENSSL_PRIVATE));
    assertEquals(
        "holds a public key that is none of Ed25519", noPublicKey(Pem.of(Keys.rsa().getPublic())));
  }

  @Test
  void bytes_that_are_no_point_of_the_curve_are_no_key() {
    byte[] noPoint = new byte[32];
    noPoint[0] = 2;
    String x = Base64.getUrlEncoder().withoutPadding().encodeToString(noPoint);

    assertEquals(
        "holds a malformed Ed25519 key",
        noPublicKey("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + x + "\"}"));
  }

  @Test
  void a_published_set_is_what_other_libraries_read_and_holds_nothing_private() throws Exception {
    List<PublicKey> keys =
        List.of(Ed25519.generate().getPublic(), KeyText.privateKey(OPENSSL_PRIVATE).getPublic());

    String json = KeyText.jwkSet(keys);

    JsonWebKeySet set = new JsonWebKeySet(json);
    for (int i = 0; i < keys.size(); i++) {
      var jwk = set.getJsonWebKeys().get(i);
      assertArrayEquals(keys.get(i).getEncoded(), jwk.getKey().getEncoded());
      assertEquals(jwk.calculateBase64urlEncodedThumbprint("SHA-256"), jwk.getKeyId());
      assertEquals("sig", jwk.getUse());
      assertEquals("EdDSA", jwk.getAlgorithm());
    }
    assertFalse(json.contains("\"d\""), json);
    assertEquals(
        keys.stream().map(Ed25519::keyId).toList(), List.copyOf(KeyText.publicKeys(json).keySet()));
  }

  @Test
  void random_text_is_refused_and_never_fails_otherwise() {
    Random random = new Random(8037);
    String alphabet = "{}[]\":,\\u0aef-BEGIN PUBLIC KEY\n-----=. \u0000é";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(i % 2 == 0 ? "{" : "-----BEGIN ");
      for (int length = random.nextInt(60); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      noPublicKey(text.toString());
    }
  }
}
