package io.arrears.cli;

import io.arrears.v1.GetAccountRequest;
import io.arrears.v1.RecordPaymentRequest;
import io.arrears.v1.RecordPaymentResponse;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Records a payment, and says what it changed. */
@Command(
    name = "pay",
    mixinStandardHelpOptions = true,
    description = "Records a payment of an account, in the account's currency.",
    footer = {"%nExample:", "  arrears pay acct-1 12.50 --id invoice-7"})
final class PayCommand extends RemoteCommand {

  @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Its id.")
  String account;

  @Parameters(index = "1", paramLabel = "AMOUNT", description = "For example 12.50.")
  BigDecimal amount;

  @Option(
      names = "--id",
      paramLabel = "ID",
      description =
          "The payment's own id: the same id again pays nothing twice. Default: a new one.")
  String id;

  @Override
  void run(Connection connection, PrintWriter out) {
    String currency =
        connection
            .accounts()
            .getAccount(GetAccountRequest.newBuilder().setAccountId(account).build())
            .getCurrencyCode();
    String paymentId = id == null ? UUID.randomUUID().toString() : id;
    RecordPaymentResponse paid =
        connection
            .accounts()
            .recordPayment(
                RecordPaymentRequest.newBuilder()
                    .setAccountId(account)
                    .setAmount(money(amount, currency))
                    .setPaymentId(paymentId)
                    .build());
    out.printf(
        "paid %s as %s, balance %s%n",
        Wire.text(paid.getEntry().getAmount()),
        paymentId,
        Wire.text(paid.getStatus().getBalance()));
    paid.getStatus()
        .getServicesList()
        .forEach(
            service ->
                out.printf(
                    "%s is %s%n",
                    service.getProduct(), Wire.word(service.getState(), "SERVICE_STATE_")));
  }
}
