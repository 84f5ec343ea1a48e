package io.arrears.api;

import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.usd;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.Rules;
import io.arrears.v1.AdjustBalanceRequest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The customer hears, once, that the balance lasts for only so many more days. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class RunwayOverGrpcTest extends OverGrpc {

  private String product;

  @BeforeEach
  void aProductThatAlertsFiveDaysAhead() {
    product = Rules.newProduct();
    client.person("owner").apply(Rules.document(product, "runway-alert: {days: 5}"));
  }

  /** Days of usage, each with its bill on the next morning. */
  private void spend(String account, String aDay, int days) {
    for (int i = 0; i < days; i++) {
      client.ingest(item(account, aDay, client.now()).setProduct(product));
      client.advanceTo(client.nextMorning());
    }
  }

  private List<String> alerts(String account) {
    List<String> details = new ArrayList<>();
    for (Row row :
        sql(
            "select detail from notification where rung = 'RUNWAY' and account_id = '"
                + account
                + "' order by at")) {
      details.add(row.getString(0));
    }
    return details;
  }

  @Test
  void one_alert_is_given_when_a_bill_leaves_five_days_of_mean_spending_or_fewer() {
    String account = client.account();
    client.pay(account, "100");
    spend(account, "10", 4);
    assertEquals(List.of(), alerts(account));

    spend(account, "10", 1);

    assertEquals(1, alerts(account).size());
    assertTrue(alerts(account).get(0).endsWith("5.0 days"), alerts(account).get(0));
    spend(account, "10", 4);
    assertEquals(1, alerts(account).size());
  }

  @Test
  void it_is_given_again_only_after_money_has_come_in() {
    String account = client.account();
    client.pay(account, "60");
    spend(account, "10", 2);
    assertEquals(1, alerts(account).size());
    client.accounts.adjustBalance(
        AdjustBalanceRequest.newBuilder()
            .setAccountId(account)
            .setAmount(usd("-1"))
            .setAdjustmentId("a-fee")
            .setReason("a fee")
            .build());
    spend(account, "10", 1);
    assertEquals(1, alerts(account).size());

    client.pay(account, "50");

    spend(account, "10", 1);
    assertEquals(1, alerts(account).size());
    spend(account, "10", 3);
    assertEquals(2, alerts(account).size());
  }

  @Test
  void spending_that_grows_is_noticed_by_its_mean() {
    String account = client.account();
    client.pay(account, "100");
    spend(account, "1", 3);
    assertEquals(List.of(), alerts(account));

    spend(account, "60", 1);

    assertEquals(1, alerts(account).size());
  }

  @Test
  void an_account_that_is_overdue_already_is_told_of_that_instead() {
    String account = client.account();

    spend(account, "10", 2);

    assertEquals(List.of(), alerts(account));
  }

  @Test
  void a_credit_limit_counts_as_days_to_come() {
    String account = client.account("USD", "1000");

    spend(account, "10", 3);

    assertEquals(List.of(), alerts(account));
  }

  @Test
  void a_product_that_does_not_ask_for_it_alerts_nobody() {
    String account = client.account();
    client.pay(account, "11");
    client.ingest(item(account, "10", client.now()));

    client.advanceTo(client.nextMorning());

    assertEquals(List.of(), alerts(account));
  }
}
