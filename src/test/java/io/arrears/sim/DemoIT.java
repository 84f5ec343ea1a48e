package io.arrears.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The demonstration, as somebody runs it who has just built the program. */
class DemoIT {

  @Test
  void the_story_goes_on_to_the_end_and_is_the_one_that_the_readme_tells() throws Exception {
    String output = ServiceProcess.output(Map.of(), "demo");

    assertTrue(output.startsWith("0: 1,000 lines of real bills"), output);
    for (String told :
        List.of(
            "1.00 USD in vain: css stays banned",
            "css: service-logs cannot be erased: a volume is offline",
            "vod: started by alice, ticket ",
            "102 active, 1 banned, 9 cleared",
            "the books agree: ",
            "every product has done what it should",
            ": kept",
            ": valid, signed with key ")) {
      assertTrue(output.contains(told), () -> "'" + told + "' is not in\n" + output);
    }
    for (String line : shownInReadme()) {
      assertTrue(output.contains(line), () -> "'" + line + "' is not in\n" + output);
    }
    assertEquals(List.of(), output.lines().filter(line -> line.contains("ERROR")).toList());
  }

  /** Its lines but those that leave something out. */
  private static List<String> shownInReadme() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String block = readme.substring(readme.indexOf("./arrears demo\n"));
    List<String> lines =
        block
            .substring(0, block.indexOf("```"))
            .lines()
            .skip(1)
            .filter(line -> !line.isBlank() && !line.contains("…"))
            .toList();
    assertTrue(lines.size() > 10, lines.toString());
    return lines;
  }
}
