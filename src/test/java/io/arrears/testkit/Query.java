package io.arrears.testkit;

import io.arrears.platform.DatabaseSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks into the database of a service that runs in a process of its own. */
public final class Query {

  private Query() {}

  /**
   * The rows that a statement returns, all columns as PostgreSQL writes them.
   *
   * @param url as {@code ARREARS_DB_URL} has it
   */
  public static List<List<String>> rows(String url, String sql) throws SQLException {
    Map<String, String> settings = DatabaseSettings.properties(url);
    try (Connection connection =
            DriverManager.getConnection(
                settings.get("quarkus.datasource.jdbc.url"),
                settings.get("quarkus.datasource.username"),
                settings.get("quarkus.datasource.password"));
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      int columns = found.getMetaData().getColumnCount();
      List<List<String>> rows = new ArrayList<>();
      while (found.next()) {
        List<String> row = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
          row.add(found.getString(i));
        }
        rows.add(row);
      }
      return rows;
    }
  }
}
