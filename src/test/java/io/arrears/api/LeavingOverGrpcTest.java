package io.arrears.api;

import static io.arrears.testkit.Client.instant;
import static io.arrears.testkit.Client.item;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.arrears.platform.KeyText;
import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Person;
import io.arrears.v1.Access;
import io.arrears.v1.Deactivation;
import io.arrears.v1.GetDeactivationRequest;
import io.arrears.v1.IngestBillingItemsResponse;
import io.arrears.v1.ItemRejection;
import io.arrears.v1.Restriction;
import io.arrears.v1.ServiceState;
import io.arrears.v1.ServiceStatus;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jose4j.json.JsonUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From the approval of a request to leave to the certificate, and back again (S11). */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class LeavingOverGrpcTest extends OverGrpc {

  private static final List<String> CATEGORIES =
      List.of("client-authorizations", "configurations", "service-logs");

  @TestHTTPResource(CertificateKeys.PATH)
  URL keys;

  private Person alice;
  private Person bob;
  private Person css;

  @BeforeEach
  void people() {
    alice = client.person("alice");
    bob = client.person("bob");
    css = client.person("css-cloud");
  }

  /** An account whose css is being erased, because the customer leaves. */
  private String leaving(String product) {
    String account = client.account();
    client.pay(account, "100");
    client.ingest(item(account, "1", client.now()));
    ticket = bob.approve(alice.request(account, product));
    client.advanceTo(client.nextMorning());
    return account;
  }

  private Deactivation ticket;

  private Deactivation ticket() {
    return alice.lifecycle.getDeactivation(
        GetDeactivationRequest.newBuilder().setTicketId(ticket.getTicketId()).build());
  }

  private ServiceState state(String account) {
    return client.service(account, "css").getState();
  }

  private long generation(String account) {
    return client.service(account, "css").getGeneration();
  }

  private List<String> toldToErase(String account) {
    String categories =
        sql("select clear_categories from service where product = 'css' and account_id = '"
                + account
                + "'")
            .iterator()
            .next()
            .getString(0);
    return categories.isEmpty() ? List.of() : List.of(categories.split(", ", -1));
  }

  private void erase(String account) {
    css.observed(account, "css", generation(account), CATEGORIES.toArray(String[]::new));
  }

  @Test
  void categories_are_reported_one_after_the_other_and_the_last_one_ends_it_with_a_certificate()
      throws Exception {
    String account = leaving("");
    long told = generation(account);
    List<Instant> erasedAt = new ArrayList<>();
    for (String category : CATEGORIES.subList(0, 2)) {
      erasedAt.add(client.advance(Duration.ofMinutes(7)));
      css.observed(account, "css", told, category);
      assertFalse(toldToErase(account).contains(category));
    }
    assertEquals(ServiceState.SERVICE_STATE_DEACTIVATING, state(account));
    assertEquals(Deactivation.State.STATE_APPROVED, ticket().getState());
    erasedAt.add(client.advance(Duration.ofMinutes(7)));
    long last = generation(account);

    css.observed(account, "css", last, CATEGORIES.get(2));

    ServiceStatus cleared = client.service(account, "css");
    assertEquals(ServiceState.SERVICE_STATE_CLEARED, cleared.getState());
    assertEquals(Access.ACCESS_ERASED, cleared.getAccess());
    Deactivation done = ticket();
    assertEquals(Deactivation.State.STATE_COMPLETED, done.getState());
    assertEquals(client.now(), instant(done.getCompleteTime()));
    Map<String, Object> certificate = verified(done.getCertificate());
    assertEquals(ticket.getTicketId(), certificate.get("ticket_id"));
    assertEquals(account, certificate.get("account_id"));
    assertEquals("alice", certificate.get("requested_by"));
    assertEquals("bob", certificate.get("approved_by"));
    assertEquals(client.now().toString(), certificate.get("completed_at"));
    Map<?, ?> service = (Map<?, ?>) ((List<?>) certificate.get("services")).get(0);
    assertEquals("css", service.get("product"));
    List<Map<String, Object>> expected = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      expected.add(
          Map.of(
              "name", CATEGORIES.get(i),
              "erased_at", erasedAt.get(i).toString(),
              "reported_generation", i < 2 ? told : last));
    }
    assertEquals(expected, service.get("categories"));
  }

  /** What a certificate says, once its signature is found good. */
  private Map<String, Object> verified(ByteString certificate) throws Exception {
    String[] parts = certificate.toStringUtf8().split("\\.", -1);
    Map<String, Object> header = JsonUtil.parseJson(decoded(parts[0]));
    PublicKey key =
        KeyText.publicKeys(RestAssured.get(keys).asString()).get(String.valueOf(header.get("kid")));
    Signature check = Signature.getInstance("Ed25519");
    check.initVerify(key);
    check.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertTrue(check.verify(Base64.getUrlDecoder().decode(parts[2])));
    return JsonUtil.parseJson(decoded(parts[1]));
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  @Test
  void the_certificate_of_an_account_waits_for_all_of_its_products() throws Exception {
    String account = client.account();
    client.pay(account, "100");
    client.ingest(
        item(account, "1", client.now()), item(account, "1", client.now()).setProduct("cos"));
    ticket = bob.approve(alice.request(account, ""));
    client.advanceTo(client.nextMorning());
    erase(account);
    assertEquals(ServiceState.SERVICE_STATE_CLEARED, state(account));
    assertEquals(Deactivation.State.STATE_APPROVED, ticket().getState());

    client
        .person("cos-cloud")
        .observed(
            account,
            "cos",
            client.service(account, "cos").getGeneration(),
            "objects",
            "bucket-configurations");

    assertEquals(Deactivation.State.STATE_COMPLETED, ticket().getState());
    List<?> services = (List<?>) verified(ticket().getCertificate()).get("services");
    assertEquals(
        List.of("cos", "css"),
        services.stream().map(each -> ((Map<?, ?>) each).get("product")).toList());
  }

  @Test
  void nothing_more_is_billed_for_a_service_that_is_cleared() {
    String account = leaving("css");
    erase(account);

    IngestBillingItemsResponse answer =
        client.ingest(
            item(account, "1", client.now()), item(account, "1", client.now()).setProduct("vod"));

    assertEquals(1, answer.getAccepted());
    assertEquals(ItemRejection.Reason.REASON_SERVICE_CLOSED, answer.getRejections(0).getReason());
    assertEquals(0, answer.getRejections(0).getIndex());
  }

  @Test
  void a_cleared_service_is_reopened_with_nothing_of_the_old_one_but_a_newer_generation() {
    String account = leaving("");
    erase(account);
    Deactivation done = ticket();
    long erased = generation(account);
    Instant now = client.advance(Duration.ofDays(3));

    alice.reopen(account, "css");

    ServiceStatus fresh = client.service(account, "css");
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, fresh.getState());
    assertEquals(now, instant(fresh.getStateSince()));
    assertEquals(Access.ACCESS_ALLOWED, fresh.getAccess());
    assertTrue(fresh.getGeneration() > erased);
    assertFalse(fresh.getEnforced());
    assertEquals(1, client.ingest(item(account, "1", client.now())).getAccepted());
    client.advance(Duration.ofDays(3));
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, state(account));
    assertEquals(done, ticket());
  }

  @Test
  void a_report_about_the_old_service_erases_nothing_of_the_reopened_one() {
    String account = leaving("");
    long told = generation(account);
    erase(account);
    long erased = generation(account);
    alice.reopen(account, "css");

    css.observed(account, "css", told, CATEGORIES.toArray(String[]::new));
    css.observed(account, "css", erased, CATEGORIES.toArray(String[]::new));

    assertFalse(client.service(account, "css").getEnforced());
    bob.approve(alice.request(account, "css"));
    client.advanceTo(client.nextMorning());
    assertEquals(3, toldToErase(account).size());
    css.observed(account, "css", erased, CATEGORIES.toArray(String[]::new));
    assertEquals(3, toldToErase(account).size());
    assertEquals(ServiceState.SERVICE_STATE_DEACTIVATING, state(account));
  }

  @Test
  void a_reopened_service_may_leave_once_more_and_has_its_own_certificate() throws Exception {
    String account = leaving("");
    erase(account);
    ByteString first = ticket().getCertificate();
    alice.reopen(account, "css");
    client.ingest(item(account, "1", client.now()));
    client.advance(Duration.ofDays(2));
    ticket = bob.approve(alice.request(account, ""));
    client.advanceTo(client.nextMorning());

    erase(account);

    assertEquals(ServiceState.SERVICE_STATE_CLEARED, state(account));
    assertFalse(ticket().getCertificate().isEmpty());
    assertFalse(ticket().getCertificate().equals(first));
    assertEquals(ticket().getTicketId(), verified(ticket().getCertificate()).get("ticket_id"));
  }

  @Test
  void a_hold_keeps_the_data_for_as_long_as_it_lasts() {
    String account = client.account();
    client.pay(account, "100");
    client.ingest(item(account, "1", client.now()));
    bob.approve(alice.request(account, ""));
    Instant until = client.nextMorning().plus(Duration.ofDays(2));
    alice.hold(account, until);
    client.advanceTo(until.minusSeconds(1));
    assertEquals(List.of(), toldToErase(account));

    client.advanceTo(until);

    assertEquals(3, toldToErase(account).size());
  }

  @Test
  void a_hold_during_the_clearing_stops_it_and_the_rest_follows_when_it_ends() {
    String account = leaving("");
    css.observed(account, "css", generation(account), "configurations");

    Instant until = client.now().plus(Duration.ofDays(2));
    alice.hold(account, until);

    assertEquals(List.of(), toldToErase(account));
    client.advanceTo(until);
    assertEquals(List.of("service-logs", "client-authorizations"), toldToErase(account));
  }

  @Test
  void legal_keeps_the_data_until_it_is_lifted() {
    String account = leaving("");
    Restriction legal = client.person("court").restrict(account, "", "LEGAL");
    assertEquals(List.of(), toldToErase(account));
    client.advance(Duration.ofDays(100));
    assertEquals(List.of(), toldToErase(account));
    assertEquals(ServiceState.SERVICE_STATE_DEACTIVATING, state(account));

    client.person("court").lift(legal);

    assertEquals(3, toldToErase(account).size());
    erase(account);
    assertEquals(ServiceState.SERVICE_STATE_CLEARED, state(account));
  }

  @Test
  void a_repossessed_service_that_leaves_is_erased_without_waiting_any_longer() {
    String account = client.overdueAccount("3");
    client.advance(Duration.ofDays(60));
    ticket = bob.approve(alice.request(account, ""));
    client.pay(account, "3");

    client.advanceTo(client.nextMorning());

    erase(account);
    assertEquals(ServiceState.SERVICE_STATE_CLEARED, state(account));
    assertEquals(Deactivation.State.STATE_COMPLETED, ticket().getState());
  }
}
