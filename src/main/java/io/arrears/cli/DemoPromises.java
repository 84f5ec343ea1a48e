package io.arrears.cli;

import io.arrears.v1.Deactivation;
import io.arrears.v1.Hold;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;

/** Looks, in the end, at what was promised: by a customer, and to one who left. */
final class DemoPromises {

  private final DemoDesk desk;
  private final DemoBill bill;
  private final URI keys;

  DemoPromises(DemoDesk desk, DemoBill bill, URI keys) {
    this.desk = desk;
    this.bill = bill;
    this.keys = keys;
  }

  /** Prints what became of them; returns whether they are kept. */
  boolean check(PrintWriter out) throws IOException {
    boolean kept = true;
    for (Hold hold : desk.holds()) {
      boolean running = hold.getState() == Hold.State.STATE_ACTIVE;
      kept &= running || hold.getState() == Hold.State.STATE_PROMISE_KEPT;
      out.printf(
          "the promise of %s: %s%n",
          bill.customers().get(hold.getAccountId()).name(),
          Wire.word(hold.getState(), "STATE_(PROMISE_)?"));
    }
    Deactivation ticket = desk.ticket();
    if (ticket != null && ticket.getState() == Deactivation.State.STATE_COMPLETED) {
      return certificate(ticket, out) && kept;
    }
    return kept;
  }

  /** As {@code arrears verify-certificate} checks it. */
  private boolean certificate(Deactivation ticket, PrintWriter out) throws IOException {
    String name = bill.customers().get(ticket.getAccountId()).name();
    try {
      SignedCertificate certificate =
          SignedCertificate.parse(ticket.getCertificate().toByteArray());
      CertificateText says = certificate.verify(TrustedKeys.ofUrl(keys));
      out.printf("the certificate of %s: valid, signed with key %s%n%n", name, certificate.keyId());
      says.print(out);
      out.println();
      return true;
    } catch (IllegalStateException | Connection.Unreachable e) {
      out.printf("the certificate of %s: NOT VALID: %s%n", name, e.getMessage());
      return false;
    }
  }
}
