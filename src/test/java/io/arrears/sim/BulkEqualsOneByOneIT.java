package io.arrears.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.platform.EmbeddedDatabase;
import io.arrears.testkit.Query;
import io.arrears.testkit.ServiceProcess;
import io.arrears.testkit.TestDatabase;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same usage, payments and time lead to the same rows in every table, whether the service takes
 * them in chunks, several at a time, or one by one. {@code -Dbulk.accounts=1000 -Dbulk.chunk=100
 * -Dbulk.seed=7} makes another story.
 */
class BulkEqualsOneByOneIT {

  private static final int ACCOUNTS = Integer.getInteger("bulk.accounts", 36);
  private static final int CHUNK = Integer.getInteger("bulk.chunk", 10);
  private static final long SEED = Long.getLong("bulk.seed", 4711);

  /** What is left of a story. */
  private record Result(String answers, Map<String, List<String>> tables) {}

  @TempDir Path directory;

  @Test
  void chunks_and_one_by_one_lead_to_the_same_rows_in_every_table() throws Exception {
    Result oneByOne = oneByOne();
    assertSame(oneByOne, inBulk(CHUNK));
  }

  private Result oneByOne() throws Exception {
    try (EmbeddedDatabase database = database("one")) {
      Result result = played(database, 1, 1, false);
      assertEquals(1, billedTogether(database));
      assertEventful(database.url());
      return result;
    }
  }

  private Result inBulk(int claimSize) throws Exception {
    try (EmbeddedDatabase database = database("chunks-of-" + claimSize)) {
      Result result = played(database, claimSize, 3, true);
      assertTrue(billedTogether(database) >= Math.min(claimSize, ACCOUNTS / 4) / 2);
      return result;
    }
  }

  private EmbeddedDatabase database(String name) {
    return EmbeddedDatabase.start(
        directory.resolve(name), Map.of("timezone", TestDatabase.WRONG_ZONE, "fsync", "off"));
  }

  private static Result played(
      EmbeddedDatabase database, int claimSize, int claimsInFlight, boolean inBulk)
      throws Exception {
    try (ServiceProcess service =
        ServiceProcess.start(
            Map.of(
                "ARREARS_DB_URL", database.url(),
                "ARREARS_CLOCK", "virtual",
                "ARREARS_CLOCK_START", "2024-01-27T03:00:00Z",
                "ARREARS_LIMITS_CLAIM_SIZE", String.valueOf(claimSize),
                "ARREARS_LIMITS_CLAIMS_IN_FLIGHT", String.valueOf(claimsInFlight)))) {
      String answers = new UsageStory(service.client(), inBulk, SEED, ACCOUNTS).play();
      return new Result(answers, Tables.of(database.url()));
    }
  }

  // It must be seen that the paths differ, and that much happened

  /** Accounts that one transaction charged, at the most. */
  private static long billedTogether(EmbeddedDatabase database) throws Exception {
    return Long.parseLong(
        Query.rows(
                database.url(),
                """
                select max(accounts) from (
                  select count(distinct account_id) as accounts from ledger_entry
                  where kind = 'CHARGE' group by xmin::text) t
                """)
            .get(0)
            .get(0));
  }

  private static void assertEventful(String url) throws Exception {
    Set<String> states = new TreeSet<>();
    Query.rows(url, "select distinct to_state from transition")
        .forEach(row -> states.add(row.get(0)));
    assertTrue(
        states.containsAll(
            Set.of("OVERDUE", "GRACE", "SUSPENDED", "ACTIVE", "REPOSSESSED", "BANNED")),
        states::toString);
    for (String sign :
        List.of(
            "from bill where cycle = 'DAILY' and supplement > 1",
            "from bill where cycle = 'MONTHLY' and supplement > 0",
            "from bill where amount < 0",
            "from bill where unpaid > 0 and unpaid < amount",
            "from notification",
            "from service where clear_categories <> ''",
            "from hold where end_time is null")) {
      assertTrue(Query.rows(url, "select exists (select " + sign + ")").get(0).contains("t"), sign);
    }
  }

  private static void assertSame(Result expected, Result actual) {
    assertEquals(expected.answers(), actual.answers());
    assertEquals(expected.tables().keySet(), actual.tables().keySet());
    StringBuilder differences = new StringBuilder();
    expected
        .tables()
        .forEach(
            (table, rows) -> {
              List<String> others = actual.tables().get(table);
              if (!rows.equals(others)) {
                differences.append(
                    "%n%s: %d and %d rows%n- %s%n+ %s%n"
                        .formatted(
                            table,
                            rows.size(),
                            others.size(),
                            some(rows, others),
                            some(others, rows)));
              }
            });
    assertEquals("", differences.toString());
  }

  /** Of those that the others lack. */
  private static String some(List<String> rows, List<String> others) {
    Set<String> known = new HashSet<>(others);
    return String.join("\n  ", rows.stream().filter(row -> !known.contains(row)).limit(6).toList());
  }
}
