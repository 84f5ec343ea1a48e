package io.arrears.cli;

import static io.arrears.testkit.Client.amount;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.OverGrpc;
import io.arrears.v1.ListAccountsRequest;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** Real bills, as the command takes them in. */
@QuarkusTest
@TestProfile(FocusSampleTest.AfterTheMonth.class)
class FocusSampleTest extends OverGrpc {

  /** The month of the sample is over. */
  public static class AfterTheMonth implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("arrears.clock", "virtual", "arrears.clock.start", "2024-10-01T12:00:00Z");
    }
  }

  private static final Path SAMPLE = Path.of("src/main/resources/samples/focus_sample.csv");

  @Test
  void imported_twice_it_gives_the_same_balances_and_bills_that_equal_its_lines()
      throws IOException {
    assertEquals(0, importSample());
    Map<String, BigDecimal> once = balances();
    assertEquals(0, importSample());
    assertEquals(once, balances());

    client.advanceTo(client.nextMorning());

    Map<String, BigDecimal> exact = new TreeMap<>();
    for (CSVRecord line : usage()) {
      exact.merge(
          line.get("SubAccountId"), new BigDecimal(line.get("BilledCost")), BigDecimal::add);
    }
    int bills = 0;
    for (String account : once.keySet()) {
      BigDecimal billedExactly = BigDecimal.ZERO;
      BigDecimal billed = BigDecimal.ZERO;
      for (var bill : client.bills(account)) {
        billedExactly = billedExactly.add(new BigDecimal(bill.getExactAmount().getValue()));
        billed = billed.add(amount(bill.getAmount()));
        bills++;
      }
      assertEquals(
          0, exact.getOrDefault(account, BigDecimal.ZERO).compareTo(billedExactly), account);
      assertEquals(
          once.get(account).subtract(billed).stripTrailingZeros(),
          balances().get(account),
          account);
    }
    assertTrue(bills > 300, bills + " bills");
    BigDecimal rounding =
        sql("select sum(abs(amount - exact_amount)) from bill").iterator().next().getBigDecimal(0);
    assertTrue(rounding.compareTo(new BigDecimal("0.005").multiply(new BigDecimal(bills))) <= 0);
  }

  private static int importSample() {
    int port = ConfigProvider.getConfig().getValue("quarkus.grpc.server.test-port", Integer.class);
    return ArrearsCommand.execute(
        "import",
        SAMPLE.toString(),
        "--format",
        "focus",
        "--starting-balance",
        "0.50",
        "--server",
        "127.0.0.1:" + port);
  }

  private Map<String, BigDecimal> balances() {
    Map<String, BigDecimal> balances = new TreeMap<>();
    client
        .accounts
        .listAccounts(ListAccountsRequest.newBuilder().setPageSize(1000).build())
        .getAccountsList()
        .forEach(status -> balances.put(status.getAccountId(), amount(status.getBalance())));
    return balances;
  }

  private static List<CSVRecord> usage() throws IOException {
    try (CSVParser lines =
        CSVFormat.DEFAULT
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .get()
            .parse(Files.newBufferedReader(SAMPLE, StandardCharsets.UTF_8))) {
      return lines.getRecords().stream()
          .filter(line -> line.get("ChargeCategory").equals("Usage"))
          .toList();
    }
  }
}
