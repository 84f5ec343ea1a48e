package io.arrears.cli;

import static io.arrears.testkit.Client.item;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.testkit.OverGrpc;
import io.arrears.testkit.TemporaryFiles;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The commands of help desk, risk and legal, and of products, against the running service. */
@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class PeopleCommandsTest extends OverGrpc {

  @TestHTTPResource("/.well-known/jwks.json")
  URL keys;

  private final TemporaryFiles files = new TemporaryFiles();

  @AfterEach
  void deleteFiles() {
    files.close();
  }

  private static Run arrears(Object... arguments) {
    List<Object> line = new ArrayList<>(List.of(arguments));
    line.add("--server");
    line.add(
        "127.0.0.1:"
            + ConfigProvider.getConfig().getValue("quarkus.grpc.server.test-port", Integer.class));
    return Run.of(line.toArray());
  }

  private static Run done(Object... arguments) {
    Run run = arrears(arguments);
    assertEquals(0, run.code(), run.toString());
    assertEquals("", run.err());
    return run;
  }

  private static void refused(String message, Object... arguments) {
    Run run = arrears(arguments);
    assertEquals(1, run.code(), run.toString());
    assertTrue(run.err().startsWith("arrears: " + message), run.err());
  }

  /** An account in good standing with a service of css. */
  private String customer() {
    String account = client.account();
    client.pay(account, "10");
    client.ingest(item(account, "0.01", client.now()));
    return account;
  }

  @Test
  void a_restriction_shows_in_the_status_and_is_lifted_by_its_id() {
    String account = customer();

    Run placed = done("restrict", account, "--reason", "legal", "--comment", "order 17/24");

    assertEquals("every product", placed.after("product"));
    assertEquals("legal: order 17/24", placed.after("reason"));
    Run status = done("status", account);
    assertTrue(status.out().contains("suspended"), status.out());
    assertTrue(status.out().contains("\n  for legal\n"), status.out());
    Run lifted =
        done("lift", placed.after("restriction"), "--comment", "set aside", "--actor", "carol");
    assertTrue(lifted.out().contains("lifted"), lifted.out());
    assertFalse(done("status", account).out().contains("suspended"));
  }

  @Test
  void a_violation_of_one_product_is_placed_once_and_never_lifted() {
    String account = customer();
    Object[] ban = {
      "restrict",
      account,
      "--reason",
      "VIOLATION",
      "--product",
      "css",
      "--comment",
      "c",
      "--id",
      "1"
    };

    String restriction = done(ban).after("restriction");

    assertEquals(restriction, done(ban).after("restriction"));
    assertTrue(done("status", account).out().contains("banned"));
    refused("BANNED", "lift", restriction, "--comment", "c");
    refused("ACCOUNT_NOT_FOUND", "restrict", "nobody", "--reason", "legal", "--comment", "c");
  }

  @Test
  void a_hold_with_a_promise_is_placed_listed_shown_and_released() {
    String account = customer();

    Run placed = done("hold", account, "--for", "7d", "--reason", "r", "--promise", "12.50", "USD");

    Run holds = done("holds", account);
    assertEquals(placed.out(), holds.out());
    assertTrue(holds.out().contains("12.50 USD"), holds.out());
    assertTrue(done("status", account).out().contains("\n  held until "));
    String hold = placed.out().lines().skip(1).findFirst().orElseThrow().split(" ", 2)[0];
    Run released = done("release", hold, "--reason", "settled");
    assertTrue(released.out().contains("released"), released.out());
    refused("HOLD_ENDED", "release", hold, "--reason", "again");
    assertEquals("no holds\n", done("holds", customer()).out());
  }

  @Test
  void a_cohort_is_held_until_an_instant_by_all_that_names_it() {
    String until = client.now().plusSeconds(3600).toString();

    Run placed =
        done("hold", "--region", "eu-1", "--tier", "gold", "--until", until, "--reason", "flood");

    assertTrue(placed.out().contains("tier=gold region=eu-1"), placed.out());
    assertTrue(done("holds").out().contains("tier=gold region=eu-1"));
    refused(
        "INVALID_REQUEST",
        "hold",
        "--region",
        "eu-1",
        "--until",
        "2001-01-01T00:00:00Z",
        "--reason",
        "r");
  }

  @Test
  void a_customer_leaves_by_two_people_and_the_certificate_is_valid() throws Exception {
    String account = customer();
    String ticket = "T-" + UUID.randomUUID();
    Path file = files.path("certificate.jws");

    Run asked =
        done("deactivate", "request", ticket, account, "--reason", "leaves", "--actor", "alice");
    assertEquals("requested", asked.after("state"));
    refused("SAME_PERSON", "deactivate", "approve", ticket, "--actor", "alice");
    refused(
        "there is no certificate: ticket " + ticket + " is requested",
        "deactivate",
        "show",
        ticket,
        "--certificate",
        file);
    assertFalse(Files.exists(file));
    Run approved = done("deactivate", "approve", ticket, "--actor", "bob");
    assertEquals("by bob", approved.after("approved"));
    refused("TICKET_APPROVED", "deactivate", "cancel", ticket, "--reason", "late");

    client.advanceTo(client.nextMorning());
    client.advanceTo(client.nextMorning());
    erase(account, "configurations,service-logs");
    erase(account, "client-authorizations");

    Run shown = done("deactivate", "show", ticket, "--certificate", file);
    assertEquals("completed", shown.after("state"));
    Run valid = Run.of("verify-certificate", file, "--keys-url", keys);
    assertEquals(0, valid.code(), valid.toString());
    assertTrue(valid.out().contains("client-authorizations"), valid.out());
    Run reopened = done("reopen-service", account, "css", "--reason", "is back");
    assertTrue(reopened.out().contains("active"), reopened.out());
  }

  private void erase(String account, String categories) {
    long generation = client.service(account, "css").getGeneration();
    Run reported =
        done("report", account, "css", "--generation", generation, "--erased", categories);
    assertTrue(reported.out().contains("it is told " + (generation + 1) + " now"), reported.out());
  }

  @Test
  void a_ticket_that_nobody_has_approved_is_cancelled() {
    String ticket = "T-" + UUID.randomUUID();
    done("deactivate", "request", ticket, customer(), "--product", "css", "--reason", "leaves");

    Run cancelled = done("deactivate", "cancel", ticket, "--reason", "stays");

    assertEquals("cancelled", cancelled.after("state"));
    assertEquals("css", cancelled.after("product"));
  }

  @Test
  void a_product_reports_what_it_reached_and_what_it_could_not_do() {
    String account = client.overdueAccount("1.00");
    long generation = client.service(account, "css").getGeneration();
    assertTrue(done("status", account).out().contains(generation + " not enforced yet"));

    done("report", account, "css", "--generation", generation, "--error", "a volume is offline");
    assertTrue(done("status", account).out().contains(generation + " not enforced yet"));
    assertEquals(
        "reported generation " + generation + " of css\n",
        done("report", account, "css", "--generation", generation).out());

    assertTrue(done("status", account).out().contains(generation + " enforced"));
    refused("INVALID_REQUEST", "report", account, "css", "--generation", generation + 1);
  }

  @Test
  void a_service_that_does_not_wait_for_a_hand_is_not_started_by_one() {
    String account = customer();
    done("restrict", account, "--reason", "manual", "--comment", "c");

    refused("CANNOT_START", "start-service", account, "css", "--ticket", "T-1");
  }

  @Test
  void what_is_left_of_a_package_is_reported() {
    Run reported =
        done("package", customer(), "css", "traffic-7", "--left", "120.5", "--unit", "GB");

    assertEquals("120.5 GB", reported.after("left"));
    assertEquals("never", reported.after("expires"));
    refused("INVALID_REQUEST", "package", customer(), "css", "traffic-7", "--left", "1e9");
  }

  @Test
  void a_policy_is_checked_applied_listed_and_shown_to_the_letter() {
    String css = done("policy", "show", "css").out();
    String document = css.replaceFirst("(?m)^product: css$", "product: cli-css");
    Path file = files.write("policy.yaml", document);

    String checked = done("policy", "apply", file, "--validate-only").out();
    assertTrue(checked.startsWith("valid: it would be version 1 of cli-css"), checked);
    assertFalse(done("policy", "list").out().contains("cli-css"));
    String applied = done("policy", "apply", file, "--actor", "carol").out();
    assertTrue(applied.startsWith("applied version 1 of cli-css, in force from "), applied);

    assertEquals(document, done("policy", "show", "cli-css", "--version", "1").out());
    Run list = done("policy", "list", "cli-css");
    assertEquals(2, list.out().lines().count());
    assertTrue(list.out().contains(" by carol"), list.out());
    assertTrue(done("policy", "list", "css").out().contains("built-in"));
  }

  @Test
  void every_fault_of_a_policy_is_named_with_its_line() {
    Path file = files.write("policy.yaml", "product: cli-css\nversion: none\ngrace: {}\n");

    Run run = arrears("policy", "apply", file);

    assertEquals(1, run.code());
    assertTrue(run.err().startsWith("arrears: INVALID_REQUEST\n  document line "), run.err());
    assertTrue(run.err().lines().count() > 2, run.err());
  }
}
