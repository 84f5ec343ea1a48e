package io.arrears.api;

import static io.arrears.testkit.Client.instant;
import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.timestamp;
import static io.arrears.testkit.Refusal.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.type.Decimal;
import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Refusal;
import io.arrears.testkit.Rules;
import io.arrears.v1.PrepaidPackage;
import io.arrears.v1.ReportPrepaidPackageRequest;
import io.arrears.v1.ServiceState;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.Transition;
import io.grpc.Status.Code;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Prepaid packages that keep a service from being overdue. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class PackagesOverGrpcTest extends OverGrpc {

  private static final Duration DAY = Duration.ofHours(24);

  private String product;

  @BeforeEach
  void aProductWhosePackagesCover() {
    product = Rules.newProduct();
    client
        .person("owner")
        .apply(
            Rules.document(
                product,
                "overdue: {prepaid-packages: cover}",
                "grace: {length: 24h, from: overdue}"));
  }

  private PrepaidPackage.Builder pack(String account, String remaining) {
    return PrepaidPackage.newBuilder()
        .setPackageId("traffic-1")
        .setAccountId(account)
        .setProduct(product)
        .setRemaining(Decimal.newBuilder().setValue(remaining))
        .setUnit("GB");
  }

  private PrepaidPackage report(PrepaidPackage.Builder prepaid) {
    return client.billing.reportPrepaidPackage(
        ReportPrepaidPackageRequest.newBuilder().setPrepaidPackage(prepaid).build());
  }

  /** An account that owes 3 from the next morning on. */
  private String owing(PrepaidPackage.Builder... packages) {
    String account = client.account();
    client.ingest(item(account, "3", client.now()).setProduct(product));
    for (PrepaidPackage.Builder each : packages) {
      report(each.setAccountId(account));
    }
    client.advanceTo(client.nextMorning());
    return account;
  }

  private ServiceStatus service(String account) {
    return client.service(account, product);
  }

  private int overdueNotices(String account) {
    return sql("select from notification where rung = 'OVERDUE' and account_id = '" + account + "'")
        .size();
  }

  @Test
  void a_service_is_not_overdue_while_a_package_lasts() {
    String account = owing(pack("", "100"));

    client.advance(Duration.ofDays(30));

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(account).getState());
    assertFalse(service(account).hasNext());
    assertEquals(List.of(), client.states(account));
  }

  @Test
  void when_the_package_expires_the_service_is_overdue_at_that_instant_with_its_own_notice() {
    Instant expiry = client.nextMorning().plus(Duration.ofDays(3)).plusSeconds(1234);
    String account = owing(pack("", "100").setExpireTime(timestamp(expiry)));
    int before = overdueNotices(account);
    client.advanceTo(expiry.minusSeconds(1));
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(account).getState());

    client.advance(Duration.ofHours(2));

    ServiceStatus graced = service(account);
    assertEquals(ServiceState.SERVICE_STATE_GRACE, graced.getState());
    Transition overdue = client.transitions(account).get(0);
    assertEquals(ServiceState.SERVICE_STATE_OVERDUE, overdue.getToState());
    assertEquals(expiry, instant(overdue.getAt()));
    assertEquals(expiry.plus(DAY), instant(graced.getNext().getAt()));
    assertEquals(before + 1, overdueNotices(account));
    client.advanceTo(expiry.plus(DAY));
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, service(account).getState());
  }

  @Test
  void when_the_package_is_used_up_the_service_is_overdue_with_the_report() {
    String account = owing(pack("", "100"));
    int before = overdueNotices(account);
    Instant now = client.advance(Duration.ofDays(2).plusSeconds(77));

    report(pack(account, "0"));

    assertEquals(ServiceState.SERVICE_STATE_GRACE, service(account).getState());
    assertEquals(now, instant(client.transitions(account).get(0).getAt()));
    assertEquals(before + 1, overdueNotices(account));
  }

  @Test
  void the_last_of_several_packages_counts() {
    Instant first = client.nextMorning().plus(Duration.ofDays(1));
    Instant second = client.nextMorning().plus(Duration.ofDays(5));
    String account =
        owing(
            pack("", "100").setExpireTime(timestamp(first)),
            pack("", "1").setPackageId("traffic-2").setExpireTime(timestamp(second)));
    client.advanceTo(second.minusSeconds(1));
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(account).getState());

    client.advanceTo(second);

    assertEquals(ServiceState.SERVICE_STATE_GRACE, service(account).getState());
  }

  @Test
  void a_new_package_clears_a_service_that_is_overdue_or_suspended() {
    String account = owing();
    assertEquals(ServiceState.SERVICE_STATE_GRACE, service(account).getState());
    client.advance(DAY);
    assertEquals(ServiceState.SERVICE_STATE_SUSPENDED, service(account).getState());

    report(pack(account, "100"));

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(account).getState());
    assertEquals(List.of("OVERDUE", "GRACE", "SUSPENDED", "ACTIVE"), client.states(account));
  }

  @Test
  void a_package_that_ends_in_good_standing_changes_nothing() {
    String account = client.account();
    client.pay(account, "100");
    client.ingest(item(account, "3", client.now()).setProduct(product));
    report(pack(account, "100").setExpireTime(timestamp(client.now().plus(DAY))));

    client.advance(Duration.ofDays(5));

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(account).getState());
    assertEquals(List.of(), client.states(account));
  }

  @Test
  void a_package_of_one_product_covers_no_other() {
    String account = client.account();
    client.ingest(
        item(account, "3", client.now()).setProduct(product),
        item(account, "3", client.now()).setProduct("trtc"));
    report(pack(account, "100"));

    client.advanceTo(client.nextMorning());

    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(account).getState());
    assertEquals(ServiceState.SERVICE_STATE_GRACE, client.service(account, "trtc").getState());
  }

  @Test
  void an_older_report_than_one_before_is_ignored() {
    String account = owing(pack("", "100"));
    Instant measured = client.now();
    PrepaidPackage newest = report(pack(account, "50").setReportTime(timestamp(measured)));
    client.advance(Duration.ofHours(1));

    PrepaidPackage answer =
        report(pack(account, "0").setReportTime(timestamp(measured.minusSeconds(1))));

    assertEquals(newest, answer);
    assertEquals("50", answer.getRemaining().getValue());
    assertEquals(ServiceState.SERVICE_STATE_ACTIVE, service(account).getState());
  }

  @Test
  void a_report_comes_back_as_it_is_known() {
    String account = client.account();
    Instant expiry = client.now().plus(DAY);

    PrepaidPackage answer = report(pack(account, "12.5").setExpireTime(timestamp(expiry)));

    assertEquals(
        pack(account, "12.5")
            .setExpireTime(timestamp(expiry))
            .setReportTime(timestamp(client.now()))
            .build(),
        answer);
  }

  @Test
  void a_package_belongs_to_one_product_of_an_account_that_exists() {
    String account = client.account();
    report(pack(account, "1"));

    Refusal other = refused(() -> report(pack(account, "1").setProduct("cdn")));
    assertEquals(Code.FAILED_PRECONDITION, other.code());
    assertEquals("PACKAGE_OF_OTHER_PRODUCT", other.reason());
    assertEquals("ACCOUNT_NOT_FOUND", refused(() -> report(pack("nobody", "1"))).reason());
    assertEquals(
        "PRODUCT_NOT_FOUND",
        refused(() -> report(pack(account, "1").setProduct("teleport"))).reason());
  }
}
