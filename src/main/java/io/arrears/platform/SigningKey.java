package io.arrears.platform;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The Ed25519 key with which the service signs certificates, and the public keys that check them.
 * It comes from {@code ARREARS_CERTIFICATE_KEY_FILE}. Without that, one is generated and kept in
 * the database, which every replica and restart shares: whoever reads the database can then sign,
 * so that is for development.
 */
@ApplicationScoped
public class SigningKey {

  private static final Logger LOG = Logger.getLogger(SigningKey.class);

  static final String KEY_FILE = "arrears.certificate.key-file";
  static final String RETIRED_KEYS_FILE = "arrears.certificate.retired-keys-file";

  private final InstallationSql sql;
  private final Optional<String> keyFile;
  private final Optional<String> retiredKeysFile;
  private volatile Loaded loaded;

  private record Loaded(String keyId, PrivateKey privateKey, Map<String, PublicKey> publicKeys) {}

  SigningKey(
      InstallationSql sql,
      @ConfigProperty(name = KEY_FILE) Optional<String> keyFile,
      @ConfigProperty(name = RETIRED_KEYS_FILE) Optional<String> retiredKeysFile) {
    this.sql = sql;
    this.keyFile = keyFile;
    this.retiredKeysFile = retiredKeysFile;
  }

  /** A key that cannot be used ends the start. */
  void load(@Observes StartupEvent started) {
    KeyPair pair = keyFile.isPresent() ? fromFile(keyFile.get()) : fromDatabase();
    String keyId = Ed25519.keyId(pair.getPublic());
    Map<String, PublicKey> publicKeys = new LinkedHashMap<>();
    publicKeys.put(keyId, pair.getPublic());
    retiredKeysFile.ifPresent(file -> publicKeys.putAll(retired(file)));
    loaded = new Loaded(keyId, pair.getPrivate(), publicKeys);
    if (keyFile.isEmpty()) {
      LOG.warnf(
          "Certificates are signed with a key that was generated and lies in the database (%s)."
              + " That is for development: %s names a key of your own.",
          keyId, variable(KEY_FILE));
    }
  }

  /** Whether the start has come as far as the key. */
  public boolean isLoaded() {
    return loaded != null;
  }

  /** The RFC 7638 thumbprint of the public key; what certificates call it. */
  public String keyId() {
    return now().keyId();
  }

  public PrivateKey privateKey() {
    return now().privateKey();
  }

  /** The public key and the retired ones that old certificates are signed with, as a JWK set. */
  public String jwkSet() {
    return KeyText.jwkSet(now().publicKeys().values());
  }

  private Loaded now() {
    Loaded present = loaded;
    if (present == null) {
      throw new IllegalStateException("the key of certificates is not loaded yet");
    }
    return present;
  }

  private KeyPair fromDatabase() {
    byte[] stored = sql.certificateKey(() -> Ed25519.generate().getPrivate().getEncoded());
    try {
      return Ed25519.pair(stored);
    } catch (InvalidKeySpecException e) {
      throw new IllegalStateException("installation.certificate_key holds no Ed25519 key", e);
    }
  }

  private static KeyPair fromFile(String file) {
    try {
      return KeyText.privateKey(read(KEY_FILE, file));
    } catch (KeyText.NoKey e) {
      throw wrong(
          KEY_FILE, file, e.getMessage() + " (openssl genpkey -algorithm ed25519 makes one)", e);
    }
  }

  private static Map<String, PublicKey> retired(String file) {
    try {
      return KeyText.publicKeys(read(RETIRED_KEYS_FILE, file));
    } catch (KeyText.NoKey e) {
      throw wrong(RETIRED_KEYS_FILE, file, e.getMessage(), e);
    }
  }

  private static String read(String setting, String file) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      byte[] bytes = in.readNBytes(KeyText.MAX_BYTES + 1);
      if (bytes.length > KeyText.MAX_BYTES) {
        throw wrong(setting, file, "is too large for a file of keys", null);
      }
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw wrong(setting, file, "does not exist", e);
    } catch (AccessDeniedException e) {
      throw wrong(setting, file, "may not be read by the service's user", e);
    } catch (InvalidPathException | IOException e) {
      throw wrong(setting, file, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static IllegalStateException wrong(
      String setting, String file, String what, Exception cause) {
    return new IllegalStateException(
        "%s (%s): the file %s %s".formatted(variable(setting), setting, file, what), cause);
  }

  private static String variable(String setting) {
    return setting.toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
