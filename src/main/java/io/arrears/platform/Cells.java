package io.arrears.platform;

import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/**
 * A row's columns, read one after the other: where rows come by the thousand, looking each column
 * up by its name costs more than reading it. Every value may be null.
 */
public final class Cells {

  private final Row row;
  private int next;

  private Cells(Row row, int first) {
    this.row = row;
    this.next = first;
  }

  /** From this column on. */
  public static Cells of(Row row, String first) {
    return new Cells(row, row.getColumnIndex(first));
  }

  public String text() {
    return row.getString(next++);
  }

  public Long number() {
    return row.getLong(next++);
  }

  public Integer integer() {
    return row.getInteger(next++);
  }

  public Boolean flag() {
    return row.getBoolean(next++);
  }

  public BigDecimal decimal() {
    return row.getBigDecimal(next++);
  }

  public LocalDate date() {
    return row.getLocalDate(next++);
  }

  public Instant time() {
    return Times.fromRow(row.getOffsetDateTime(next++));
  }

  public byte[] bytes() {
    Buffer buffer = row.getBuffer(next++);
    return buffer == null ? null : buffer.getBytes();
  }
}
