package io.arrears.notification;

/** A way to reach a customer. */
public enum Channel {
  /** WatchAccountStatus: who watches has it at once. Whether anybody does, nobody knows. */
  STREAM,
  /** The mail server accepted it. */
  EMAIL,
  /** The customer's own server answered 2xx. */
  WEBHOOK
}
