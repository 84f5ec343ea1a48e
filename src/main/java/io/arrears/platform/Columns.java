package io.arrears.platform;

import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.sqlclient.data.Numeric;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Rows turned into columns, the form in which thousands travel in a statement: {@code … from {rows}
 * n} reads them as a table of these columns. Each is a parameter, in their order: an array, or in
 * many rows a single value where it is the same in all of them. PostgreSQL spends a third of a
 * microsecond on every element of an array.
 *
 * <p>A table is looked into by {@code {rows} n cross join lateral (select … limit 1)}, which takes
 * its index for each row. A plain join that was planned while the table was empty would read all of
 * it until somebody analyses it.
 */
public final class Columns {

  private static final String ROWS = "{rows}";

  /** As many rows are worth a statement of their own. */
  private static final int MANY = 100;

  /** A column's type, and the array of it: a native executable makes none by reflection. */
  private enum Type {
    TEXT(String[]::new),
    BIGINT(Long[]::new),
    INT(Integer[]::new),
    BOOLEAN(Boolean[]::new),
    DATE(LocalDate[]::new),
    TIMESTAMPTZ(OffsetDateTime[]::new),
    NUMERIC(Numeric[]::new),
    BYTEA(Buffer[]::new);

    @SuppressWarnings("ImmutableEnumChecker") // A constructor reference.
    private final IntFunction<Object[]> array;

    Type(IntFunction<Object[]> array) {
      this.array = array;
    }
  }

  private record Column(String name, Type type) {

    static Column of(String text) {
      String[] words = text.strip().split(" ", 2);
      return new Column(words[0], Type.valueOf(words[1].toUpperCase(Locale.ROOT)));
    }

    String typed(int number, String suffix) {
      return "$" + number + "::" + type.name().toLowerCase(Locale.ROOT) + suffix;
    }
  }

  /** The names and types of columns. */
  public static final class Shape {
    private final List<Column> columns;

    /** Statements over few rows: to put one together takes as long as to send it. */
    private final Map<String, String> few = new ConcurrentHashMap<>();

    private Shape(List<Column> columns) {
      this.columns = columns;
    }

    /** No rows yet. */
    public Columns rows() {
      return new Columns(this);
    }

    /** {@code account_id, sequence, …} */
    public String names() {
      return columns.stream().map(Column::name).collect(Collectors.joining(", "));
    }
  }

  /** Columns as SQL names them: {@code account_id text, sequence bigint, …} */
  public static Shape shape(String columns) {
    return new Shape(Arrays.stream(columns.split(",", -1)).map(Column::of).toList());
  }

  private final Shape shape;
  private final List<Object[]> rows = new ArrayList<>();

  private Columns(Shape shape) {
    this.shape = shape;
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
  public Uni<Integer> execute(SqlClient client, String sql, Object... more) {
    return rows.isEmpty()
        ? Uni.createFrom().item(0)
        : query(client, sql, more).map(result -> result.rowCount());
  }

  /**
   * What a statement over the rows returns.
   *
   * @param more parameters, after those of the columns
   */
  public Uni<RowSet<Row>> query(SqlClient client, String sql, Object... more) {
    boolean[] same = new boolean[shape.columns.size()];
    boolean many = rows.size() >= MANY;
    for (int i = 1; i < same.length; i++) {
      same[i] = many && same(i);
    }
    Tuple tuple = Tuple.tuple();
    for (int i = 0; i < same.length; i++) {
      tuple.addValue(same[i] ? rows.get(0)[i] : array(i));
    }
    for (Object value : more) {
      tuple.addValue(carried(value));
    }
    String text =
        many
            ? sql.replace(ROWS, table(same))
            : shape.few.computeIfAbsent(sql, plain -> plain.replace(ROWS, table(same)));
    return client.preparedQuery(text).execute(tuple);
  }

  private boolean same(int column) {
    Object first = rows.get(0)[column];
    for (Object[] row : rows) {
      if (!Objects.equals(first, row[column])) {
        return false;
      }
    }
    return true;
  }

  private Object[] array(int column) {
    Object[] array = shape.columns.get(column).type().array.apply(rows.size());
    for (int row = 0; row < array.length; row++) {
      array[row] = rows.get(row)[column];
    }
    return array;
  }

  /** Which columns are the same in all rows decides about the text, and so about the plan. */
  private String table(boolean[] same) {
    StringJoiner selected = new StringJoiner(", ");
    StringJoiner arrays = new StringJoiner(", ");
    StringJoiner names = new StringJoiner(", ");
    for (int i = 0; i < same.length; i++) {
      Column column = shape.columns.get(i);
      if (same[i]) {
        selected.add(column.typed(i + 1, "") + " as " + column.name());
      } else {
        selected.add("u." + column.name());
        arrays.add(column.typed(i + 1, "[]"));
        names.add(column.name());
      }
    }
    return "(select %s from unnest(%s) as u(%s))".formatted(selected, arrays, names);
  }
}
