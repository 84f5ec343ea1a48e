package io.arrears.api;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.arrears.testkit.Client;
import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Watching;
import io.arrears.v1.BillingServiceGrpc;
import io.arrears.v1.IngestBillingItemsRequest;
import io.arrears.v1.IngestBillingItemsResponse;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What the service holds of requests is bounded by bytes, however much is sent. */
@QuarkusTest
@TestProfile(AdmissionOverGrpcTest.LittleRoom.class)
class AdmissionOverGrpcTest extends OverGrpc {

  private static final int REQUEST_BYTES = 256 << 10;

  /** What ingestion has of it. */
  private static final int ROOM = REQUEST_BYTES / 4 * 3;

  private static final int ITEMS = 100;

  /** Of a batch, at the least. */
  private static final int BYTES = ITEMS * 130;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Room for a few batches. */
  public static class LittleRoom extends VirtualTime {
    @Override
    public Map<String, String> getConfigOverrides() {
      return with("arrears.limits.request-bytes", String.valueOf(REQUEST_BYTES));
    }
  }

  private List<IngestBillingItemsRequest> batches(int many, String account) {
    Instant now = client.now();
    client.ingest(Client.item(account, "0.01", now));
    List<IngestBillingItemsRequest> batches = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      IngestBillingItemsRequest.Builder request = IngestBillingItemsRequest.newBuilder();
      for (int j = 0; j < ITEMS; j++) {
        request.addItems(Client.item(account, "0.01", now));
      }
      batches.add(request.build());
      assertTrue(batches.get(i).getSerializedSize() >= BYTES);
    }
    return batches;
  }

  /** Nothing is stored, until the connection is closed. */
  private SqlConnection holdIntake() {
    SqlConnection connection = pool().getConnection().await().atMost(PATIENCE);
    connection
        .query(
            "begin; select pg_advisory_xact_lock(hashtext('billing_epoch'), hashtext('css:DAILY'))")
        .execute()
        .await()
        .atMost(PATIENCE);
    return connection;
  }

  private static void release(SqlConnection connection) {
    connection.query("commit").execute().await().atMost(PATIENCE);
    connection.close().await().atMost(PATIENCE);
  }

  private long stored(String account) {
    return sql("select count(*) from billing_item where account_id = '" + account + "'")
        .iterator()
        .next()
        .getLong(0);
  }

  @Test
  void what_there_is_no_room_for_is_refused_with_a_delay_and_the_rest_is_stored() throws Exception {
    String account = client.account();
    List<IngestBillingItemsRequest> batches = batches(60, account);
    CountDownLatch refusals = new CountDownLatch(batches.size() - 2 * ROOM / BYTES);
    List<ListenableFuture<IngestBillingItemsResponse>> calls = new ArrayList<>();
    SqlConnection held = holdIntake();
    for (IngestBillingItemsRequest batch : batches) {
      var call = BillingServiceGrpc.newFutureStub(client.channel()).ingestBillingItems(batch);
      call.addListener(refusals::countDown, Runnable::run);
      calls.add(call);
    }

    try {
      assertTrue(refusals.await(PATIENCE.toSeconds(), TimeUnit.SECONDS), "refused while all waits");
      client.pay(account, "1"); // Has a room of its own.
    } finally {
      release(held);
    }

    int accepted = 0;
    for (ListenableFuture<IngestBillingItemsResponse> call : calls) {
      try {
        accepted += call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).getAccepted();
      } catch (ExecutionException refused) {
        assertOverloaded(refused.getCause());
      }
    }
    assertTrue(accepted >= ITEMS, "some were accepted: " + accepted);
    assertEquals(accepted + 1, stored(account));
    for (IngestBillingItemsRequest batch : batches) {
      client.billing.ingestBillingItems(batch); // The room is free again, and stays so.
    }
    assertEquals(batches.size() * ITEMS + 1, stored(account));
    awaitHeld(0, 0);
  }

  /** Until what the service says it holds comes between these. */
  private static void awaitHeld(long atLeast, long atMost) {
    Instant patient = Instant.now().plus(PATIENCE);
    double held;
    do {
      assertTrue(Instant.now().isBefore(patient), "held in time");
      held =
          given()
              .get("/q/metrics")
              .asString()
              .lines()
              .filter(line -> line.startsWith("arrears_requests_held_bytes{calls=\"ingestion\""))
              .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
              .findFirst()
              .orElseThrow();
    } while (held < atLeast || held > atMost);
  }

  private static void assertOverloaded(Throwable failure) throws Exception {
    assertEquals(Status.Code.RESOURCE_EXHAUSTED, Status.fromThrowable(failure).getCode());
    for (Any detail : StatusProto.fromThrowable(failure).getDetailsList()) {
      if (detail.is(RetryInfo.class)) {
        assertNotEquals(
            com.google.protobuf.Duration.getDefaultInstance(),
            detail.unpack(RetryInfo.class).getRetryDelay());
        return;
      }
    }
    throw new AssertionError("no delay is named", failure);
  }

  @Test
  void streams_wait_for_room_and_lose_nothing() throws Exception {
    String account = client.account();
    int streams = 3;
    int batchesEach = 20;
    List<IngestBillingItemsRequest> batches = batches(streams * batchesEach, account);
    List<Watching<IngestBillingItemsRequest, IngestBillingItemsResponse>> answers =
        new ArrayList<>();
    SqlConnection held = holdIntake();
    for (int i = 0; i < streams; i++) {
      var each = Watching.both(BillingServiceGrpc.newStub(client.channel())::streamBillingItems);
      each.send(batches.subList(i * batchesEach, (i + 1) * batchesEach));
      answers.add(each);
    }
    try {
      awaitHeld(ROOM / 2, 2 * ROOM);
      client.pay(account, "1");
    } finally {
      release(held);
    }

    for (var each : answers) {
      assertEquals(Status.OK, each.end());
      assertEquals(batchesEach, each.rest().size());
    }
    assertEquals(streams * batchesEach * ITEMS + 1, stored(account));
    awaitHeld(0, 0);
  }
}
