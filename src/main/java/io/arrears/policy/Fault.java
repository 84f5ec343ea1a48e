package io.arrears.policy;

import java.io.Serializable;

/**
 * Something wrong with a policy document.
 *
 * @param line counted from 1; 0 where no line is to blame
 * @param path keys from the top, for example {@code stages[0].after}; empty for the document itself
 * @param message what would be right, as the rest of a sentence that begins with the path
 */
public record Fault(int line, String path, String message) implements Serializable {

  /** For a person: {@code line 7: grace.length must be ...}. */
  @Override
  public String toString() {
    return (line == 0 ? "" : "line " + line + ": ")
        + (path.isEmpty() ? "the document" : path)
        + " "
        + message;
  }
}
