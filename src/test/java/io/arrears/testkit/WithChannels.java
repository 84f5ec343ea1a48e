package io.arrears.testkit;

import com.google.protobuf.FieldMask;
import io.arrears.v1.Account;
import io.arrears.v1.AdjustBalanceRequest;
import io.arrears.v1.Contact;
import io.arrears.v1.CreateAccountRequest;
import io.arrears.v1.GetWebhookSecretsRequest;
import io.arrears.v1.Job;
import io.arrears.v1.JobRun;
import io.arrears.v1.UpdateAccountRequest;
import io.vertx.mutiny.sqlclient.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** A test in which customers are told, by a real mail server and to real servers of their own. */
public abstract class WithChannels extends OverGrpc {

  /** Two keys, because one day they are changed. */
  static final String KEYS =
      "whsec_bmV3IGtleSBvZiB3ZWJob29rcywgZm9yIHRlc3Rz,"
          + "whsec_b2xkIGtleSBvZiB3ZWJob29rcywgZm9yIHRlc3Rz";

  /** On a virtual clock, with little patience. */
  public static class Channels extends VirtualTime {
    @Override
    public Map<String, String> getConfigOverrides() {
      Map<String, String> settings = new HashMap<>(super.getConfigOverrides());
      settings.putAll(channels());
      return settings;
    }

    @Override
    public List<TestResourceEntry> testResources() {
      return List.of(new TestResourceEntry(MailBox.class));
    }
  }

  static Map<String, String> channels() {
    return Map.of(
        "arrears.webhooks.allowed-hosts", "127.0.0.1",
        "arrears.webhook.keys", KEYS,
        "arrears.deliveries.timeout", "1s");
  }

  private final List<HttpReceiver> receivers = new ArrayList<>();

  @AfterEach
  void closeReceivers() throws Exception {
    for (HttpReceiver receiver : receivers) {
      receiver.close();
    }
  }

  protected final HttpReceiver receiver(HttpReceiver.Behaviour behaviour) throws Exception {
    HttpReceiver receiver = HttpReceiver.start(behaviour);
    receivers.add(receiver);
    return receiver;
  }

  protected final String account(Contact.Builder contact) {
    return account(Account.newBuilder().setContact(contact));
  }

  /** A new account in USD with no credit. */
  protected final String account(Account.Builder account) {
    String id = "acct-" + UUID.randomUUID();
    client.accounts.createAccount(
        CreateAccountRequest.newBuilder()
            .setAccount(account.setAccountId(id).setCurrencyCode("USD"))
            .build());
    return id;
  }

  protected static Contact.Builder webhook(HttpReceiver receiver) {
    return Contact.newBuilder().setWebhookUrl(receiver.url("/hook"));
  }

  protected final void contact(String account, Contact.Builder contact) {
    client.accounts.updateAccount(
        UpdateAccountRequest.newBuilder()
            .setAccount(Account.newBuilder().setAccountId(account).setContact(contact))
            .setUpdateMask(FieldMask.newBuilder().addPaths("contact"))
            .build());
  }

  /** Overdue from now on; what is to be told of it waits until time moves or the job runs. */
  protected final void owes(String account, String amount) {
    client.accounts.adjustBalance(
        AdjustBalanceRequest.newBuilder()
            .setAccountId(account)
            .setAmount(Client.usd("-" + amount))
            .setAdjustmentId(UUID.randomUUID().toString())
            .setReason("a fee")
            .build());
  }

  protected final JobRun deliver() {
    return client.run(Job.JOB_NOTIFICATIONS);
  }

  protected final List<String> secrets(String account) {
    return client
        .accounts
        .getWebhookSecrets(GetWebhookSecretsRequest.newBuilder().setAccountId(account).build())
        .getSecretsList();
  }

  /** The outbox of an account: {@code OVERDUE EMAIL SENT}. */
  protected final List<String> outbox(String account) {
    List<String> rows = new ArrayList<>();
    for (Row row :
        sql(
            "select rung || ' ' || channel || ' ' || state from notification where account_id = '"
                + account
                + "' order by at, rung, channel")) {
      rows.add(row.getString(0));
    }
    return rows;
  }
}
