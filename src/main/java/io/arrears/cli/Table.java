package io.arrears.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows whose columns stand below each other, whatever strangers wrote into them. */
final class Table {

  private static final String GAP = "  ";

  private final List<String[]> rows = new ArrayList<>();

  Table row(Object... cells) {
    String[] row = new String[cells.length];
    for (int i = 0; i < cells.length; i++) {
      row[i] = Printable.text(cells[i]);
    }
    rows.add(row);
    return this;
  }

  /** A line between two rows, which no column is made wider for. */
  Table note(String text) {
    return row(GAP + text);
  }

  void print(PrintWriter out) {
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.length - 1; column++) {
        line.append(row[column])
            .append(" ".repeat(width(column) - row[column].length()))
            .append(GAP);
      }
      out.println(line.append(row[row.length - 1]));
    }
  }

  /** The last cell of a row goes on as far as it likes. */
  private int width(int column) {
    return rows.stream()
        .filter(row -> row.length > column + 1)
        .mapToInt(row -> row[column].length())
        .max()
        .orElse(0);
  }
}
