package io.arrears.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a certificate says, for a person to read. Members that are not known here are passed over.
 */
record CertificateText(List<String[]> heading, List<String[]> rows) {

  private static final String[] COLUMNS = {
    "PRODUCT", "GENERATION", "CATEGORY", "ERASED", "REPORTED"
  };

  /**
   * @param payload of a certificate whose signature is good
   * @throws IllegalStateException if it lacks what a certificate says
   */
  static CertificateText of(Map<String, Object> payload) {
    List<String[]> heading = new ArrayList<>();
    String product = text(payload, "product");
    heading.add(line("ticket", text(payload, "ticket_id")));
    heading.add(line("account", text(payload, "account_id")));
    heading.add(line("product", product.isEmpty() ? "all" : product));
    for (String step : List.of("requested", "approved")) {
      String when = text(payload, step + "_at");
      heading.add(line(step, when + " by " + text(payload, step + "_by")));
    }
    heading.add(line("completed", text(payload, "completed_at")));
    List<String[]> rows = new ArrayList<>();
    rows.add(COLUMNS);
    for (Map<?, ?> service : objects(payload, "services")) {
      rows.addAll(rows(service));
    }
    return new CertificateText(heading, rows);
  }

  private static List<String[]> rows(Map<?, ?> service) {
    List<String[]> rows = new ArrayList<>();
    String product = text(service, "product");
    String generation = text(service, "generation");
    for (Map<?, ?> category : objects(service, "categories")) {
      rows.add(
          line(
              product,
              generation,
              text(category, "name"),
              text(category, "erased_at"),
              text(category, "reported_generation")));
    }
    if (rows.isEmpty()) {
      rows.add(line(product, generation, "-", "-", "-"));
    }
    return rows;
  }

  private static String[] line(String... cells) {
    return cells;
  }

  private static String text(Map<?, ?> object, String member) {
    Object value = object.get(member);
    if (value instanceof String || value instanceof Long) {
      return Printable.text(value);
    }
    throw lacking(member);
  }

  private static List<Map<?, ?>> objects(Map<?, ?> object, String member) {
    List<Map<?, ?>> objects = new ArrayList<>();
    if (object.get(member) instanceof List<?> list) {
      for (Object each : list) {
        if (!(each instanceof Map<?, ?> map)) {
          throw lacking(member);
        }
        objects.add(map);
      }
      return objects;
    }
    throw lacking(member);
  }

  private static IllegalStateException lacking(String member) {
    return new IllegalStateException(
        "the signature is good, but what is signed is no certificate: it lacks " + member);
  }

  void print(PrintWriter out) {
    heading.forEach(line -> out.printf("%-10s %s%n", (Object[]) line));
    out.println();
    Table table = new Table();
    rows.forEach(row -> table.row((Object[]) row));
    table.print(out);
  }
}
