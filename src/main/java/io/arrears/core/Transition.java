package io.arrears.core;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/**
 * One change of state, never changed afterwards. The transitions of an account form a hash chain:
 * {@code hash} covers every field and {@code previousHash}, so that a row changed, removed or
 * slipped in by hand is found.
 *
 * @param sequence position in the account's chain, from 1
 * @param at the instant it really happened, to the microsecond
 * @param recordedAt when it was written down
 * @param rule the rule that fired, for example {@code grace-expired}
 * @param actor a job, or the authenticated caller
 * @param explanation the facts that the rule saw, in a sentence
 * @param previousHash empty for the first
 */
public record Transition(
    String accountId,
    long sequence,
    String product,
    ServiceState from,
    ServiceState to,
    Instant at,
    Instant recordedAt,
    String rule,
    long policyVersion,
    String actor,
    String explanation,
    byte[] previousHash,
    byte[] hash) {

  /** The transition with the hash that it must have. */
  public Transition sealed() {
    return new Transition(
        accountId,
        sequence,
        product,
        from,
        to,
        at,
        recordedAt,
        rule,
        policyVersion,
        actor,
        explanation,
        previousHash,
        computeHash());
  }

  /** Whether this is the one that must follow a transition with that sequence and hash. */
  public boolean follows(long lastSequence, byte[] lastHash) {
    return sequence == lastSequence + 1
        && MessageDigest.isEqual(previousHash, lastHash)
        && MessageDigest.isEqual(hash, computeHash());
  }

  /** SHA-256 over every field, each string with its length before it. */
  private byte[] computeHash() {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
      DataOutputStream out = new DataOutputStream(bytes);
      write(out, previousHash);
      out.writeLong(sequence);
      write(out, accountId);
      write(out, product);
      write(out, from.name());
      write(out, to.name());
      write(out, at);
      write(out, recordedAt);
      write(out, rule);
      out.writeLong(policyVersion);
      write(out, actor);
      write(out, explanation);
      return MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(DataOutputStream out, String text) throws IOException {
    write(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void write(DataOutputStream out, Instant instant) throws IOException {
    out.writeLong(instant.getEpochSecond());
    out.writeInt(instant.getNano());
  }
}
