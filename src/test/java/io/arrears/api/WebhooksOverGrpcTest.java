package io.arrears.api;

import static io.arrears.testkit.HttpReceiver.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.Client;
import io.arrears.testkit.HttpReceiver;
import io.arrears.testkit.HttpReceiver.Request;
import io.arrears.testkit.MailBox;
import io.arrears.testkit.Rules;
import io.arrears.testkit.WithChannels;
import io.arrears.v1.Account;
import io.arrears.v1.Contact;
import io.arrears.v1.Job;
import io.arrears.v1.JobRun;
import io.arrears.v1.RunJobRequest;
import io.arrears.v1.ServiceState;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks to servers that behave, and to others. */
@QuarkusTest
@TestProfile(WithChannels.Channels.class)
class WebhooksOverGrpcTest extends WithChannels {

  private static final Duration THREE_DAYS = Duration.ofDays(3);

  /** As {@code DeliveryLimits} has them. */
  private static final int FAILURES_TO_BREAK = 5;

  private static final Duration BREAK = Duration.ofSeconds(30);

  private static String field(Request request, String name) {
    return new JsonObject(request.body()).getJsonObject("data").getString(name);
  }

  private static String type(Request request) {
    return new JsonObject(request.body()).getString("type");
  }

  private static String id(Request request) {
    return request.headers().get("webhook-id");
  }

  @Test
  void every_channel_gets_a_notice_once_under_the_same_id_however_often_it_is_looked_for()
      throws Exception {
    HttpReceiver customer = receiver(status(204));
    String address = UUID.randomUUID() + "@customer.example";
    String account = account(webhook(customer).setEmail(address));

    owes(account, "5");
    owes(account, "1");
    deliver();
    deliver();
    client.advance(Duration.ofDays(1));

    List<Request> requests = customer.taken();
    assertEquals(1, requests.size());
    assertEquals(1, MailBox.of(address).size());
    assertEquals(MailBox.of(address).get(0).id(), id(requests.get(0)));
    assertEquals("arrears.overdue", type(requests.get(0)));
    assertEquals(account, field(requests.get(0), "account_id"));
    assertEquals("/hook", requests.get(0).path());
    assertEquals(
        List.of("OVERDUE EMAIL SENT", "OVERDUE STREAM SENT", "OVERDUE WEBHOOK SENT"),
        outbox(account));
  }

  @Test
  void an_account_without_addresses_has_the_stream() {
    String account = client.account();

    owes(account, "5");

    assertEquals(List.of("OVERDUE STREAM SENT"), outbox(account));
  }

  @Test
  void what_failed_is_repeated_with_the_same_id_and_bytes_until_it_works() throws Exception {
    HttpReceiver customer = receiver(status(500));
    String account = account(webhook(customer));
    owes(account, "5");
    deliver();
    client.advance(Duration.ofMinutes(10));
    assertEquals(List.of("OVERDUE STREAM SENT", "OVERDUE WEBHOOK PENDING"), outbox(account));

    customer.behave(status(200));
    client.advance(Duration.ofHours(6));

    List<Request> requests = customer.taken();
    assertTrue(requests.size() > 5, requests.size() + " attempts");
    assertEquals(1, requests.stream().map(WebhooksOverGrpcTest::id).distinct().count());
    assertEquals(1, requests.stream().map(Request::body).distinct().count());
    assertEquals(List.of("OVERDUE STREAM SENT", "OVERDUE WEBHOOK SENT"), outbox(account));
  }

  @Test
  void after_three_days_it_is_parked_and_not_tried_again() throws Exception {
    HttpReceiver customer = receiver(status(503));
    String account = account(webhook(customer));
    owes(account, "5");

    client.advance(THREE_DAYS.plusHours(7));

    assertTrue(outbox(account).contains("OVERDUE WEBHOOK PARKED"), outbox(account).toString());
    customer.taken();
    client.advance(Duration.ofDays(1));
    assertTrue(
        customer.taken().stream().noneMatch(request -> type(request).equals("arrears.overdue")));
  }

  @Test
  void a_receiver_that_is_gone_for_good_is_not_asked_twice() throws Exception {
    HttpReceiver customer = receiver(status(410));
    String account = account(webhook(customer));

    owes(account, "5");
    JobRun run = deliver();
    client.advance(Duration.ofHours(12));

    assertEquals(1, customer.taken().size());
    assertEquals(1, run.getCountsOrThrow("parked:webhook"));
    assertEquals(List.of("OVERDUE STREAM SENT", "OVERDUE WEBHOOK PARKED"), outbox(account));
  }

