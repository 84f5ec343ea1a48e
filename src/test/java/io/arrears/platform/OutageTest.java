package io.arrears.platform;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutageTest {

  private static boolean outage(Throwable failure) {
    return Outage.is(new IllegalStateException("wrapped", failure));
  }

  @Test
  void a_connection_that_is_refused_lost_or_known_to_be_closed_is_an_outage() {
    assertTrue(outage(new ConnectException("refused")));
    assertTrue(outage(ClosedConnectionException.INSTANCE));
    assertTrue(
        outage(
            Future.failedFuture("Connection is not active now, current status: CLOSED").cause()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"08006", "40P01", "53300", "57P01", "57P03"})
  void a_database_that_shuts_down_starts_or_is_full_is_an_outage(String state) {
    assertTrue(outage(new PgException("told by the database", "FATAL", state, null)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"23514", "P0001", "22003", "57014"})
  void a_statement_that_the_database_refuses_is_none(String state) {
    assertFalse(outage(new PgException("told by the database", "ERROR", state, null)));
  }

  @Test
  void a_fault_of_our_own_is_none() {
    assertFalse(outage(new IllegalArgumentException("ours")));
    assertFalse(outage(Future.failedFuture("something else").cause()));
  }
}
