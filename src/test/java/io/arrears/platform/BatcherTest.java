package io.arrears.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class BatcherTest {

  /** Echoes; each batch ends when the test says so. */
  private static final class Echo implements Batcher.Work<String, String> {
    final List<List<String>> batches = new ArrayList<>();
    final List<UniEmitter<? super Void>> underWay = new ArrayList<>();

    @Override
    public Object key(String question) {
      return question.startsWith("key") ? question : null;
    }

    @Override
    public int weight(String question) {
      return question.length();
    }

    @Override
    public Uni<List<Supplier<String>>> answer(List<String> questions) {
      batches.add(questions);
      return Uni.createFrom()
          .<Void>emitter(underWay::add)
          .map(done -> questions.stream().map(Echo::answer).toList());
    }

    private static Supplier<String> answer(String question) {
      return () -> {
        if (question.equals("no")) {
          throw Rejection.accountNotFound(question);
        }
        return "re: " + question;
      };
    }
  }

  private final Echo echo = new Echo();
  private final List<Runnable> timers = new ArrayList<>();

  private Batcher<String, String> batcher(int batches, int weight, int waiting) {
    return new Batcher<>(
        new Batcher.Bounds(batches, weight, waiting), (millis, action) -> timers.add(action), echo);
  }

  private static UniAssertSubscriber<String> ask(Batcher<String, String> batcher, String question) {
    return batcher.ask(question).subscribe().withSubscriber(UniAssertSubscriber.create());
  }

  private void end(int batch) {
    echo.underWay.get(batch).complete(null);
  }

  @Test
  void whoComesAloneStartsAtOnceAndThoseAfterwardsShareTheNextBatch() {
    Batcher<String, String> batcher = batcher(1, 100, 100);
    UniAssertSubscriber<String> first = ask(batcher, "a");
    UniAssertSubscriber<String> second = ask(batcher, "b");
    UniAssertSubscriber<String> third = ask(batcher, "c");
    assertEquals(List.of(List.of("a")), echo.batches);
    end(0);
    first.assertCompleted().assertItem("re: a");
    assertEquals(List.of(List.of("a"), List.of("b", "c")), echo.batches);
    second.assertNotTerminated();
    end(1);
    second.assertItem("re: b");
    third.assertItem("re: c");
  }

  @Test
  void whoHasGatheredLongEnoughWaitsNoLongerForABatchThatHangs() {
    Batcher<String, String> batcher = batcher(2, 100, 100);
    ask(batcher, "hangs");
    ask(batcher, "b");
    ask(batcher, "c");
    assertEquals(1, timers.size());
    timers.get(0).run();
    assertEquals(List.of(List.of("hangs"), List.of("b", "c")), echo.batches);
    ask(batcher, "d");
    assertEquals(1, timers.size());
    end(1);
    assertEquals(2, echo.batches.size());
    timers.get(1).run();
    assertEquals(List.of("d"), echo.batches.get(2));
  }

  @Test
  void asManyAsAreUnderWayWaitForNobodyElseAndTheNextOnesForAnEnd() {
    Batcher<String, String> batcher = batcher(4, 100, 100);
    ask(batcher, "aa");
    ask(batcher, "b");
    assertEquals(List.of(List.of("aa")), echo.batches);
    ask(batcher, "c");
    assertEquals(List.of(List.of("aa"), List.of("b", "c")), echo.batches);
    ask(batcher, "d");
    ask(batcher, "eee");
    assertEquals(2, echo.batches.size());
    end(1);
    assertEquals(List.of("d", "eee"), echo.batches.get(2));
    end(2);
    ask(batcher, "f");
    assertEquals(1, timers.size());
    timers.get(0).run(); // Others have started since.
    assertEquals(3, echo.batches.size());
    end(0);
    assertEquals(List.of("f"), echo.batches.get(3));
  }

  @Test
  void aFullBatchDoesNotWaitForMore() {
    Batcher<String, String> batcher = batcher(2, 3, 100);
    ask(batcher, "heavy");
    ask(batcher, "b");
    ask(batcher, "cc");
    assertEquals(List.of(List.of("heavy"), List.of("b", "cc")), echo.batches);
  }

  @Test
  void aBatchHoldsNoMoreThanItsWeightSaveASingleCallThatIsHeavier() {
    Batcher<String, String> batcher = batcher(1, 3, 100);
    ask(batcher, "a");
    ask(batcher, "heavy");
    ask(batcher, "bb");
    ask(batcher, "c");
    ask(batcher, "d");
    end(0);
    end(1);
    end(2);
    assertEquals(
        List.of(List.of("a"), List.of("heavy"), List.of("bb", "c"), List.of("d")), echo.batches);
  }

  @Test
  void callsOfTheSameKeyTakeTurnsInTheirOrder() {
    Batcher<String, String> batcher = batcher(1, 100, 100);
    ask(batcher, "a");
    ask(batcher, "key1");
    ask(batcher, "key1");
    ask(batcher, "key2");
    end(0);
    end(1);
    assertEquals(List.of(List.of("a"), List.of("key1", "key2"), List.of("key1")), echo.batches);
  }

  @Test
  void aCallThatIsRefusedLeavesTheOthersOfItsBatchAlone() {
    Batcher<String, String> batcher = batcher(1, 100, 100);
    ask(batcher, "a");
    UniAssertSubscriber<String> good = ask(batcher, "good");
    UniAssertSubscriber<String> refused = ask(batcher, "no");
    end(0);
    end(1);
    good.assertItem("re: good");
    refused.assertFailedWith(Rejection.class);
  }

  @Test
  void aBatchThatFailsIsDoneAgainCallByCallAndOnlyThePoisonedOneFails() {
    Batcher<String, String> batcher = batcher(1, 100, 100);
    ask(batcher, "a");
    UniAssertSubscriber<String> good = ask(batcher, "good");
    UniAssertSubscriber<String> poisoned = ask(batcher, "poison");
    UniAssertSubscriber<String> last = ask(batcher, "last");
    end(0);
    echo.underWay.get(1).fail(new IllegalStateException("together"));
    end(2);
    echo.underWay.get(3).fail(new IllegalStateException("alone"));
    end(4);
    good.assertItem("re: good");
    assertEquals("alone", poisoned.getFailure().getMessage());
    last.assertItem("re: last");
    UniAssertSubscriber<String> next = ask(batcher, "next");
    end(5);
    next.assertItem("re: next");
  }

  @Test
  void aCallThatFailsAloneIsNotDoneAgain() {
    Batcher<String, String> batcher = batcher(1, 100, 100);
    UniAssertSubscriber<String> only = ask(batcher, "a");
    echo.underWay.get(0).fail(new IllegalStateException("alone"));
    assertEquals("alone", only.getFailure().getMessage());
    assertEquals(1, echo.batches.size());
  }

  @Test
  void whoComesWhenTooManyWaitIsRefusedAndNothingElseIs() {
    Batcher<String, String> batcher = batcher(1, 2, 4);
    ask(batcher, "a");
    UniAssertSubscriber<String> waits = ask(batcher, "bb");
    ask(batcher, "cc");
    UniAssertSubscriber<String> refused = ask(batcher, "d");
    Rejection rejection = assertInstanceOf(Rejection.class, refused.getFailure());
    assertEquals(Rejection.Kind.RESOURCE_EXHAUSTED, rejection.kind());
    assertNull(waits.getItem());
    end(0);
    UniAssertSubscriber<String> later = ask(batcher, "d");
    end(1);
    end(2);
    waits.assertItem("re: bb");
    assertEquals(List.of("cc"), echo.batches.get(2));
    end(3);
    later.assertItem("re: d");
  }

  @Test
  void workThatThrowsFailsTheCallAndLetsTheNextOneThrough() {
    List<String> asked = new ArrayList<>();
    Batcher<String, String> batcher =
        new Batcher<>(
            new Batcher.Bounds(1, 1, 1),
            (millis, action) -> timers.add(action),
            questions -> {
              asked.addAll(questions);
              throw new IllegalStateException("thrown");
            });
    assertEquals("thrown", ask(batcher, "a").getFailure().getMessage());
    assertEquals("thrown", ask(batcher, "b").getFailure().getMessage());
    assertEquals(List.of("a", "b"), asked);
  }

  @Test
  void whoLeavesWhileWaitingIsNotWorkedFor() {
    Batcher<String, String> batcher = batcher(1, 100, 10);
    ask(batcher, "a");
    ask(batcher, "0123456789").cancel();
    UniAssertSubscriber<String> last = ask(batcher, "b");
    last.assertFailedWith(Rejection.class);
    end(0);
    assertEquals(List.of(List.of("a")), echo.batches);
    ask(batcher, "c");
    assertEquals(List.of(List.of("a"), List.of("c")), echo.batches);
  }
}
