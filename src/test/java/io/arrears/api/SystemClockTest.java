package io.arrears.api;

import static io.arrears.testkit.Client.item;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.arrears.testkit.OverGrpc;
import io.arrears.v1.GetClockRequest;
import io.arrears.v1.Job;
import io.arrears.v1.JobRun;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service as it runs in earnest: on the system's clock. */
@QuarkusTest
@TestProfile(SystemClockTest.RealTime.class)
class SystemClockTest extends OverGrpc {

  public static class RealTime implements io.quarkus.test.junit.QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("arrears.clock", "system", "arrears.catch-up-every", "2s");
    }
  }

  /** A run that is under way may be past the items that a test is about to send. */
  @BeforeEach
  void letTheScheduledRunsEnd() {
    client.run(Job.JOB_DAILY_BILLS);
  }

  @Test
  void the_system_clock_cannot_be_moved() {
    StatusRuntimeException failure =
        assertThrows(
            StatusRuntimeException.class, () -> client.advanceTo(Instant.now().plusSeconds(60)));

    assertEquals(Code.FAILED_PRECONDITION, failure.getStatus().getCode());
    assertFalse(client.operations.getClock(GetClockRequest.getDefaultInstance()).getVirtual());
  }

  @Test
  void a_bill_run_on_demand_makes_the_account_overdue_at_once() {
    String account = client.account();
    client.ingest(item(account, "3", Instant.now().minus(Duration.ofDays(2))));

    JobRun run = client.run(Job.JOB_DAILY_BILLS);

    assertTrue(run.getCountsOrThrow("overdue") >= 1);
    assertEquals(java.util.List.of("OVERDUE"), client.states(account));
  }

  @Test
  void the_scheduler_takes_due_steps_within_seconds_and_records_when_they_were_due()
      throws Exception {
    String account = client.account();
    client.ingest(item(account, "3", Instant.now().minus(Duration.ofDays(2))));
    client.run(Job.JOB_DAILY_BILLS);
    sql(
        "update account set notified_at = notified_at - interval '25 hours',"
            + " overdue_since = overdue_since - interval '25 hours', due_at = now()"
            + " where account_id = '"
            + account
            + "'");

    for (int i = 0; i < 200 && client.states(account).size() < 2; i++) {
      java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }

    assertEquals(java.util.List.of("OVERDUE", "GRACE"), client.states(account));
  }

  @Test
  void a_bill_that_cannot_be_made_is_set_aside_with_its_reason_and_holds_up_no_other() {
    String hostile = client.account();
    String other = client.account();
    Instant used = Instant.now().minus(Duration.ofDays(2));
    for (int i = 0; i < 11; i++) {
      client.ingest(item(hostile, "99999999999999999", used));
    }
    client.ingest(item(other, "1", used));

    JobRun run = client.run(Job.JOB_DAILY_BILLS);

    assertEquals(1, run.getFailed());
    assertEquals(1, client.bills(other).size());
    assertEquals(0, client.bills(hostile).size());
    assertEquals(0, client.status(hostile).getBalance().getUnits());
    assertEquals(
        1,
        sql("select from bill_draft where failure like 'the balance would reach%' and account_id = '"
                + hostile
                + "'")
            .size());
  }

  @Test
  void bills_that_a_dead_run_left_are_made_within_the_next_catch_up() {
    String account = client.account();
    sql(
        "insert into bill_draft (account_id, product, cycle, period_start, period_end, late, epoch,"
            + " exact_amount, item_count) values ('"
            + account
            + "', 'css', 'DAILY', '2024-01-01', '2024-01-01', false, 1, 2.5, 1)");

    for (int i = 0; i < 200 && client.bills(account).isEmpty(); i++) {
      java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }

    assertEquals(1, client.bills(account).size());
  }

  @Test
  void reflection_lists_the_services() throws Exception {
    var services = new java.util.concurrent.CompletableFuture<java.util.List<String>>();
    var requests =
        io.grpc.reflection.v1.ServerReflectionGrpc.newStub(client.channel())
            .serverReflectionInfo(
                new io.grpc.stub.StreamObserver<io.grpc.reflection.v1.ServerReflectionResponse>() {
                  @Override
                  public void onNext(io.grpc.reflection.v1.ServerReflectionResponse answer) {
                    services.complete(
                        answer.getListServicesResponse().getServiceList().stream()
                            .map(service -> service.getName())
                            .toList());
                  }

                  @Override
                  public void onError(Throwable failure) {
                    services.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });

    requests.onNext(
        io.grpc.reflection.v1.ServerReflectionRequest.newBuilder().setListServices("").build());

    assertTrue(
        services
            .get(10, java.util.concurrent.TimeUnit.SECONDS)
            .containsAll(
                java.util.List.of(
                    "arrears.v1.AccountService",
                    "arrears.v1.BillingService",
                    "arrears.v1.LifecycleService",
                    "arrears.v1.OperationsService")));
    requests.onCompleted();
  }

  @Test
  void grpc_health_answers() {
    assertEquals(
        ServingStatus.SERVING,
        HealthGrpc.newBlockingStub(client.channel())
            .check(HealthCheckRequest.getDefaultInstance())
            .getStatus());
  }
}
