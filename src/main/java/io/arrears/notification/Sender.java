package io.arrears.notification;

import io.smallrye.mutiny.Uni;

/** Sends by one channel. */
interface Sender {

  Channel channel();

  /**
   * Tries once.
   *
   * @return how it ended; a failure means {@link Attempt.Result#FAILED}. It need not end in time:
   *     who waits stops waiting.
   */
  Uni<Attempt> send(Delivery delivery);
}
