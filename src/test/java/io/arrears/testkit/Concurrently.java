package io.arrears.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Calls that start at the same moment, as far as a machine can. */
public final class Concurrently {

  private Concurrently() {}

  /** Their answers, in the order of the calls. */
  public static <T> List<T> all(List<? extends Callable<? extends T>> calls) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(calls.size());
    try {
      List<Future<? extends T>> pending = new ArrayList<>();
      for (Callable<? extends T> call : calls) {
        pending.add(threads.submit(call));
      }
      List<T> answers = new ArrayList<>();
      for (Future<? extends T> each : pending) {
        answers.add(each.get());
      }
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }
}