  @Test
  void a_redirect_is_not_followed() throws Exception {
    HttpReceiver elsewhere = receiver(status(200));
    HttpReceiver customer =
        receiver(
            (request, socket) ->
                HttpReceiver.answer(socket, 307, "location: " + elsewhere.url("/secret") + "\r\n"));
    String account = account(webhook(customer));

    owes(account, "5");
    deliver();

    assertEquals(1, customer.taken().size());
    assertEquals(0, elsewhere.taken().size());
    assertEquals(List.of("OVERDUE STREAM SENT", "OVERDUE WEBHOOK PENDING"), outbox(account));
  }

  @Test
  void a_name_that_means_an_address_of_ours_is_never_connected_to() throws Exception {
    HttpReceiver inside = receiver(status(200));
    String url = "http://localhost:" + inside.port() + "/hook";
    String account = account(Contact.newBuilder().setWebhookUrl(url));

    owes(account, "5");
    deliver();

    assertEquals(0, inside.taken().size());
    String error =
        sql("select last_error from notification where channel = 'WEBHOOK' and account_id = '"
                + account
                + "'")
            .iterator()
            .next()
            .getString(0);
    assertTrue(error.startsWith("localhost is ") && error.endsWith("is not public"), error);
  }

  @Test
  void a_payment_that_clears_withdraws_what_was_not_sent() throws Exception {
    HttpReceiver customer = receiver(status(500));
    String account = account(webhook(customer));
    client.ingest(Client.item(account, "3", client.now()));
    client.advanceTo(client.nextMorning());
    client.advance(Duration.ofDays(2));

    client.pay(account, "3");

    assertTrue(
        outbox(account)
            .containsAll(List.of("OVERDUE WEBHOOK WITHDRAWN", "SUSPENDED WEBHOOK WITHDRAWN")));
    customer.taken();
    customer.behave(status(200));
    client.advance(Duration.ofHours(7));
    assertEquals(
        List.of("arrears.restored"),
        customer.taken().stream().map(WebhooksOverGrpcTest::type).toList());
  }

  @Test
  void what_is_written_while_the_receiver_is_left_alone_is_sent_when_it_is_tried_again()
      throws Exception {
    HttpReceiver customer = receiver(status(500));
    String account = account(webhook(customer));
    owes(account, "5");
    deliver();
    for (int failures = customer.taken().size(); failures < FAILURES_TO_BREAK; ) {
      client.advance(Duration.ofSeconds(1));
      failures += customer.taken().size();
    }

    client.pay(account, "5");
    owes(account, "7");
    customer.behave(status(200));
    deliver();
    assertEquals(List.of(), customer.taken());
    client.advance(BREAK.plusSeconds(1));

    assertEquals(1, customer.taken().size());
  }

  @Test
  void what_has_no_address_any_more_is_withdrawn() throws Exception {
    HttpReceiver customer = receiver(status(500));
    String account = account(webhook(customer));
    owes(account, "5");
    deliver();

    contact(account, Contact.newBuilder());
    client.advance(Duration.ofMinutes(1));

    assertEquals(1, customer.taken().size());
    assertEquals(List.of("OVERDUE STREAM SENT", "OVERDUE WEBHOOK WITHDRAWN"), outbox(account));
  }

  @Test
  void a_dry_run_counts_and_sends_nothing() throws Exception {
    HttpReceiver customer = receiver(status(200));
    String account = account(webhook(customer));
    owes(account, "5");

    JobRun run =
        client.operations.runJob(
            RunJobRequest.newBuilder().setJob(Job.JOB_NOTIFICATIONS).setDryRun(true).build());

    assertTrue(run.getCountsOrThrow("due:webhook") >= 1);
    assertEquals(0, customer.taken().size());
    assertEquals(1, deliver().getCountsOrThrow("sent:webhook"));
  }

