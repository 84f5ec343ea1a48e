package io.arrears.platform;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** Ed25519 keys in the forms that files, databases and JWK sets hold them in; the JDK's crypto. */
public final class Ed25519 {

  /** Of a public key and of the seed of a private one. */
  public static final int KEY_BYTES = 32;

  public static final int SIGNATURE_BYTES = 64;

  private static final String ALGORITHM = "Ed25519";

  /** What stands before the 32 bytes of every public key in X.509's form (RFC 8410). */
  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private Ed25519() {}

  public static KeyPair generate() {
    try {
      return KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no Ed25519", e);
    }
  }

  /**
   * The pair of a private key, whose public half most PKCS#8 files leave out.
   *
   * @throws InvalidKeySpecException if the bytes hold no Ed25519 private key
   */
  public static KeyPair pair(byte[] pkcs8) throws InvalidKeySpecException {
    try {
      PrivateKey key =
          KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      byte[] seed = ((EdECPrivateKey) key).getBytes().orElseThrow();
      if (seed.length != KEY_BYTES) {
        throw new InvalidKeySpecException("the key has " + seed.length + " bytes");
      }
      return pairOf(seed);
    } catch (InvalidKeySpecException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no Ed25519", e);
    }
  }

  /**
   * The JDK computes a public key only while it generates a pair, so it is told what to draw. A
   * provider that drew otherwise would give a pair that is not the seed's, which is checked.
   */
  private static KeyPair pairOf(byte[] seed) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
    generator.initialize(NamedParameterSpec.ED25519, new Drawn(seed));
    KeyPair pair = generator.generateKeyPair();
    byte[] made = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
    if (!MessageDigest.isEqual(seed, made)) {
      throw new IllegalStateException("this Java cannot tell the public half of an Ed25519 key");
    }
    return pair;
  }

  /** Not random at all. */
  private static final class Drawn extends SecureRandom {
    private static final long serialVersionUID = 1;

    private final byte[] bytes;

    Drawn(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    @Override
    public void nextBytes(byte[] target) {
      System.arraycopy(bytes, 0, target, 0, target.length);
    }
  }

  /**
   * A public key from its 32 bytes, the member {@code x} of a JWK.
   *
   * @throws InvalidKeySpecException if they are not 32, or no point of the curve
   */
  public static PublicKey publicKey(byte[] x) throws InvalidKeySpecException {
    if (x.length != KEY_BYTES) {
      throw new InvalidKeySpecException("an Ed25519 key has 32 bytes, not " + x.length);
    }
    byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + KEY_BYTES);
    System.arraycopy(x, 0, encoded, X509_PREFIX.length, KEY_BYTES);
    return publicKeyOfX509(encoded);
  }

  /**
   * A public key from its X.509 form, what is in a PEM file.
   *
   * @throws InvalidKeySpecException if it is none of Ed25519
   */
  public static PublicKey publicKeyOfX509(byte[] encoded) throws InvalidKeySpecException {
    try {
      PublicKey key =
          KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
      // A key is looked at closely only when it is used.
      Signature.getInstance(ALGORITHM).initVerify(key);
      return key;
    } catch (InvalidKeySpecException e) {
      throw e;
    } catch (InvalidKeyException e) {
      throw new InvalidKeySpecException("the key is no point of the curve", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no Ed25519", e);
    }
  }

  /** The 32 bytes of a public key. */
  public static byte[] x(PublicKey key) {
    byte[] encoded = key.getEncoded();
    return Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
  }

  /** The key's own name: the SHA-256 thumbprint of its JWK (RFC 7638, RFC 8037), base64url. */
  public static String keyId(PublicKey key) {
    String jwk = "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + base64Url(x(key)) + "\"}";
    try {
      return base64Url(
          MessageDigest.getInstance("SHA-256").digest(jwk.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether a signature is the key's over the message; one that is malformed is not. */
  public static boolean verifies(PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature check = Signature.getInstance(ALGORITHM);
      check.initVerify(key);
      check.update(message);
      return signature.length == SIGNATURE_BYTES && check.verify(signature);
    } catch (java.security.SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String base64Url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
