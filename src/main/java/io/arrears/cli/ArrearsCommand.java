package io.arrears.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The {@code arrears} command. Exit codes: 0 done, 1 the server refused or the work failed, 2 the
 * command was not understood, 3 the server cannot be reached.
 */
@Command(
    name = "arrears",
    description = "Talks to an Arrears service; without a command it starts one.",
    mixinStandardHelpOptions = true,
    versionProvider = ArrearsCommand.Version.class,
    subcommands = {
      ImportCommand.class,
      StatusCommand.class,
      PayCommand.class,
      PackageCommand.class,
      RestrictionCommands.Restrict.class,
      RestrictionCommands.Lift.class,
      HoldCommands.Place.class,
      HoldCommands.Release.class,
      HoldCommands.ListAll.class,
      ServiceCommands.Start.class,
      ServiceCommands.Reopen.class,
      DeactivateCommand.class,
      VerifyCertificateCommand.class,
      PolicyCommand.class,
      ReportCommand.class,
      DriftCommand.class,
      RunCommand.class,
      ClockCommand.class,
      DemoCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the server refused, or the work failed",
      "2:the command was not understood",
      "3:the server cannot be reached"
    },
    commandListHeading = "%nCommands:%n")
public final class ArrearsCommand implements Runnable {

  static final int DONE = 0;
  static final int REFUSED = 1;
  static final int USAGE = 2;
  static final int UNREACHABLE = 3;

  @Spec CommandSpec spec;

  /** Runs one command to its end and returns its exit code. */
  public static int execute(String... args) {
    return commandLine().execute(args);
  }

  static CommandLine commandLine() {
    return new CommandLine(new ArrearsCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(java.time.Duration.class, Durations::parse)
        .setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command?");
  }

  private static int report(Exception failure, CommandLine command) throws Exception {
    PrintWriter err = command.getErr();
    if (failure instanceof ParameterException misused) {
      throw misused;
    } else if (failure instanceof io.grpc.StatusRuntimeException refused) {
      return Refusals.print(refused, err);
    } else if (failure instanceof Connection.Unreachable) {
      err.println("arrears: " + failure.getMessage());
      return UNREACHABLE;
    } else if (failure instanceof NoSuchFileException) {
      err.println("arrears: there is no file " + failure.getMessage());
      return USAGE;
    } else if (failure instanceof IOException || failure instanceof IllegalStateException) {
      err.println("arrears: " + failure.getMessage());
      return REFUSED;
    }
    throw failure;
  }

  /** The version of the jar, as the build wrote it into its manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = ArrearsCommand.class.getPackage().getImplementationVersion();
      return new String[] {"arrears " + (version == null ? "(development)" : version)};
    }
  }
}
