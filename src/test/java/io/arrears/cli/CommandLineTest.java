package io.arrears.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is wrong before any service is asked. */
class CommandLineTest {

  private static void misunderstood(String message, Object... arguments) {
    Run run = Run.of(arguments);
    assertEquals(2, run.code(), run.toString());
    assertTrue(run.err().contains(message), run.err());
  }

  @Test
  void a_hold_is_of_an_account_or_of_a_cohort_and_has_one_end() {
    String scope = "Hold either an ACCOUNT, or a cohort";
    misunderstood(scope, "hold", "--for", "7d", "--reason", "r");
    misunderstood(scope, "hold", "a-1", "--region", "eu", "--for", "7d", "--reason", "r");
    misunderstood("--until=INSTANT | --for=DURATION", "hold", "a-1", "--reason", "r");
    misunderstood(
        "mutually exclusive",
        List.of(
                "hold",
                "a-1",
                "--for",
                "7d",
                "--until",
                "2024-12-01T00:00:00Z",
                "--reason",
                "no two ends")
            .toArray());
  }

  @Test
  void a_promise_is_an_amount_and_its_currency() {
    String[][] wrong = {{"ten", "USD"}, {"1e999999999", "USD"}, {"0.0000000001", "USD"}};
    for (String[] promise : wrong) {
      assertEquals(
          2,
          Run.of("hold", "a-1", "--for", "7d", "--reason", "r", "--promise", promise[0], promise[1])
              .code(),
          promise[0]);
    }
    misunderstood("--promise", "hold", "a-1", "--for", "7d", "--reason", "r", "--promise", "10");
  }

  @Test
  void a_decision_names_its_reason() {
    misunderstood("--comment", "restrict", "a-1", "--reason", "legal");
    misunderstood("--reason", "restrict", "a-1", "--comment", "c");
    misunderstood("arrears", "restrict", "a-1", "--reason", "arrears", "--comment", "c");
    misunderstood("--comment", "lift", "a-1~1");
    misunderstood("--reason", "release", "a-1~1");
    misunderstood("--reason", "deactivate", "request", "T-1", "a-1");
    misunderstood("--reason", "deactivate", "cancel", "T-1");
    misunderstood("--reason", "reopen-service", "a-1", "css");
    misunderstood("--generation", "report", "a-1", "css");
    misunderstood("--left", "package", "a-1", "css", "p-1");
  }

  @Test
  void a_group_of_commands_alone_is_not_understood() {
    misunderstood("Missing required subcommand", "deactivate");
    misunderstood("Missing required subcommand", "policy");
  }

  @Test
  void a_document_that_is_not_there_or_no_text_is_said_to_be_the_fault(@TempDir Path directory)
      throws IOException {
    Path missing = directory.resolve("missing.yaml");
    Path binary = directory.resolve("binary.yaml");
    Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe});

    assertEquals(
        new Run(2, "", "arrears: there is no file " + missing + "\n"),
        Run.of("policy", "apply", missing));
    assertEquals(
        new Run(1, "", "arrears: " + binary + " is not UTF-8 text\n"),
        Run.of("policy", "apply", binary));
  }

  @Test
  void where_nothing_answers_the_exit_code_says_so() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }

    assertEquals(3, Run.of("holds", "--server", "127.0.0.1:" + closed).code());
  }

  @Test
  void every_command_explains_itself_and_those_that_talk_to_a_service_give_an_example() {
    explained(ArrearsCommand.commandLine());
  }

  private static void explained(CommandLine command) {
    for (CommandLine each : command.getSubcommands().values()) {
      String help = each.getUsageMessage();
      assertTrue(each.getCommandSpec().usageMessage().description().length > 0, help);
      if (each.getCommand() instanceof RemoteCommand) {
        assertTrue(help.contains("Example"), help);
      }
      explained(each);
    }
  }
}
