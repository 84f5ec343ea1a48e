package io.arrears.api;

import static io.arrears.testkit.Client.item;
import static io.arrears.testkit.Client.service;
import static io.arrears.testkit.Client.usd;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.FieldMask;
import io.arrears.testkit.OverGrpc;
import io.arrears.v1.Account;
import io.arrears.v1.AccountStatus;
import io.arrears.v1.BatchGetAccountStatusRequest;
import io.arrears.v1.BatchGetAccountStatusResponse;
import io.arrears.v1.Contact;
import io.arrears.v1.CreateAccountRequest;
import io.arrears.v1.GetAccountRequest;
import io.arrears.v1.ListAccountsRequest;
import io.arrears.v1.ListAccountsResponse;
import io.arrears.v1.RecordPaymentRequest;
import io.arrears.v1.ServiceState;
import io.arrears.v1.UpdateAccountRequest;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class AccountsOverGrpcTest extends OverGrpc {

  private Account update(Account account, String... paths) {
    return client.accounts.updateAccount(
        UpdateAccountRequest.newBuilder()
            .setAccount(account)
            .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of(paths)))
            .build());
  }

  private Account get(String account) {
    return client.accounts.getAccount(GetAccountRequest.newBuilder().setAccountId(account).build());
  }

  @Test
  void an_account_is_created_as_it_was_asked_for_and_the_same_again_returns_it() {
    CreateAccountRequest request =
        CreateAccountRequest.newBuilder()
            .setAccount(
                Account.newBuilder()
                    .setAccountId("a/b:c@d.e_f-" + client.account())
                    .setCurrencyCode("USD")
                    .setCreditLimit(usd("10"))
                    .setFrozen(usd("1.5"))
                    .setLocale("zh-CN")
                    .setRegion("eu")
                    .setContact(
                        Contact.newBuilder()
                            .setEmail("a@example.com")
                            .setWebhookUrl("https://example.com/hook")))
            .build();

    Account created = client.accounts.createAccount(request);

    assertEquals(
        request.getAccount(),
        created.toBuilder().clearTier().clearCreateTime().clearUpdateTime().build());
    assertEquals("standard", created.getTier());
    assertEquals(created, client.accounts.createAccount(request));
    assertEquals(created, get(created.getAccountId()));
  }

  @Test
  void an_update_changes_what_its_mask_names_and_nothing_else() {
    String id = client.account();
    Account wanted =
        Account.newBuilder()
            .setAccountId(id)
            .setTier("key-customer")
            .setRegion("us")
            .setContact(Contact.newBuilder().setEmail("b@example.com"))
            .build();

    Account updated = update(wanted, "tier", "contact.email");

    assertEquals("key-customer", updated.getTier());
    assertEquals("b@example.com", updated.getContact().getEmail());
    assertEquals("", updated.getRegion());
    assertEquals(updated, get(id));
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> update(wanted, "currency_code"));
    assertTrue(refused.getMessage().contains("update_mask"), refused.getMessage());
  }

  @Test
  void a_lower_credit_limit_makes_the_account_overdue_and_a_higher_one_clears_it() {
    String id = client.account("USD", "5");
    client.ingest(item(id, "4", client.now()));
    client.advanceTo(client.nextMorning());
    assertFalse(client.status(id).hasArrears());

    update(
        Account.newBuilder().setAccountId(id).setCreditLimit(usd("3.99")).build(), "credit_limit");
    AccountStatus lower = client.status(id);
    update(Account.newBuilder().setAccountId(id).setCreditLimit(usd("4")).build(), "credit_limit");

    assertEquals(usd("0.01"), lower.getArrears().getAmountDue());
    assertEquals(ServiceState.SERVICE_STATE_OVERDUE, service(lower, "css").getState());
    assertEquals(List.of("OVERDUE", "ACTIVE"), client.states(id));
  }

  @Test
  void statuses_come_in_the_order_asked_for_and_unknown_ids_are_listed() {
    String one = client.account();
    String two = client.account();

    BatchGetAccountStatusResponse batch =
        client.accounts.batchGetAccountStatus(
            BatchGetAccountStatusRequest.newBuilder()
                .addAllAccountIds(List.of(two, "nobody", one, two))
                .build());

    assertEquals(
        List.of(two, one, two),
        batch.getAccountsList().stream().map(AccountStatus::getAccountId).toList());
    assertEquals(List.of("nobody"), batch.getUnknownAccountIdsList());
  }

  @Test
  void accounts_are_listed_by_state_and_product_page_by_page() {
    List<String> overdue = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      String id = client.account();
      client.ingest(item(id, "1", client.now()).setProduct("cos"));
      overdue.add(id);
    }
    client.account();
    client.advanceTo(client.nextMorning());

    List<String> listed =
        listed(
            ListAccountsRequest.newBuilder()
                .addStates(ServiceState.SERVICE_STATE_GRACE)
                .setProduct("cos")
                .setOverdueOnly(true),
            2);

    assertTrue(listed.containsAll(overdue), listed.toString());
  }

  /** All pages, each account once and in the order of the ids. */
  private List<String> listed(ListAccountsRequest.Builder request, int pageSize) {
    List<String> listed = new ArrayList<>();
    request.setPageSize(pageSize).clearPageToken();
    ListAccountsResponse page;
    do {
      page = client.accounts.listAccounts(request.build());
      assertTrue(page.getAccountsCount() <= pageSize);
      page.getAccountsList().forEach(status -> listed.add(status.getAccountId()));
      request.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty());
    assertEquals(listed.stream().distinct().sorted().toList(), listed);
    return listed;
  }

  /** Whether an account is what is asked for. */
  private static boolean matches(AccountStatus status, ListAccountsRequest filter) {
    boolean service =
        status.getServicesList().stream()
            .anyMatch(
                each ->
                    (filter.getStatesCount() == 0
                            || filter.getStatesList().contains(each.getState()))
                        && (filter.getProduct().isEmpty()
                            || filter.getProduct().equals(each.getProduct())));
    boolean any = filter.getStatesCount() == 0 && filter.getProduct().isEmpty();
    return (any || service) && (!filter.getOverdueOnly() || status.hasArrears());
  }

  @Test
  void each_filter_lists_the_accounts_that_match_it_whatever_the_pages() {
    List<String> own = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String id = i % 2 == 0 ? client.account() : client.account("USD", "100");
      own.add(id);
      for (String product : List.of("cos", "css").subList(0, i % 3)) {
        client.ingest(item(id, "1", client.now()).setProduct(product));
      }
      if (i % 4 == 3) {
        client.ingest(item(id, "1", client.now()).setProduct("css"));
      }
    }
    client.advanceTo(client.nextMorning());
    List<AccountStatus> statuses =
        client
            .accounts
            .batchGetAccountStatus(
                BatchGetAccountStatusRequest.newBuilder().addAllAccountIds(own).build())
            .getAccountsList();

    ServiceState active = ServiceState.SERVICE_STATE_ACTIVE;
    ServiceState grace = ServiceState.SERVICE_STATE_GRACE;
    for (List<ServiceState> states :
        List.of(List.<ServiceState>of(), List.of(grace), List.of(active, grace))) {
      for (String product : List.of("", "cos")) {
        for (boolean overdueOnly : new boolean[] {false, true}) {
          ListAccountsRequest.Builder filter =
              ListAccountsRequest.newBuilder()
                  .addAllStates(states)
                  .setProduct(product)
                  .setOverdueOnly(overdueOnly);
          List<String> expected =
              statuses.stream()
                  .filter(status -> matches(status, filter.build()))
                  .map(AccountStatus::getAccountId)
                  .sorted()
                  .toList();
          assertFalse(expected.isEmpty(), filter.toString());

          for (int pageSize : new int[] {1, 7}) {
            List<String> listed = new ArrayList<>(listed(filter, pageSize));
            listed.retainAll(own);
            assertEquals(expected, listed, filter.toString());
          }
        }
      }
    }
  }

  @Test
  void callers_name_themselves_and_are_anonymous_otherwise() {
    String id = client.account();
    Metadata headers = new Metadata();
    headers.put(Caller.ACTOR, "help-desk:mei");
    RecordPaymentRequest.Builder payment =
        RecordPaymentRequest.newBuilder().setAccountId(id).setAmount(usd("1"));

    String named =
        client
            .accounts
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
            .recordPayment(payment.setPaymentId("1").build())
            .getEntry()
            .getActor();
    String unnamed =
        client.accounts.recordPayment(payment.setPaymentId("2").build()).getEntry().getActor();

    assertEquals("help-desk:mei", named);
    assertEquals("anonymous", unnamed);
  }
}
