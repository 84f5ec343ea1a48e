package io.arrears.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What a command said, and how it ended. */
record Run(int code, String out, String err) {

  static Run of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        ArrearsCommand.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    String[] line = new String[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      line[i] = arguments[i].toString();
    }
    return new Run(command.execute(line), out.toString(), err.toString());
  }

  /** The rest of the line that begins with a word. */
  String after(String word) {
    return out.lines()
        .filter(line -> line.startsWith(word + " "))
        .map(line -> line.substring(word.length()).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line '" + word + "' in " + this));
  }
}
