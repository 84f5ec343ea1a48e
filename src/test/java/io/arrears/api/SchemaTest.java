package io.arrears.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.arrears.testkit.OverGrpc;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class SchemaTest extends OverGrpc {

  /** Ids are no words: see ADR 12. */
  @Test
  void all_text_is_ordered_by_its_bytes() {
    List<String> otherwise =
        sql(
                "select c.relname || '.' || a.attname from pg_attribute a"
                    + " join pg_class c on c.oid = a.attrelid"
                    + " where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')"
                    + " and c.relname <> 'flyway_schema_history' and a.attnum > 0"
                    + " and a.atttypid = 'text'::regtype and a.attcollation <> '\"C\"'::regcollation"
                    + " order by 1")
            .stream()
            .map(row -> row.getString(0))
            .toList();

    assertEquals(List.of(), otherwise);
  }
}
