package io.arrears.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TableTest {

  private static String printed(Table table) {
    StringWriter out = new StringWriter();
    table.print(new PrintWriter(out, true));
    return out.toString();
  }

  @Test
  void columns_stand_below_each_other_and_the_last_one_is_as_long_as_it_likes() {
    Table table =
        new Table()
            .row("A", "LONGER", "REST")
            .row("much longer", 7, "whatever there is to say")
            .row("-", "-", "");

    assertEquals(
        """
        A            LONGER  REST
        much longer  7       whatever there is to say
        -            -       \n"""
            .replace("\\n", "\n"),
        printed(table));
  }

  @Test
  void a_note_between_two_rows_makes_no_column_wider() {
    Table table = new Table().row("A", "B").note("held until the end of the month").row("1", "2");

    assertEquals("A  B\n  held until the end of the month\n1  2\n", printed(table));
  }

  @Test
  void what_a_stranger_wrote_can_neither_move_the_cursor_nor_break_a_line() {
    assertEquals("?[2J?  b\n", printed(new Table().row("\u001b[2J\n", "b")));
  }
}
