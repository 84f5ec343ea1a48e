package io.arrears.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/states.md} is what the transition table says. */
class StatesDocumentTest {

  private static final Path DOCUMENT = Path.of("docs", "states.md");

  @Test
  void theDocumentOfTheStatesIsGeneratedFromTheTransitionTable() throws IOException {
    if (Boolean.getBoolean("states.write")) {
      Files.writeString(DOCUMENT, StatesDocument.text());
    }

    assertEquals(
        StatesDocument.text(),
        Files.readString(DOCUMENT),
        "docs/states.md is stale; write it anew with: " + StatesDocument.REFRESH);
  }
}
