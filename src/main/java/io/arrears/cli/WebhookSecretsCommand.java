package io.arrears.cli;

import io.arrears.v1.GetWebhookSecretsRequest;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Tells what webhooks to an account are signed with. */
@Command(
    name = "webhook-secrets",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the secrets that webhooks to an account are signed with, the newest first.",
      "Give them to the account's owner and to nobody else."
    },
    footer = {"%nExample:", "  arrears webhook-secrets acct-1"})
final class WebhookSecretsCommand extends RemoteCommand {

  @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Its id.")
  String account;

  @Override
  void run(Connection connection, PrintWriter out) {
    connection
        .accounts()
        .getWebhookSecrets(GetWebhookSecretsRequest.newBuilder().setAccountId(account).build())
        .getSecretsList()
        .forEach(out::println);
  }
}
