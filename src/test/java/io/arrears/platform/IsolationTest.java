package io.arrears.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IsolationTest {

  private final RuntimeException together = new IllegalStateException("together");

  private final List<List<String>> attempts = new ArrayList<>();
  private final List<String> setAside = new ArrayList<>();

  /** What the next attempts end with, before the poison is looked at. */
  private final Deque<Throwable> failures = new ArrayDeque<>();

  private final Set<String> poisoned = new HashSet<>();

  private final Isolation<String, Integer> isolation =
      new Isolation<>(this::work, this::setAside, Integer::sum);

  /** Each piece that is done counts for one. */
  private Uni<Integer> work(List<String> pieces) {
    attempts.add(pieces);
    if (!failures.isEmpty()) {
      return Uni.createFrom().failure(failures.remove());
    }
    return pieces.stream().anyMatch(poisoned::contains)
        ? Uni.createFrom().failure(new IllegalStateException("poison in " + pieces))
        : Uni.createFrom().item(pieces.size());
  }

  /** One that is set aside counts for a hundred. */
  private Uni<Integer> setAside(String piece, Throwable failure) {
    setAside.add(piece + ": " + failure.getMessage());
    return Uni.createFrom().item(100);
  }

  private UniAssertSubscriber<Integer> again(Throwable failure, String... chunk) {
    return isolation
        .again(List.of(chunk), failure)
        .subscribe()
        .withSubscriber(UniAssertSubscriber.create());
  }

  private static PgException database(String state) {
    return new PgException("told by the database", "ERROR", state, null);
  }

  @Test
  void a_chunk_that_failed_once_is_done_again_as_a_whole() {
    again(together, "a", "b", "c").assertItem(3);

    assertEquals(List.of(List.of("a", "b", "c")), attempts);
    assertEquals(List.of(), setAside);
  }

  @Test
  void a_chunk_that_fails_twice_is_done_piece_by_piece_and_only_the_poisoned_one_is_set_aside() {
    poisoned.add("b");

    again(together, "a", "b", "c").assertItem(102);

    assertEquals(
        List.of(List.of("a", "b", "c"), List.of("a"), List.of("b"), List.of("c")), attempts);
    assertEquals(List.of("b: poison in [b]"), setAside);
  }

  @Test
  void every_poisoned_piece_is_set_aside_with_its_own_reason_and_the_sums_add_up() {
    poisoned.addAll(List.of("a", "c", "e"));

    again(together, "a", "b", "c", "d", "e").assertItem(302);

    assertEquals(List.of("a: poison in [a]", "c: poison in [c]", "e: poison in [e]"), setAside);
  }

  @Test
  void a_chunk_that_fails_twice_though_no_piece_does_loses_nothing() {
    failures.add(new IllegalStateException("together again"));

    again(together, "a", "b").assertItem(2);

    assertEquals(List.of(List.of("a", "b"), List.of("a"), List.of("b")), attempts);
    assertEquals(List.of(), setAside);
  }

  @Test
  void a_chunk_of_one_piece_is_set_aside_as_well() {
    poisoned.add("a");

    again(together, "a").assertItem(100);

    assertEquals(List.of("a: poison in [a]"), setAside);
  }

  @Test
  void a_row_that_the_database_refuses_is_a_poisoned_piece() {
    failures.add(database("23514"));
    failures.add(database("23514"));

    again(database("23514"), "a", "b").assertItem(101);

    assertEquals(1, setAside.size());
  }

  @Test
  void an_outage_that_goes_on_is_nobodys_fault_and_no_piece_is_tried_by_itself() {
    IOException gone = new IOException("connection reset");
    failures.add(gone);

    assertSame(gone, again(gone, "a", "b").getFailure());

    assertTrue(attempts.size() <= 1, attempts::toString);
    assertEquals(List.of(), setAside);
  }

  @Test
  void an_outage_while_the_chunk_is_done_again_is_not_blamed_on_a_piece() {
    PgException shutDown = database("57P01");
    failures.add(shutDown);

    assertSame(shutDown, again(together, "a", "b").getFailure());

    assertEquals(List.of(List.of("a", "b")), attempts);
    assertEquals(List.of(), setAside);
  }

  @Test
  void an_outage_in_the_midst_of_the_pieces_is_not_blamed_on_the_one_it_met() {
    PgException deadlock = database("40P01");
    failures.add(new IllegalStateException("together again"));
    failures.add(new IllegalStateException("poison in [a]"));
    failures.add(deadlock);

    assertSame(deadlock, again(together, "a", "b", "c").getFailure());

    assertEquals(List.of(List.of("a", "b", "c"), List.of("a"), List.of("b")), attempts);
    assertEquals(List.of("a: poison in [a]"), setAside);
  }

  @Test
  void a_chunk_that_failed_before_anything_was_claimed_fails() {
    assertSame(together, again(together).getFailure());

    assertEquals(List.of(), attempts);
  }

  @Test
  void work_that_throws_is_work_that_failed() {
    Isolation<String, Integer> throwing =
        new Isolation<>(
            pieces -> {
              throw new IllegalStateException("thrown");
            },
            this::setAside,
            Integer::sum);

    throwing
        .again(List.of("a", "b"), together)
        .subscribe()
        .withSubscriber(UniAssertSubscriber.create())
        .assertItem(200);

    assertEquals(List.of("a: thrown", "b: thrown"), setAside);
  }
}
