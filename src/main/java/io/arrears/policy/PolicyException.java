package io.arrears.policy;

import java.util.List;

/** A policy document that cannot be read; it names every fault with its line and path. */
public final class PolicyException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final List<String> faults;

  PolicyException(List<String> faults) {
    super(String.join("\n", faults));
    this.faults = List.copyOf(faults);
  }

  /** Each a sentence with its line and path. */
  public List<String> faults() {
    return faults;
  }
}
