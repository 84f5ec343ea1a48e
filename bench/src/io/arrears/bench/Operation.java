package io.arrears.bench;

import java.util.function.Consumer;

/** One call of the service, begun here and ended elsewhere. */
interface Operation {

  /**
   * Begins a call.
   *
   * @param index of the call; the same index makes the same call
   * @param done gets null, or what went wrong
   */
  void start(long index, Consumer<Throwable> done);
}
