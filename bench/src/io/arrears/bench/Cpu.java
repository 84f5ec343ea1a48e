package io.arrears.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU seconds so far, from Linux's own accounts. */
record Cpu(double service, double database, double generator) {

  private static final double TICKS_PER_SECOND = 100;
  private static final int OWN = 11;
  private static final int OF_DEAD_CHILDREN = 13;

  /**
   * @param service process id
   * @param postmaster process id; its children do the work, and it inherits from those that end
   */
  static Cpu now(long service, long postmaster) {
    double database = ticks(postmaster, OWN) + ticks(postmaster, OF_DEAD_CHILDREN);
    for (ProcessHandle child : ProcessHandle.of(postmaster).orElseThrow().children().toList()) {
      database += ticks(child.pid(), OWN);
    }
    return new Cpu(ticks(service, OWN), database, ticks(ProcessHandle.current().pid(), OWN));
  }

  /** User and system time; the fields after the command's name, which may hold spaces. */
  private static double ticks(long pid, int field) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[field]) + Long.parseLong(fields[field + 1])) / TICKS_PER_SECOND;
    } catch (java.nio.file.NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Cpu minus(Cpu before) {
    return new Cpu(
        service - before.service, database - before.database, generator - before.generator);
  }
}
