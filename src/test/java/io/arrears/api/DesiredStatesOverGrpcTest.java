package io.arrears.api;

import static io.arrears.testkit.Client.item;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Person;
import io.arrears.testkit.Rules;
import io.arrears.testkit.Watching;
import io.arrears.v1.Access;
import io.arrears.v1.DesiredState;
import io.arrears.v1.EnforcementServiceGrpc;
import io.arrears.v1.EnforcementServiceGrpc.EnforcementServiceStub;
import io.arrears.v1.Restriction;
import io.arrears.v1.WatchDesiredStatesRequest;
import io.grpc.Status.Code;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What products are told, and that they are told all of it. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class DesiredStatesOverGrpcTest extends OverGrpc {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private Person risk;
  private String product;

  @BeforeEach
  void somebodyAndAProductOfItsOwn() {
    risk = client.person("risk");
    product = Rules.newProduct();
    risk.apply(Rules.document(product));
  }

  private EnforcementServiceStub enforcement() {
    return EnforcementServiceGrpc.newStub(client.channel());
  }

  private static WatchDesiredStatesRequest request(String product, String token) {
    return WatchDesiredStatesRequest.newBuilder().setProduct(product).setResumeToken(token).build();
  }

  private Watching<WatchDesiredStatesRequest, DesiredState> watch() {
    return watch("");
  }

  private Watching<WatchDesiredStatesRequest, DesiredState> watch(String token) {
    return Watching.of(enforcement()::watchDesiredStates, request(product, token));
  }

  private String customer() {
    String account = client.account();
    client.pay(account, "100");
    client.ingest(item(account, "1", client.now()).setProduct(product));
    return account;
  }

  private Restriction restrict(String account) {
    return risk.restrict(account, product, "MANUAL");
  }

  @Test
  void a_watch_begins_with_what_is_not_yet_observed_and_goes_on_with_what_changes()
      throws Exception {
    String behind = customer();
    restrict(behind);
    String done = customer();
    restrict(done);
    risk.observed(done, product, 2);

    try (var watching = watch()) {
      DesiredState first = watching.next();
      Restriction restriction = restrict(customer());
      DesiredState second = watching.next();
      risk.lift(restriction);
      DesiredState third = watching.next();

      assertEquals(behind, first.getAccountId());
      assertEquals(product, first.getProduct());
      assertEquals(2, first.getGeneration());
      assertEquals(Access.ACCESS_BLOCKED, first.getAccess());
      assertEquals("restricted", first.getRule());
      assertTrue(first.hasDecidedAt());
      assertEquals(restriction.getAccountId(), second.getAccountId());
      assertEquals(restriction.getAccountId(), third.getAccountId());
      assertEquals(3, third.getGeneration());
      assertEquals(Access.ACCESS_ALLOWED, third.getAccess());
      assertEquals(List.of(), watching.rest());
    }
  }

  @Test
  void every_resume_token_leads_to_all_that_came_after_it() throws Exception {
    List<String> accounts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      accounts.add(customer());
      restrict(accounts.get(i));
    }
    List<DesiredState> told = new ArrayList<>();
    try (var watching = watch()) {
      for (int i = 0; i < 5; i++) {
        told.add(watching.next());
      }
      accounts.add(customer());
      restrict(accounts.get(5));
      told.add(watching.next());
    }

    for (int i = 0; i < told.size() - 1; i++) {
      Set<String> after = new HashSet<>();
      told.subList(i + 1, told.size()).forEach(state -> after.add(state.getAccountId()));
      try (var resumed = watch(told.get(i).getResumeToken())) {
        while (!after.isEmpty()) {
          after.remove(resumed.next().getAccountId());
        }
      }
    }
  }

  @Test
  void a_change_that_commits_late_is_skipped_by_nobody() throws Exception {
    String late = customer();
    String early = customer();
    SqlConnection connection = pool().getConnection().await().atMost(PATIENCE);
    try (var watching = watch()) {
      Transaction open = connection.begin().await().atMost(PATIENCE);
      connection
          .query(
              "update service set generation = 2, access = 'BLOCKED', behind_since = now(),"
                  + " decided_at = now() where account_id = '"
                  + late
                  + "'")
          .execute()
          .await()
          .atMost(PATIENCE);
      restrict(early);
      DesiredState first = watching.next();
      open.commit().await().atMost(PATIENCE);

      assertEquals(early, first.getAccountId());
      assertEquals(
          late, watching.next(state -> !state.getAccountId().equals(early)).getAccountId());
      try (var resumed = watch(first.getResumeToken())) {
        assertEquals(
            late, resumed.next(state -> !state.getAccountId().equals(early)).getAccountId());
      }
    } finally {
      connection.close().await().atMost(PATIENCE);
    }
  }

  @Test
  void a_change_that_commits_while_nobody_watches_is_skipped_by_nobody() throws Exception {
    String late = customer();
    String early = customer();
    SqlConnection connection = pool().getConnection().await().atMost(PATIENCE);
    try {
      Transaction open = connection.begin().await().atMost(PATIENCE);
      connection
          .query("update service set generation = 2 where account_id = '" + late + "'")
          .execute()
          .await()
          .atMost(PATIENCE);
      String token;
      try (var watching = watch()) {
        restrict(early);
        token = watching.next(state -> state.getAccountId().equals(early)).getResumeToken();
      }
      open.commit().await().atMost(PATIENCE);

      try (var resumed = watch(token)) {
        assertEquals(late, resumed.next(state -> state.getAccountId().equals(late)).getAccountId());
      }
    } finally {
      connection.close().await().atMost(PATIENCE);
    }
  }

  @Test
  void a_token_leads_to_no_generation_before_it_however_much_was_told_meanwhile() throws Exception {
    String account = customer();
    try (var watching = watch()) {
      Restriction restriction = restrict(account);
      watching.next();
      risk.lift(restriction);
      watching.next();
      restrict(account);
      String token = watching.next().getResumeToken();

      try (var resumed = watch(token)) {
        String other = restrict(customer()).getAccountId();

        resumed.until(state -> state.getAccountId().equals(other)).stream()
            .filter(state -> state.getAccountId().equals(account))
            .forEach(state -> assertEquals(4, state.getGeneration()));
      }
    }
  }

  @Test
  void a_watcher_that_takes_nothing_is_told_the_newest_of_each_service_when_it_does()
      throws Exception {
    List<String> accounts = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      accounts.add(customer());
    }
    try (var slow = Watching.slowly(enforcement()::watchDesiredStates, request(product, ""))) {
      // More than the tail keeps for those who are behind.
      for (int generation = 2; generation <= 300; generation++) {
        sql(
            "update service set generation = "
                + generation
                + ", behind_since = coalesce(behind_since, now()), decided_at = now(),"
                + " access = 'BLOCKED' where product = '"
                + product
                + "'");
      }
      Map<String, Long> newest = new HashMap<>();
      int answers = 0;
      while (newest.size() < 30 || newest.values().stream().anyMatch(g -> g < 300)) {
        DesiredState state = slow.take();
        Long before = newest.put(state.getAccountId(), state.getGeneration());
        answers++;
        assertTrue(before == null || before <= state.getGeneration(), "never back");
      }

      assertEquals(Set.copyOf(accounts), newest.keySet());
      assertTrue(answers < 30 * 299, "not every step, but " + answers);
    }
  }

  @Test
  void what_the_product_reports_is_not_told_again_without_a_token() throws Exception {
    String account = customer();
    restrict(account);
    risk.observed(account, product, 2);
    String other = customer();

    try (var watching = watch()) {
      restrict(other);

      assertEquals(other, watching.next().getAccountId());
    }
  }

  @Test
  void a_service_that_opens_is_nothing_to_tell() throws Exception {
    try (var watching = watch()) {
      customer();
      String restricted = customer();
      restrict(restricted);

      assertEquals(restricted, watching.next().getAccountId());
    }
  }

  @Test
  void an_older_report_changes_nothing_and_enforced_is_the_truth_about_the_product() {
    String account = customer();
    Restriction restriction = restrict(account);
    assertFalse(client.service(account, product).getEnforced());
    risk.observed(account, product, 2);
    assertTrue(client.service(account, product).getEnforced());
    risk.lift(restriction);
    assertFalse(client.service(account, product).getEnforced());

    assertEquals(3, risk.observed(account, product, 2).getDesiredGeneration());
    assertFalse(client.service(account, product).getEnforced());
    assertEquals(3, risk.observed(account, product, 3).getDesiredGeneration());
    assertEquals(3, risk.observed(account, product, 1).getDesiredGeneration());

    assertTrue(client.service(account, product).getEnforced());
  }

  @Test
  void a_feature_that_follows_another_product_rides_on_the_same_transaction() throws Exception {
    String account = client.account();
    client.pay(account, "100");
    client.ingest(
        item(account, "1", client.now()), item(account, "1", client.now()).setProduct("vod"));
    product = "css";

    try (var watching = watch()) {
      Restriction restriction = risk.restrict(account, "vod", "MANUAL");
      DesiredState degraded = watching.next(state -> state.getAccountId().equals(account));
      risk.lift(restriction);
      DesiredState again = watching.next(state -> state.getAccountId().equals(account));

      assertEquals(Access.ACCESS_ALLOWED, degraded.getAccess());
      assertEquals("recording", degraded.getFeatures(0).getFeature());
      assertEquals("restricted", degraded.getRule());
      assertEquals(List.of(), again.getFeaturesList());
    }
  }

  /** The first transaction's stamp is then the second one's id. */
  @Test
  void two_changes_right_after_each_other_are_two_even_when_their_transactions_share_a_stamp()
      throws Exception {
    String account = customer();
    restrict(account);
    String change =
        "update service set generation = generation + 1, decided_at = now() where account_id = '"
            + account
            + "'";

    try (var watching = watch()) {
      assertEquals(2, watching.next().getGeneration());
      SqlConnection slow = pool().getConnection().await().atMost(PATIENCE);
      Transaction first = slow.begin().await().atMost(PATIENCE);
      slow.query("select pg_current_xact_id()").execute().await().atMost(PATIENCE);
      sql("select pg_current_xact_id()");
      slow.query(change).execute().await().atMost(PATIENCE);
      first.commit().await().atMost(PATIENCE);
      slow.close().await().atMost(PATIENCE);
      assertEquals(3, watching.next().getGeneration());
      sql(change);

      assertEquals(4, watching.next().getGeneration());
    }
  }

  @Test
  void a_backlog_of_several_pages_is_told_whole_while_changes_go_on() throws Exception {
    int many = 600;
    String model = customer();
    sql(
        """
        insert into service (account_id, product, state, state_since, opened_at, access, generation,
          observed_generation, moved_at, decided_at, behind_since, retell_at, stamp)
        select account_id || '-' || n, product, state, state_since, opened_at, 'BLOCKED', 2, 1,
          moved_at, decided_at, decided_at, decided_at, stamp()
        from service, generate_series(1, %d) n where account_id = '%s' and product = '%s'
        """
            .formatted(many, model, product));
    Map<String, Long> told = new HashMap<>();
    Set<String> late = new HashSet<>();

    try (var watching = watch()) {
      for (int i = 0; i < 20; i++) {
        late.add(restrict(customer()).getAccountId());
      }
      while (told.size() < many + late.size()) {
        DesiredState state = watching.next();
        told.merge(state.getAccountId(), state.getGeneration(), Math::max);
      }
    }

    assertTrue(told.keySet().containsAll(late));
    assertEquals(Set.of(2L), new HashSet<>(told.values()));
  }

  @Test
  void tokens_that_are_not_of_this_watch_or_of_this_database_are_refused() throws Exception {
    String account = customer();
    restrict(account);
    String token;
    try (var watching = watch()) {
      token = watching.next().getResumeToken();
    }
    String other = Rules.newProduct();

    for (var bad : List.of(request(other, token), request(product, token + "x"), request("", ""))) {
      try (var refused = Watching.of(enforcement()::watchDesiredStates, bad)) {
        assertEquals(Code.INVALID_ARGUMENT, refused.failure().getStatus().getCode());
      }
    }
  }
}
