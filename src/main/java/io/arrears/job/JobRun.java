package io.arrears.job;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * The record of a run.
 *
 * @param counts by rule or outcome
 * @param endTime null while it runs
 */
public record JobRun(
    UUID runId,
    Job job,
    State state,
    Instant startTime,
    Instant endTime,
    long examined,
    long changed,
    long failed,
    Map<String, Long> counts,
    String message,
    boolean dryRun,
    String startedBy) {

  /** How far a run has come. */
  public enum State {
    RUNNING,
    SUCCEEDED,
    FAILED,
    HALTED
  }

  boolean ended() {
    return state != State.RUNNING;
  }
}
