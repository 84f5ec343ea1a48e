package io.arrears.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.arrears.core.ServiceState;
import io.arrears.testkit.OverGrpc;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Row;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes into the database as columns comes out as the rows that were added. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class ColumnsTest extends OverGrpc {

  private static final Columns.Shape ALL =
      Columns.shape(
          "id bigint, text text, same text, state text, none timestamptz, at timestamptz,"
              + " day date, amount numeric, many int, flag boolean, bytes bytea, sparse text");

  private static final Instant AT = Instant.parse("2026-02-28T23:59:59.123456Z");

  @ParameterizedTest
  @ValueSource(ints = {1, 99, 100, 1000})
  void rows_come_out_as_they_were_added_whether_columns_are_the_same_in_all_or_not(int many) {
    Columns rows = ALL.rows();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      String sparse = i % 10 == 9 ? "value" : null;
      rows.add(
          (long) i,
          "text-" + i,
          "it's \"one\"",
          ServiceState.GRACE,
          null,
          AT,
          LocalDate.EPOCH,
          new BigDecimal("-0.001"),
          7,
          true,
          new byte[] {0, -1},
          sparse);
      expected.add(i + "|text-" + i + "|it's \"one\"|GRACE||-0.001|7|" + sparse);
    }

    List<String> found = new ArrayList<>();
    for (Row row :
        rows.query(pool(), "select n.*, $13::text as more from {rows} n order by id", "more")
            .await()
            .atMost(Duration.ofSeconds(30))) {
      assertEquals(AT, Times.fromRow(row.getOffsetDateTime("at")));
      assertEquals(LocalDate.EPOCH, row.getLocalDate("day"));
      assertEquals(true, row.getBoolean("flag"));
      assertEquals(List.of((byte) 0, (byte) -1), bytes(row.getBuffer("bytes").getBytes()));
      assertEquals("more", row.getString("more"));
      found.add(
          row.getLong("id")
              + "|"
              + row.getString("text")
              + "|"
              + row.getString("same")
              + "|"
              + row.getString("state")
              + "|"
              + (row.getOffsetDateTime("none") == null ? "" : "some")
              + "|"
              + row.getBigDecimal("amount")
              + "|"
              + row.getInteger("many")
              + "|"
              + row.getString("sparse"));
    }
    assertEquals(expected, found);
  }

  private static List<Byte> bytes(byte[] bytes) {
    List<Byte> list = new ArrayList<>();
    for (byte each : bytes) {
      list.add(each);
    }
    return list;
  }
}
