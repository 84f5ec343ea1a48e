package io.arrears.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the lines of a FOCUS 1.0 file mean. */
class FocusMapperTest {

  private static final String HEADER =
      "BilledCost,BillingCurrency,ChargeCategory,ChargeDescription,ChargePeriodEnd,"
          + "ChargePeriodStart,ConsumedQuantity,ConsumedUnit,ServiceCategory,Id,ServiceName,"
          + "SkuId,SubAccountId\n";
  private static final ProductMapping PRODUCTS =
      new ProductMapping(Map.of("Storage", "cos", "Amazon CloudFront", "vod"), "css");

  private static String row(
      String cost, String category, String id, String service, String account) {
    return String.join(
        ",",
        cost,
        "USD",
        category,
        "\"Two hours, live\"",
        "\"2024-09-18 23:00:00\"",
        "\"2024-09-18 22:00:00\"",
        "2.000",
        "Hours",
        service.equals("S3") ? "Storage" : "Compute",
        id,
        service,
        "NULL",
        account + "\n");
  }

  private static List<FocusLine> lines(String text) throws IOException {
    FocusReader reader = new FocusReader(new BufferedReader(new StringReader(text)));
    FocusMapper mapper = new FocusMapper(PRODUCTS);
    List<FocusLine> lines = new ArrayList<>();
    reader.forEachRemaining(row -> lines.add(mapper.map(row)));
    return lines;
  }

  private static FocusLine line(String row) throws IOException {
    return lines(HEADER + row).get(0);
  }

  private static FocusLine.Refused refused(String row) throws IOException {
    return assertInstanceOf(FocusLine.Refused.class, line(row));
  }

  @Test
  @DisplayName("usage becomes an item with the exact cost, of the day on which it was used")
  void usage() throws IOException {
    FocusLine line = line(row("0.00000080000", "Usage", "11472", "EC2", "51738928782"));

    assertEquals(
        new FocusLine.Usage(
            2,
            "51738928782",
            "USD",
            "11472",
            "css",
            "EC2",
            new BigDecimal("0.00000080000"),
            Instant.parse("2024-09-18T22:00:00Z"),
            Instant.parse("2024-09-18T22:59:59.999999Z"),
            "2",
            "Hours"),
        line);
  }

  @Test
  @DisplayName("taxes and purchases are items, as usage is")
  void taxesAndPurchases() throws IOException {
    assertInstanceOf(FocusLine.Usage.class, line(row("1", "Tax", "1", "EC2", "a")));
    assertInstanceOf(FocusLine.Usage.class, line(row("1", "Purchase", "1", "EC2", "a")));
  }

  @Test
  @DisplayName("the product follows from the service's name, else its category, else the default")
  void products() throws IOException {
    assertEquals("vod", product(row("1", "Usage", "1", "Amazon CloudFront", "a")));
    assertEquals("cos", product(row("1", "Usage", "1", "S3", "a")));
    assertEquals("css", product(row("1", "Usage", "1", "EC2", "a")));
  }

  private static String product(String row) throws IOException {
    return assertInstanceOf(FocusLine.Usage.class, line(row)).product();
  }

  @Test
  @DisplayName("a credit raises the balance by its cost, half up to the minor unit")
  void credit() throws IOException {
    FocusLine.Correction credit =
        assertInstanceOf(
            FocusLine.Correction.class, line(row("-2.615", "Credit", "7", "EC2", "a")));

    assertEquals(new BigDecimal("2.615"), credit.exact());
    assertEquals(new BigDecimal("2.62"), credit.amount());
    assertEquals("Two hours, live", credit.reason());
  }

  @Test
  @DisplayName("an adjustment that costs lowers the balance")
  void adjustment() throws IOException {
    FocusLine.Correction adjustment =
        assertInstanceOf(
            FocusLine.Correction.class, line(row("0.192", "Adjustment", "7", "EC2", "a")));

    assertEquals(new BigDecimal("-0.19"), adjustment.amount());
  }

