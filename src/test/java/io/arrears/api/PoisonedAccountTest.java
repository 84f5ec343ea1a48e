package io.arrears.api;

import static io.arrears.testkit.Client.amount;
import static io.arrears.testkit.Client.instant;
import static io.arrears.testkit.Client.item;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.OverGrpc;
import io.arrears.v1.Job;
import io.arrears.v1.JobRun;
import io.arrears.v1.ListJobRunsRequest;
import io.arrears.v1.Transition;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One account of many whose row makes a statement that writes a thousand fail in the database. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class PoisonedAccountTest extends OverGrpc {

  private static final int ACCOUNTS = 40;

  @AfterEach
  void cure() {
    sql("drop function if exists poison() cascade");
  }

  private void poison(String account, String event) {
    sql(
        "create function poison() returns trigger language plpgsql as"
            + " $$ begin raise exception 'poisoned by the test'; end $$");
    sql(
        "create trigger poison before %s for each row when (new.account_id = '%s')"
                .formatted(event, account)
            + " execute function poison()");
  }

  private List<String> accounts(String product, Instant used) {
    return IntStream.range(0, ACCOUNTS)
        .mapToObj(
            i -> {
              String account = client.account();
              client.ingest(item(account, "1", used).setProduct(product));
              return account;
            })
        .toList();
  }

  private String failureOf(String account) {
    var rows = sql("select failure from bill_draft where account_id = '" + account + "'");
    assertEquals(1, rows.size(), "drafts of " + account);
    return String.valueOf(rows.iterator().next().getString(0));
  }

  @Test
  void a_bill_that_the_database_refuses_is_set_aside_and_made_once_the_reason_is_mended() {
    List<String> accounts = accounts("css", client.now().minus(Duration.ofDays(2)));
    String poisoned = accounts.get(ACCOUNTS / 2);
    poison(poisoned, "insert on bill");

    JobRun run = client.run(Job.JOB_DAILY_BILLS);

    assertEquals(JobRun.State.STATE_SUCCEEDED, run.getState());
    assertEquals(1, run.getFailed());
    for (String account : accounts) {
      boolean billed = !account.equals(poisoned);
      assertEquals(billed ? 1 : 0, client.bills(account).size());
      assertEquals(
          new BigDecimal(billed ? "-1" : "0"), amount(client.status(account).getBalance()));
    }
    assertTrue(failureOf(poisoned).contains("poisoned by the test"), failureOf(poisoned));
    assertEquals(0, client.run(Job.JOB_DAILY_BILLS).getExamined());

    cure();
    sql(
        "update bill_draft set failure = null where account_id = '%s' and failure is not null"
            .formatted(poisoned));
    JobRun again = client.run(Job.JOB_DAILY_BILLS);

    assertEquals(1, again.getChanged());
    assertEquals(0, again.getFailed());
    assertEquals(1, client.bills(poisoned).size());
    assertEquals(new BigDecimal("-1"), amount(client.status(poisoned).getBalance()));
    assertEquals(0, sql("select from bill_draft where account_id = '" + poisoned + "'").size());
  }

  @Test
  void an_account_that_the_database_refuses_to_move_is_put_off_and_moves_once_it_is_mended() {
    List<String> accounts = accounts("cvm", client.now());
    String poisoned = accounts.get(ACCOUNTS / 2);
    client.advanceTo(client.nextMorning());
    poison(poisoned, "update on service");

    client.advance(Duration.ofHours(2));

    JobRun run = newestSweep();
    assertEquals(JobRun.State.STATE_SUCCEEDED, run.getState());
    assertEquals(1, run.getFailed());
    for (String account : accounts) {
      assertEquals(
          account.equals(poisoned)
              ? List.of("OVERDUE", "GRACE")
              : List.of("OVERDUE", "GRACE", "SUSPENDED"),
          client.states(account));
    }

    cure();
    client.advance(Duration.ofSeconds(59));
    assertEquals(List.of("OVERDUE", "GRACE"), client.states(poisoned));
    client.advance(Duration.ofSeconds(1));

    assertEquals(List.of("OVERDUE", "GRACE", "SUSPENDED"), client.states(poisoned));
    assertEquals(suspended(accounts.get(0)), suspended(poisoned));
    assertEquals(0, newestSweep().getFailed());
  }

  private JobRun newestSweep() {
    return client
        .operations
        .listJobRuns(ListJobRunsRequest.newBuilder().setJob(Job.JOB_DUE_TRANSITIONS).build())
        .getRuns(0);
  }

  /** When it was due, not when it was done. */
  private Instant suspended(String account) {
    List<Transition> transitions = client.transitions(account);
    return instant(transitions.get(transitions.size() - 1).getAt());
  }
}