  @Test
  void a_delivery_starts_the_grace_where_the_policy_takes_it_for_a_receipt() throws Exception {
    String product = Rules.newProduct();
    client
        .person("owner")
        .apply(
            Rules.document(
                product,
                "grace: {length: 24h, from: notification-received, assume-received-after: never,"
                    + " delivery-is-receipt: true}"));
    HttpReceiver customer = receiver(status(500));
    String account = account(webhook(customer));
    client.ingest(Client.item(account, "3", client.now()).setProduct(product));
    client.advanceTo(client.nextMorning());
    client.advance(Duration.ofHours(3));
    assertEquals(ServiceState.SERVICE_STATE_OVERDUE, client.service(account, product).getState());

    customer.behave(status(200));
    client.advance(Duration.ofHours(6));

    Instant deliveredAt =
        sql("select sent_at from notification where channel = 'WEBHOOK' and account_id = '"
                + account
                + "'")
            .iterator()
            .next()
            .getOffsetDateTime(0)
            .toInstant();
    assertEquals(ServiceState.SERVICE_STATE_GRACE, client.service(account, product).getState());
    assertEquals(
        deliveredAt.plus(Duration.ofDays(1)),
        Client.instant(client.service(account, product).getNext().getAt()));
    assertEquals(
        "receipt-by-delivery",
        client.transitions(account).get(client.transitions(account).size() - 1).getRule());
  }

  @Test
  void in_quiet_hours_of_the_customers_zone_nothing_is_sent_and_no_grace_is_lost()
      throws Exception {
    String product = Rules.newProduct();
    client
        .person("owner")
        .apply(
            Rules.document(
                product,
                "grace: {length: 24h, from: notification-sent}",
                "quiet-hours: {from: \"18:00\", until: \"09:00\"}"));
    HttpReceiver customer = receiver(status(200));
    String account =
        account(Account.newBuilder().setTimeZone("America/New_York").setContact(webhook(customer)));
    client.ingest(Client.item(account, "3", client.now()).setProduct(product));
    Instant billed = client.nextMorning();
    client.advanceTo(billed); // 08:00 in Shanghai is in the evening in New York.
    Instant morning =
        billed
            .atZone(java.time.ZoneId.of("America/New_York"))
            .toLocalDate()
            .plusDays(1)
            .atTime(9, 0)
            .atZone(java.time.ZoneId.of("America/New_York"))
            .toInstant();

    client.advanceTo(morning.minusSeconds(1));
    assertEquals(0, customer.taken().size());
    client.advanceTo(morning);

    assertEquals(1, customer.taken().size());
    assertEquals(
        morning.plus(Duration.ofDays(1)),
        Client.instant(client.service(account, product).getNext().getAt()));
  }

  private static HttpReceiver.Behaviour behaviour(String name) {
    return switch (name) {
      case "hangs" -> HttpReceiver.hang();
      case "drips" -> HttpReceiver.drip();
      case "resets" -> HttpReceiver.reset();
      case "answers 500" -> status(500);
      default -> HttpReceiver.late();
    };
  }

  @ParameterizedTest(name = "one that {0}")
  @ValueSource(strings = {"hangs", "drips", "resets", "answers 500", "is too late"})
  void a_broken_receiver_is_left_alone_and_slows_nobody_else(String name) throws Exception {
    HttpReceiver broken = receiver(behaviour(name));
    HttpReceiver good = receiver(status(200));
    List<String> waiting = new ArrayList<>();
    Set<String> told = new HashSet<>();
    for (int i = 0; i < 30; i++) {
      waiting.add(account(webhook(broken)));
    }
    for (int i = 0; i < 20; i++) {
      told.add(account(webhook(good)));
    }
    waiting.forEach(account -> owes(account, "1"));
    told.forEach(account -> owes(account, "1"));

    deliver();

    Set<String> got = new HashSet<>();
    good.taken().forEach(request -> got.add(field(request, "account_id")));
    assertEquals(told, got);
    int attempts = broken.taken().size();
    assertTrue(attempts <= 8, "left alone after 5 failures, with 4 under way: " + attempts);
    for (String account : waiting) {
      assertTrue(outbox(account).contains("OVERDUE WEBHOOK PENDING"));
    }
    broken.behave(status(200));
    client.advance(Duration.ofHours(7));
    Set<String> late = new HashSet<>();
    for (Request request : broken.taken()) {
      assertTrue(late.add(id(request)), "twice: " + id(request));
    }
    assertEquals(30, late.size());
    assertFalse(waiting.stream().anyMatch(a -> outbox(a).contains("OVERDUE WEBHOOK PENDING")));
  }
}
