package io.arrears.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BillRoundTest {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LANES = 3;

  private final AtomicInteger parts = new AtomicInteger();
  private final AtomicInteger chunks = new AtomicInteger();
  private final AtomicInteger billed = new AtomicInteger();

  private static Uni<Boolean> take(AtomicInteger left) {
    return Uni.createFrom().item(() -> left.getAndUpdate(n -> Math.max(0, n - 1)) > 0);
  }

  private Uni<Boolean> bill() {
    return take(chunks).invoke(took -> billed.addAndGet(took ? 1 : 0));
  }

  private Uni<Boolean> sum() {
    return take(parts).invoke(took -> chunks.addAndGet(took ? 10 : 0));
  }

  private static void run(BillRound round) {
    Lanes.all(LANES, round::step).await().atMost(PATIENCE);
  }

  @Test
  void everything_that_is_summed_is_billed_and_so_is_what_was_left_before() {
    parts.set(7);
    chunks.set(5);

    run(new BillRound(this::sum, this::bill));

    assertEquals(75, billed.get());
  }

  @Test
  void lanes_with_nothing_to_do_wait_for_the_sum_of_another_and_bill_it_together()
      throws Exception {
    parts.set(1);
    CompletableFuture<Void> othersAreIdle = new CompletableFuture<>();
    AtomicInteger looks = new AtomicInteger();
    List<UniEmitter<? super Boolean>> together = new ArrayList<>();

    CompletableFuture<Void> end =
        Lanes.all(
                LANES,
                new BillRound(
                        () ->
                            parts.getAndDecrement() > 0
                                ? Uni.createFrom()
                                    .completionStage(othersAreIdle)
                                    .replaceWith(true)
                                    .invoke(() -> chunks.set(LANES))
                                : Uni.createFrom().item(false),
                        () -> {
                          if (looks.incrementAndGet() > 3 * LANES) {
                            othersAreIdle.complete(null);
                          }
                          return take(chunks)
                              .chain(
                                  took ->
                                      took ? onceAllBill(together) : Uni.createFrom().item(false));
                        })
                    ::step)
            .subscribeAsCompletionStage()
            .toCompletableFuture();

    end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertEquals(LANES, billed.get());
  }

  private Uni<Boolean> onceAllBill(List<UniEmitter<? super Boolean>> together) {
    return Uni.createFrom()
        .emitter(
            emitter -> {
              synchronized (together) {
                billed.incrementAndGet();
                together.add(emitter);
                if (together.size() == LANES) {
                  together.forEach(each -> each.complete(true));
                }
              }
            });
  }
}
