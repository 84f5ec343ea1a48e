package io.arrears.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Time runs out for what takes too long, and nothing is held of what does not. */
class DeadlinesTest {

  private static final Duration LONG = Duration.ofDays(1);

  private final Deadlines deadlines = new Deadlines();

  @AfterEach
  void stop() {
    deadlines.stop();
  }

  @Test
  void what_has_ended_is_not_held_until_its_deadline() {
    AtomicReference<UniEmitter<? super String>> work = new AtomicReference<>();
    AtomicReference<String> answer = new AtomicReference<>();
    deadlines
        .bound(Uni.createFrom().<String>emitter(work::set), LONG, TimeoutException::new)
        .subscribe()
        .with(answer::set);
    assertEquals(1, deadlines.waiting());

    work.get().complete("done");

    assertEquals("done", answer.get());
    assertEquals(0, deadlines.waiting());
  }

  @Test
  void what_takes_too_long_fails_as_it_was_said() {
    Uni<String> bound =
        deadlines.bound(
            Uni.createFrom().nothing(),
            Duration.ofMillis(1),
            () -> new IllegalStateException("too long"));

    IllegalStateException failure =
        assertThrows(IllegalStateException.class, () -> bound.await().atMost(LONG));

    assertEquals("too long", failure.getMessage());
    assertEquals(0, deadlines.waiting());
  }
}
