package io.arrears.platform;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Every limit has a name and is set; {@code docs/operations.md} lists them. */
@ConfigMapping(prefix = "arrears.limits")
public interface Limits {

  /** Items in one ingestion request. */
  @WithDefault("10000")
  int itemsPerBatch();

  /** Answers of a page, at the most. */
  @WithDefault("1000")
  int pageSize();

  /** Answers of a page when the caller names no size. */
  @WithDefault("50")
  int defaultPageSize();

  /** Accounts in one BatchGetAccountStatus. */
  @WithDefault("1000")
  int accountsPerBatch();

  /** Accounts that a job claims and commits at a time. */
  @WithDefault("1000")
  int claimSize();

  /** Of those, on their way at a time. */
  @WithDefault("3")
  int claimsInFlight();

  /** Megabytes of PostgreSQL's memory to sum a period in, as work_mem of all its parts. */
  @WithDefault("256")
  int sumMegabytes();

  /** Unfinished requests of one ingestion stream. */
  @WithDefault("4")
  int batchesInFlight();

  /** Calls of a kind that may wait for their turn; further ones are refused. */
  @WithDefault("10000")
  int callsWaiting();

  /** Items of large ingestion requests that may wait for their turn. */
  @WithDefault("100000")
  int itemsWaiting();

  /** Bytes of requests that are held at a time, from the wire to their answers; see Admission. */
  @WithDefault("16777216")
  long requestBytes();

  /** Watchers that read the database at a time, to catch up. */
  @WithDefault("4")
  int catchUps();

  /** Watchers at a time, of all kinds. */
  @WithDefault("20000")
  int watches();

  /** How long a hold may last, at the most. */
  @WithDefault("P366D")
  Duration hold();

  /** The server's own bound on a call that names no deadline, long jobs excepted. */
  @WithDefault("30s")
  Duration callDeadline();

  /** A running job that shows no sign of life for so long is taken for dead. */
  @WithDefault("60s")
  Duration jobHeartbeat();
}
