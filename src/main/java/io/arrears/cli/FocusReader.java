package io.arrears.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The rows of a CSV file, one after the other, in little memory. A row that is malformed comes back
 * as such and does not spoil those after it, not even when its quote is never closed: that is why
 * rows are cut here and not by a parser of the whole file.
 */
final class FocusReader implements Iterator<FocusReader.Row> {

  /** A quoted field may hold line breaks, but a row longer than this has lost its quote. */
  private static final int MAX_LINES_OF_A_ROW = 100;

  private static final int BYTE_ORDER_MARK = 0xFEFF;
  private static final CSVFormat FORMAT = CSVFormat.RFC4180.builder().setTrim(true).get();

  private final BufferedReader in;
  private final Map<String, Integer> columns = new HashMap<>();

  /** Lines that were read ahead in search of a closing quote. */
  private final Deque<String> ahead = new ArrayDeque<>();

  private long line;
  private Row next;

  /**
   * One row.
   *
   * @param line where it begins
   * @param malformed what is wrong with it, or null
   */
  record Row(long line, Map<String, Integer> columns, List<String> values, String malformed) {

    /** The value of a column; empty if it is NULL, empty or not in the file. */
    String get(String column) {
      Integer index = columns.get(column);
      String value = index == null ? "" : values.get(index);
      return value.equals("NULL") || value.equals("null") ? "" : value;
    }
  }

  /**
   * Reads the columns' names.
   *
   * @throws IOException if there are none
   */
  FocusReader(BufferedReader in) throws IOException {
    this.in = in;
    String header = readLine();
    if (header == null || header.isBlank()) {
      throw new IOException("the file is empty; its first line must name the columns");
    }
    if (header.charAt(0) == BYTE_ORDER_MARK) {
      header = header.substring(1);
    }
    List<String> names = parse(header);
    for (int i = 0; i < names.size(); i++) {
      columns.put(names.get(i), i);
    }
    next = read();
  }

  boolean hasColumn(String name) {
    return columns.containsKey(name);
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Row next() {
    if (next == null) {
      throw new NoSuchElementException();
    }
    Row row = next;
    try {
      next = read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return row;
  }

  private Row read() throws IOException {
    String text = readLine();
    while (text != null && text.isBlank()) {
      text = readLine();
    }
    if (text == null) {
      return null;
    }
    long start = line;
    if (!balanced(text)) {
      String whole = closed(text);
      if (whole == null) {
        return malformed(start, "a quote is not closed");
      }
      text = whole;
    }
    try {
      List<String> values = parse(text);
      return values.size() == columns.size()
          ? new Row(start, columns, values, null)
          : malformed(
              start, "has %d columns instead of %d".formatted(values.size(), columns.size()));
    } catch (IOException | UncheckedIOException | IllegalStateException e) {
      return malformed(start, "is no CSV: " + e.getMessage());
    }
  }

  private Row malformed(long start, String why) {
    return new Row(start, columns, List.of(), why);
  }

  /** The row with the lines that belong to it; null, and those lines still to come, if none do. */
  private String closed(String first) throws IOException {
    StringBuilder whole = new StringBuilder(first);
    List<String> more = new ArrayList<>();
    while (more.size() < MAX_LINES_OF_A_ROW) {
      String text = readLine();
      if (text == null) {
        break;
      }
      more.add(text);
      whole.append('\n').append(text);
      if (!balanced(text)) {
        return whole.toString();
      }
    }
    for (int i = more.size() - 1; i >= 0; i--) {
      ahead.addFirst(more.get(i));
    }
    line -= more.size();
    return null;
  }

  private static boolean balanced(String text) {
    return text.chars().filter(c -> c == '"').count() % 2 == 0;
  }

  private String readLine() throws IOException {
    String text = ahead.isEmpty() ? in.readLine() : ahead.removeFirst();
    if (text != null) {
      line++;
    }
    return text;
  }

  private static List<String> parse(String text) throws IOException {
    try (CSVParser parser = CSVParser.parse(text, FORMAT)) {
      List<CSVRecord> records = parser.getRecords();
      if (records.size() != 1) {
        throw new IOException("it is " + records.size() + " rows");
      }
      return records.get(0).toList();
    }
  }
}
