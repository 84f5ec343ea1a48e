package io.arrears.cli;

import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes a provider's bill, line by line, into a service. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Streams a bill into the service: usage as items, credits and adjustments as adjustments,"
          + " accounts created on the way.",
      "Running it again is harmless, so an import that was interrupted is resumed by the same"
          + " command. Lines that are the same in every column are one item."
    })
final class ImportCommand implements Callable<Integer> {

  private static final int MAX_BATCH = 10_000;

  @Spec CommandSpec spec;
  @Mixin ServerOptions server;

  @Parameters(paramLabel = "FILE", description = "The bill, a CSV file.")
  Path file;

  /** How the file is to be read. */
  enum Format {
    FOCUS
  }

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "focus",
      description = "focus: FOCUS 1.0 of the FinOps Foundation.")
  Format format;

  @Option(
      names = "--starting-balance",
      paramLabel = "AMOUNT",
      description = "Paid once into each account, in its currency.")
  BigDecimal startingBalance;

  @Option(
      names = "--mapping",
      paramLabel = "FILE",
      description =
          "YAML of 'SERVICE: PRODUCT' by ServiceName or ServiceCategory, with a 'default'.")
  Path mapping;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Items sent at a time, 1 to 10000. Default: ${DEFAULT-VALUE}")
  int batchSize;

  @Option(
      names = "--from-line",
      paramLabel = "N",
      defaultValue = "2",
      description = "Skips the lines before this one; the line of column names is 1.")
  long fromLine;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (batchSize < 1 || batchSize > MAX_BATCH) {
      throw new ParameterException(spec.commandLine(), "--batch-size must be from 1 to 10000");
    }
    if (startingBalance != null && startingBalance.signum() <= 0) {
      throw new ParameterException(spec.commandLine(), "--starting-balance must be above zero");
    }
    FocusMapper mapper =
        new FocusMapper(mapping == null ? ProductMapping.builtIn() : ProductMapping.read(mapping));
    ImportReport report = new ImportReport();
    PrintWriter err = spec.commandLine().getErr();
    Thread interrupted = new Thread(() -> tellHowToResume(report, err));
    Runtime.getRuntime().addShutdownHook(interrupted);
    boolean ended = false;
    try (Counting bytes = new Counting(Files.newInputStream(file));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
        Connection connection = server.connect()) {
      stream(new FocusReader(in), mapper, connection, report, bytes);
      ended = true;
    } finally {
      Runtime.getRuntime().removeShutdownHook(interrupted);
      if (!ended && report.lines() > 0) {
        tellHowToResume(report, err);
      }
    }
    report.print(spec.commandLine().getOut());
    return report.rejectedLines() == 0 ? ArrearsCommand.DONE : ArrearsCommand.REFUSED;
  }

  private void stream(
      FocusReader reader,
      FocusMapper mapper,
      Connection connection,
      ImportReport report,
      Counting bytes)
      throws IOException, InterruptedException {
    FocusMapper.check(reader);
    Progress progress =
        new Progress(spec.commandLine().getErr(), Boolean.getBoolean(Progress.ON_TERMINAL));
    long size = Files.size(file);
    Importer importer = new Importer(connection, startingBalance, batchSize, report);
    while (reader.hasNext()) {
      FocusReader.Row row = reader.next();
      if (row.line() >= fromLine) {
        importer.add(mapper.map(row));
        progress.show(bytes.count, size, report.sofar());
      }
    }
    importer.finish();
    progress.end(report.sofar());
  }

  private static void tellHowToResume(ImportReport report, PrintWriter err) {
    err.printf(
        "%nInterrupted. Every line up to %d has been answered. The same command again resumes:"
            + " what was taken in before counts as repeated; --from-line %d saves the time.%n",
        report.settledThrough(), Math.max(2, report.settledThrough() + 1));
    err.flush();
  }

  /** Knows how much of a file was read. */
  private static final class Counting extends FilterInputStream {
    private long count;

    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count += one < 0 ? 0 : 1;
      return one;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int many = super.read(buffer, offset, length);
      count += Math.max(0, many);
      return many;
    }
  }
}
