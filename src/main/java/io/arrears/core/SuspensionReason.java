package io.arrears.core;

/** Why a service is suspended. Each reason is lifted by its own owner, and by nobody else. */
public enum SuspensionReason {
  /** Lifted by the payment or credit that clears the arrears (S4). */
  ARREARS,
  /** Never lifted (S9). */
  VIOLATION,
  /** Lifted by an operator; while it stands, nothing is repossessed or cleared. */
  LEGAL,
  /** Lifted by an operator. */
  MANUAL,
  /** The policy leaves it to the customer to start the service again. */
  AWAITING_START
}
