package io.arrears.platform;

import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import java.io.IOException;

/** Whether something failed because the database cannot serve at the moment. */
public final class Outage {

  private Outage() {}

  /** Of a failure, or of what caused it. */
  public static boolean is(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PgException pg ? away(pg) : connectionLost(cause)) {
        return true;
      }
    }
    return false;
  }

  private static boolean connectionLost(Throwable cause) {
    return cause instanceof IOException || cause instanceof VertxException || closed(cause);
  }

  /** What the client says of a statement on a connection that it has already seen closed. */
  private static boolean closed(Throwable cause) {
    return cause instanceof NoStackTraceThrowable
        && String.valueOf(cause.getMessage()).startsWith("Connection is not active");
  }

  /** Class 08: connection; 40: deadlock; 53: resources; 57P: shut down or starting. */
  private static boolean away(PgException failure) {
    String state = String.valueOf(failure.getSqlState());
    return state.startsWith("08")
        || state.startsWith("40")
        || state.startsWith("53")
        || state.startsWith("57P");
  }
}
