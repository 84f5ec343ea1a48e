package io.arrears.cli;

import io.arrears.platform.DatabaseSettings;
import io.arrears.platform.MailServer;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Without arguments the service starts; with arguments a command runs and no server. */
@QuarkusMain
public class Main {

  public static void main(String... args) {
    if (args.length > 0) {
      System.exit(ArrearsCommand.execute(args));
    }
    try {
      MailServer.apply();
      DatabaseSettings.apply();
      useAllCores();
      makeSmallObjectsAnew();
    } catch (IllegalStateException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
    Quarkus.run(args);
  }

  /** Calls come in on an event loop a core; by itself Quarkus has one for all. */
  private static void useAllCores() {
    String setting = "quarkus.grpc.server.instances";
    if (System.getProperty(setting) == null
        && System.getenv("QUARKUS_GRPC_SERVER_INSTANCES") == null) {
      System.setProperty(setting, String.valueOf(Runtime.getRuntime().availableProcessors()));
    }
  }

  /** Netty keeps its small objects for another use, which takes more of a call than new ones do. */
  private static void makeSmallObjectsAnew() {
    String setting = "io.netty.recycler.maxCapacityPerThread";
    System.setProperty(setting, System.getProperty(setting, "0"));
  }
}
