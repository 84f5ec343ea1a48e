package io.arrears.platform;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.sqlclient.data.Numeric;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Rows turned into one array a column, the form in which thousands travel in a statement: {@code …
 * from unnest($1::text[], $2::numeric[], …)}.
 */
public final class Columns {

  /** A column's type, and the array of it: a native executable makes none by reflection. */
  public enum Type {
    TEXT(String[]::new),
    LONG(Long[]::new),
    INT(Integer[]::new),
    BOOLEAN(Boolean[]::new),
    DATE(LocalDate[]::new),
    TIMESTAMP(OffsetDateTime[]::new),
    NUMERIC(Numeric[]::new),
    BYTES(Buffer[]::new);

    @SuppressWarnings("ImmutableEnumChecker") // A constructor reference.
    private final IntFunction<Object[]> array;

    Type(IntFunction<Object[]> array) {
      this.array = array;
    }
  }

  private final Type[] types;
  private final List<Object[]> rows = new ArrayList<>();

  public Columns(Type... types) {
    this.types = types;
  }

  /** One row, a value a column; values may be null. Instants, decimals, enums and bytes convert. */
  public void add(Object... row) {
    for (int i = 0; i < row.length; i++) {
      row[i] = carried(row[i]);
    }
    rows.add(row);
  }

  private static Object carried(Object value) {
    if (value instanceof BigDecimal decimal) {
      return Numeric.create(decimal);
    } else if (value instanceof Instant instant) {
      return Times.toRow(instant);
    } else if (value instanceof byte[] bytes) {
      return Buffer.buffer(bytes);
    }
    return value instanceof Enum<?> constant ? constant.name() : value;
  }

  public int size() {
    return rows.size();
  }

  /** Runs a statement over the rows and says how many it changed; no rows, and it is not sent. */
  public Uni<Integer> execute(SqlConnection connection, String sql) {
    return rows.isEmpty()
        ? Uni.createFrom().item(0)
        : connection.preparedQuery(sql).execute(tuple()).map(result -> result.rowCount());
  }

  /** One array a column. */
  public Tuple tuple() {
    Tuple tuple = Tuple.tuple();
    for (int i = 0; i < types.length; i++) {
      Object[] column = types[i].array.apply(rows.size());
      for (int row = 0; row < column.length; row++) {
        column[row] = rows.get(row)[i];
      }
      tuple.addValue(column);
    }
    return tuple;
  }
}
