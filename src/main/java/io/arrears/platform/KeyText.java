package io.arrears.platform;

import java.security.KeyPair;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/** Keys as text: PEM (RFC 7468) and JWK sets (RFC 7517), of Ed25519 only. */
public final class KeyText {

  /** Far more than any text with keys holds; whoever reads one reads no more than this. */
  public static final int MAX_BYTES = 1 << 20;

  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";

  private KeyText() {}

  /** A text that holds no key of the wanted kind; the message goes on "… holds" or "… is". */
  public static final class NoKey extends Exception {
    private static final long serialVersionUID = 1;

    NoKey(String message) {
      super(message);
    }

    NoKey(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private record Block(String label, byte[] content) {}

  /**
   * The key pair of a PKCS#8 PEM text, as {@code openssl genpkey -algorithm ed25519} writes it.
   *
   * @throws NoKey if it holds anything else, or more than one
   */
  public static KeyPair privateKey(String pem) throws NoKey {
    List<Block> blocks = blocks(pem);
    if (blocks.size() != 1) {
      throw new NoKey(
          blocks.isEmpty()
              ? "holds no PEM block -----BEGIN PRIVATE KEY-----"
              : "holds " + blocks.size() + " PEM blocks instead of one");
    }
    Block block = blocks.get(0);
    if (!block.label().equals(PRIVATE)) {
      throw new NoKey(
          "holds a block %s; it must be an unencrypted PKCS#8 PRIVATE KEY"
              .formatted(block.label()));
    }
    try {
      return Ed25519.pair(block.content());
    } catch (InvalidKeySpecException e) {
      throw new NoKey("holds a private key that is none of Ed25519", e);
    }
  }

  /**
   * The public keys of a PEM text, a JWK set or a single JWK, by their thumbprints. Keys of other
   * kinds in a set are passed over, as RFC 7517 wants it; so is what a set calls its keys.
   *
   * @throws NoKey if there is none of Ed25519
   */
  public static Map<String, PublicKey> publicKeys(String text) throws NoKey {
    Map<String, PublicKey> keys = new LinkedHashMap<>();
    List<PublicKey> all =
        text.stripLeading().startsWith("{") ? publicKeysOfJwks(text) : publicKeysOfPem(text);
    all.forEach(key -> keys.put(Ed25519.keyId(key), key));
    if (keys.isEmpty()) {
      throw new NoKey("holds no Ed25519 key");
    }
    return keys;
  }

  private static List<PublicKey> publicKeysOfPem(String text) throws NoKey {
    List<Block> blocks = blocks(text);
    if (blocks.isEmpty()) {
      throw new NoKey("is neither a JWK set nor PEM text");
    }
    List<PublicKey> keys = new ArrayList<>();
    for (Block block : blocks) {
      if (!block.label().equals(PUBLIC)) {
        throw new NoKey("holds a block %s; it must be PUBLIC KEY".formatted(block.label()));
      }
      try {
        keys.add(Ed25519.publicKeyOfX509(block.content()));
      } catch (InvalidKeySpecException e) {
        throw new NoKey("holds a public key that is none of Ed25519", e);
      }
    }
    return keys;
  }

  private static List<PublicKey> publicKeysOfJwks(String json) throws NoKey {
    Map<String, Object> set;
    try {
      set = JsonUtil.parseJson(json);
    } catch (JoseException | ClassCastException e) {
      throw new NoKey("is no JWK set: it is not valid JSON", e);
    }
    List<?> members = set.get("keys") instanceof List<?> list ? list : List.of(set);
    List<PublicKey> keys = new ArrayList<>();
    for (Object member : members) {
      if (member instanceof Map<?, ?> jwk
          && "OKP".equals(jwk.get("kty"))
          && "Ed25519".equals(jwk.get("crv"))
          && jwk.get("x") instanceof String x) {
        try {
          keys.add(Ed25519.publicKey(Base64.getUrlDecoder().decode(x)));
        } catch (InvalidKeySpecException | IllegalArgumentException e) {
          throw new NoKey("holds a malformed Ed25519 key", e);
        }
      }
    }
    return keys;
  }

  private static List<Block> blocks(String pem) throws NoKey {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = PEM.matcher(pem);
    while (matcher.find()) {
      try {
        String base64 = matcher.group(2).replaceAll("\\s", "");
        blocks.add(new Block(matcher.group(1), Base64.getDecoder().decode(base64)));
      } catch (IllegalArgumentException e) {
        // Encrypted keys of old have headers in the block.
        throw new NoKey("holds a block %s that is not base64".formatted(matcher.group(1)), e);
      }
    }
    return blocks;
  }

  /** The JWK set of public keys, in their order. */
  public static String jwkSet(Collection<PublicKey> keys) {
    List<Map<String, Object>> members = new ArrayList<>();
    for (PublicKey key : keys) {
      Map<String, Object> jwk = new LinkedHashMap<>();
      jwk.put("kty", "OKP");
      jwk.put("crv", "Ed25519");
      jwk.put("x", Ed25519.base64Url(Ed25519.x(key)));
      jwk.put("kid", Ed25519.keyId(key));
      jwk.put("use", "sig");
      jwk.put("alg", "EdDSA");
      members.add(jwk);
    }
    return JsonUtil.toJson(Map.of("keys", members));
  }
}
