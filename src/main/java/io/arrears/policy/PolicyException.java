package io.arrears.policy;

import java.util.ArrayList;
import java.util.List;

/** A policy document that is refused; it names every fault with its line and path. */
public final class PolicyException extends RuntimeException {

  private static final long serialVersionUID = 2;

  private final ArrayList<Fault> faults;

  PolicyException(List<Fault> faults) {
    super(String.join("\n", faults.stream().map(Fault::toString).toList()));
    this.faults = new ArrayList<>(faults);
  }

  /** In the order of their lines; never empty. */
  public List<Fault> faults() {
    return List.copyOf(faults);
  }
}