  @Test
  @DisplayName("a credit below half a cent rounds to zero and says what it was")
  void roundedToZero() throws IOException {
    FocusLine.Correction credit =
        assertInstanceOf(
            FocusLine.Correction.class, line(row("-0.0049", "Credit", "7", "EC2", "a")));

    assertEquals(0, credit.amount().signum());
    assertEquals(new BigDecimal("0.0049"), credit.exact());
  }

  @Test
  @DisplayName("a line without an id gets the same id each time, and another line another")
  void hashedIds() throws IOException {
    String first = itemId(row("1", "Usage", "NULL", "EC2", "a"));

    assertEquals(first, itemId(row("1", "Usage", "NULL", "EC2", "a")));
    assertNotEquals(first, itemId(row("2", "Usage", "NULL", "EC2", "a")));
    assertTrue(first.length() <= 128, first);
  }

  private static String itemId(String row) throws IOException {
    return assertInstanceOf(FocusLine.Usage.class, line(row)).itemId();
  }

  @Test
  @DisplayName("ISO timestamps with an offset are read as well")
  void isoTimes() throws IOException {
    String row =
        row("1", "Usage", "1", "EC2", "a")
            .replace("2024-09-18 22:00:00", "2024-09-19T06:00:00+08:00");

    assertEquals(
        Instant.parse("2024-09-18T22:00:00Z"),
        assertInstanceOf(FocusLine.Usage.class, line(row)).start());
  }

  @Test
  @DisplayName("what cannot be taken in is refused with its own reason")
  void refusals() throws IOException {
    assertEquals("ACCOUNT_ID", refused(row("1", "Usage", "1", "EC2", "no spaces")).reason());
    assertEquals("ACCOUNT_ID", refused(row("1", "Usage", "1", "EC2", "NULL")).reason());
    assertEquals("ACCOUNT_ID", refused(row("1", "Usage", "1", "EC2", "a".repeat(129))).reason());
    assertEquals("COST", refused(row("much", "Usage", "1", "EC2", "a")).reason());
    assertEquals("COST", refused(row("1e999999999", "Usage", "1", "EC2", "a")).reason());
    assertEquals("CHARGE_CATEGORY", refused(row("1", "Gift", "1", "EC2", "a")).reason());
    assertEquals(
        "TIME",
        refused(row("1", "Usage", "1", "EC2", "a").replace("2024-09-18 23", "2024-13-18 23"))
            .reason());
  }

  @Test
  @DisplayName("a malformed row is refused and does not spoil those after it")
  void malformedRows() throws IOException {
    List<FocusLine> lines =
        lines(
            HEADER
                + "1,USD,Usage\n"
                + row("1", "Usage", "\"1", "EC2", "a")
                + "1,\"US\"D,x,x,x,x,x,x,x,x,x,x,x\n"
                + row("1", "Usage", "2", "EC2", "a"));

    assertEquals(
        List.of("MALFORMED_ROW", "MALFORMED_ROW", "MALFORMED_ROW"),
        lines.subList(0, 3).stream().map(l -> ((FocusLine.Refused) l).reason()).toList());
    assertEquals(5, assertInstanceOf(FocusLine.Usage.class, lines.get(3)).line());
  }

  @Test
  @DisplayName("a quoted field may hold line breaks")
  void lineBreaks() throws IOException {
    List<FocusLine> lines =
        lines(
            HEADER
                + row("-1", "Credit", "1", "EC2", "a").replace("hours, ", "hours,\n ")
                + row("1", "Usage", "2", "EC2", "a"));

    assertEquals(
        "Two hours,  live", assertInstanceOf(FocusLine.Correction.class, lines.get(0)).reason());
    assertEquals(4, lines.get(1).line());
  }

  @Test
  @DisplayName("a file that lacks a column without which nothing can be read is refused at once")
  void missingColumn() throws IOException {
    FocusReader reader =
        new FocusReader(new BufferedReader(new StringReader("Cost,Currency\n1,USD\n")));

    assertThrows(IOException.class, () -> FocusMapper.check(reader));
  }
}
