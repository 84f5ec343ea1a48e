package io.arrears.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Plays a month of real bills and what follows. */
@Command(name = "demo", mixinStandardHelpOptions = true, description = "Plays a demonstration.")
final class DemoCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    return 0;
  }
}
