package io.arrears.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.Concurrently;
import io.arrears.testkit.Keys;
import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Pem;
import io.arrears.testkit.TemporaryFiles;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where the key of certificates comes from; each SigningKey here is one start of one replica. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class SigningKeyTest extends OverGrpc {

  @Inject SigningKey running;
  @Inject InstallationSql installation;

  private final TemporaryFiles files = new TemporaryFiles();

  private SigningKey start(Path keyFile, Path retiredKeysFile) {
    SigningKey key =
        new SigningKey(
            installation,
            Optional.ofNullable(keyFile).map(Path::toString),
            Optional.ofNullable(retiredKeysFile).map(Path::toString));
    key.load(new StartupEvent());
    return key;
  }

  private String refused(Path keyFile, Path retiredKeysFile) {
    return assertThrows(IllegalStateException.class, () -> start(keyFile, retiredKeysFile))
        .getMessage();
  }

  @AfterEach
  void deleteFiles() {
    files.close();
  }

  @Test
  void without_a_file_every_start_and_every_replica_has_the_key_in_the_database() {
    SigningKey again = start(null, null);

    assertEquals(running.keyId(), again.keyId());
    assertEquals(running.privateKey(), again.privateKey());
    assertEquals(running.jwkSet(), again.jwkSet());
  }

  @Test
  void replicas_that_start_at_once_on_a_new_database_agree_on_one_key() throws Exception {
    String before = running.keyId();
    byte[] kept = installation.certificateKey(() -> new byte[0]);
    sql("update installation set certificate_key = null");
    try {
      Set<String> ids =
          new TreeSet<>(
              Concurrently.all(
                  IntStream.range(0, 8)
                      .<Callable<String>>mapToObj(i -> () -> start(null, null).keyId())
                      .toList()));

      assertEquals(1, ids.size(), ids.toString());
      assertNotEquals(Set.of(before), ids);
    } finally {
      sql(
          "update installation set certificate_key = '\\x"
              + java.util.HexFormat.of().formatHex(kept)
              + "'");
    }
  }

  @Test
  void a_key_file_is_used_and_leaves_the_database_alone() throws Exception {
    KeyPair own = Ed25519.generate();
    Path file = files.write("key.pem", Pem.of(own.getPrivate()));

    SigningKey key = start(file, null);

    assertEquals(Ed25519.keyId(own.getPublic()), key.keyId());
    assertEquals(Set.of(key.keyId()), KeyText.publicKeys(key.jwkSet()).keySet());
    assertEquals(running.keyId(), start(null, null).keyId());
  }

  @Test
  void retired_keys_are_published_after_the_one_that_signs() throws Exception {
    Path file = files.write("key.pem", Pem.of(Ed25519.generate().getPrivate()));
    Path retired = files.write("retired.json", running.jwkSet());

    SigningKey key = start(file, retired);

    assertEquals(
        List.of(key.keyId(), running.keyId()),
        List.copyOf(KeyText.publicKeys(key.jwkSet()).keySet()));
  }

  @Test
  void a_key_file_that_cannot_be_used_ends_the_start_and_names_the_setting() throws Exception {
    String setting = "ARREARS_CERTIFICATE_KEY_FILE (arrears.certificate.key-file): the file ";
    Path missing = files.path("missing.pem");
    Path rsa = files.write("rsa.pem", Pem.of(Keys.rsa().getPrivate()));
    Path text = files.write("text.pem", "secret");
    Path large = files.write("large.pem", "x".repeat(KeyText.MAX_BYTES + 1));

    assertEquals(setting + missing + " does not exist", refused(missing, null));
    assertTrue(
        refused(files.directory(), null)
            .startsWith(setting + files.directory() + " cannot be read: "));
    assertEquals(
        setting
            + rsa
            + " holds a private key that is none of Ed25519"
            + " (openssl genpkey -algorithm ed25519 makes one)",
        refused(rsa, null));
    assertEquals(
        setting
            + text
            + " holds no PEM block -----BEGIN PRIVATE KEY-----"
            + " (openssl genpkey -algorithm ed25519 makes one)",
        refused(text, null));
    assertEquals(setting + large + " is too large for a file of keys", refused(large, null));
  }

  @Test
  void retired_keys_that_cannot_be_read_end_the_start_too() throws Exception {
    String setting =
        "ARREARS_CERTIFICATE_RETIRED_KEYS_FILE (arrears.certificate.retired-keys-file): the file ";
    Path missing = files.path("missing.json");
    Path text = files.write("text.json", "{}");

    assertEquals(setting + missing + " does not exist", refused(null, missing));
    assertEquals(setting + text + " holds no Ed25519 key", refused(null, text));
  }

  @Test
  void before_the_start_is_over_there_is_no_key() {
    SigningKey key = new SigningKey(installation, Optional.empty(), Optional.empty());

    assertFalse(key.isLoaded());
    assertThrows(IllegalStateException.class, key::keyId);
    assertTrue(running.isLoaded());
  }
}
