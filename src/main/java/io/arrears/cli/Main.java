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
    } catch (IllegalStateException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
    Quarkus.run(args);
  }
}
