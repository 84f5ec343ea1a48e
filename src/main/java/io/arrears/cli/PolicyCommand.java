package io.arrears.cli;

import io.arrears.v1.ApplyPolicyRequest;
import io.arrears.v1.GetPolicyRequest;
import io.arrears.v1.ListPoliciesRequest;
import io.arrears.v1.ListPoliciesResponse;
import io.arrears.v1.Policy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The rules of each product, versioned. */
@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    description = "Applies and shows the rules of products; each version is kept.",
    subcommands = {
      PolicyCommand.Apply.class,
      PolicyCommand.Show.class,
      PolicyCommand.ListAll.class
    },
    commandListHeading = "%nCommands:%n",
    footer = {
      "%nExample:",
      "  arrears policy show css > css.yaml",
      "  arrears policy apply css.yaml --validate-only"
    })
final class PolicyCommand {

  private static final int PAGE = 1000;

  private PolicyCommand() {}

  /** Adds a version. */
  @Command(
      name = "apply",
      mixinStandardHelpOptions = true,
      description = {
        "Adds the next version of a product's rules. A document with faults is refused, and each"
            + " fault is named with its line.",
        "Timers that run already keep the version they started with, unless --retroactive."
      },
      footer = {"%nExample:", "  arrears policy apply css.yaml --from 2024-12-01T00:00:00Z"})
  static final class Apply extends RemoteCommand {

    @Parameters(paramLabel = "FILE", description = "The document, YAML.")
    Path file;

    @Option(
        names = "--from",
        paramLabel = "INSTANT",
        description = "When it begins to govern, like 2024-12-01T00:00:00Z. Default: now.")
    Instant from;

    @Option(names = "--retroactive", description = "Timers that run already go by it, too.")
    boolean retroactive;

    @Option(names = "--validate-only", description = "Only checks it.")
    boolean validateOnly;

    @Override
    void run(Connection connection, PrintWriter out) throws IOException {
      ApplyPolicyRequest.Builder request =
          ApplyPolicyRequest.newBuilder()
              .setDocument(read())
              .setRetroactive(retroactive)
              .setValidateOnly(validateOnly);
      if (from != null) {
        request.setEffectiveFrom(Wire.timestamp(from));
      }
      Policy policy = connection.policies().applyPolicy(request.build());
      out.printf(
          "%s version %d of %s%s, in force from %s%n",
          validateOnly ? "valid: it would be" : "applied",
          policy.getVersion(),
          policy.getProduct(),
          policy.getRetroactive() ? ", retroactive" : "",
          Wire.text(policy.getEffectiveFrom()));
    }

    private String read() throws IOException {
      try {
        return Files.readString(file);
      } catch (CharacterCodingException e) {
        throw new IllegalStateException(file + " is not UTF-8 text", e);
      }
    }
  }

  /** Reads one version back, to the letter. */
  @Command(
      name = "show",
      description = "Prints a document as it was applied, and nothing else.",
      footer = {"%nExample:", "  arrears policy show css --version 2 > css.yaml"})
  static final class Show extends RemoteCommand {

    @Parameters(paramLabel = "PRODUCT", description = "Whose rules.")
    String product;

    @Option(
        names = "--version",
        paramLabel = "N",
        defaultValue = "0",
        description = "Which version. Default: the one in force.")
    long version;

    /** By itself: the standard options have another meaning for --version. */
    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        description = "Show this help message and exit.")
    boolean help;

    @Override
    void run(Connection connection, PrintWriter out) {
      String document =
          connection
              .policies()
              .getPolicy(
                  GetPolicyRequest.newBuilder().setProduct(product).setVersion(version).build())
              .getDocument();
      out.print(document.endsWith("\n") ? document : document + "\n");
    }
  }

  /** Lists versions. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Lists the versions of a product's rules, or of all products'.",
      footer = {"%nExample:", "  arrears policy list css"})
  static final class ListAll extends RemoteCommand {

    @Parameters(
        arity = "0..1",
        paramLabel = "PRODUCT",
        defaultValue = "",
        description = "Whose rules. Default: all.")
    String product;

    @Override
    void run(Connection connection, PrintWriter out) {
      Table table = new Table().row("PRODUCT", "VERSION", "FROM", "APPLIED");
      String token = "";
      do {
        ListPoliciesResponse page =
            connection
                .policies()
                .listPolicies(
                    ListPoliciesRequest.newBuilder()
                        .setProduct(product)
                        .setPageSize(PAGE)
                        .setPageToken(token)
                        .build());
        page.getPoliciesList().forEach(policy -> add(policy, table));
        token = page.getNextPageToken();
      } while (!token.isEmpty());
      table.print(out);
    }

    /** What comes with the service has been in force from ever. */
    private static void add(Policy policy, Table table) {
      boolean builtIn = policy.getEffectiveFrom().getSeconds() == 0;
      table.row(
          policy.getProduct(),
          policy.getVersion(),
          builtIn
              ? "ever"
              : Wire.text(policy.getEffectiveFrom())
                  + (policy.getRetroactive() ? ", retroactive" : ""),
          builtIn
              ? policy.getAppliedBy()
              : Wire.text(policy.getAppliedAt()) + " by " + policy.getAppliedBy());
    }
  }
}
