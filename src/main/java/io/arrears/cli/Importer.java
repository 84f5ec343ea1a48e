package io.arrears.cli;

import com.google.common.util.concurrent.ListenableFuture;
import io.arrears.v1.IngestBillingItemsRequest;
import io.arrears.v1.IngestBillingItemsResponse;
import io.arrears.v1.ItemRejection;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Sends lines to a service, in batches over one stream, a few of them unanswered at a time. Nothing
 * is remembered between two imports: every request has an id that comes from its line, so sending
 * it again changes nothing.
 */
final class Importer {

  private static final int BATCHES_IN_FLIGHT = 4;
  private static final int CALLS_IN_FLIGHT = 128;

  private final Connection connection;
  private final BigDecimal startingBalance;
  private final int batchSize;
  private final ImportReport report;
  private final Set<String> known = new HashSet<>();
  private final Semaphore window = new Semaphore(BATCHES_IN_FLIGHT);
  private final Queue<Batch> unanswered = new ConcurrentLinkedQueue<>();
  private final StreamObserver<IngestBillingItemsRequest> requests;
  private volatile StatusRuntimeException failure;
  private Batch batch = new Batch();

  /**
   * @param startingBalance what each account is given before its first line; null for nothing
   */
  Importer(Connection connection, BigDecimal startingBalance, int batchSize, ImportReport report) {
    this.connection = connection;
    this.startingBalance = startingBalance;
    this.batchSize = batchSize;
    this.report = report;
    this.requests = connection.billingStreams().streamBillingItems(new Answers());
  }

  private record NewAccount(long line, String accountId, String currency) {}

  /** Lines on their way together. */
  private static final class Batch {
    final List<NewAccount> accounts = new ArrayList<>();
    final List<FocusLine.Usage> items = new ArrayList<>();
    final List<FocusLine.Correction> corrections = new ArrayList<>();
    long lastLine;

    int size() {
      return items.size() + corrections.size();
    }
  }

  /** A call for a line, and its answer to come. */
  private record Call(long line, Runnable done, ListenableFuture<?> answer) {}

  /**
   * @throws StatusRuntimeException if the service cannot go on
   */
  void add(FocusLine line) throws InterruptedException {
    if (line instanceof FocusLine.Refused refused) {
      report.rejected(refused.line(), refused.reason(), refused.message());
    } else if (line instanceof FocusLine.Usage usage) {
      know(usage.line(), usage.accountId(), usage.currency());
      batch.items.add(usage);
    } else if (line instanceof FocusLine.Correction correction) {
      know(correction.line(), correction.accountId(), correction.currency());
      batch.corrections.add(correction);
    }
    report.line();
    batch.lastLine = line.line();
    if (batch.size() >= batchSize) {
      flush();
    }
  }

  private void know(long line, String accountId, String currency) {
    if (known.add(accountId)) {
      batch.accounts.add(new NewAccount(line, accountId, currency));
      report.account();
    }
  }

  /** Sends what is left and waits for every answer. */
  void finish() throws InterruptedException {
    flush();
    requests.onCompleted();
    window.acquire(BATCHES_IN_FLIGHT);
    if (failure != null) {
      throw failure;
    }
    report.settled(batch.lastLine);
  }

  private void flush() throws InterruptedException {
    Batch full = batch;
    batch = new Batch();
    batch.lastLine = full.lastLine;
    open(full);
    correct(full);
    if (full.items.isEmpty()) {
      return;
    }
    window.acquire();
    if (failure != null) {
      throw failure;
    }
    unanswered.add(full);
    IngestBillingItemsRequest.Builder request = IngestBillingItemsRequest.newBuilder();
    full.items.forEach(item -> request.addItems(Requests.item(item)));
    requests.onNext(request.build());
  }

  private void open(Batch full) throws InterruptedException {
    List<Call> created = new ArrayList<>();
    for (NewAccount each : full.accounts) {
      created.add(
          new Call(
              each.line(),
              () -> {},
              connection
                  .accountsInParallel()
                  .createAccount(Requests.account(each.accountId(), each.currency()))));
      await(created, CALLS_IN_FLIGHT, true);
    }
    await(created, 1, true);
    if (startingBalance == null) {
      return;
    }
    List<Call> paid = new ArrayList<>();
    for (NewAccount each : full.accounts) {
      paid.add(
          new Call(
              each.line(),
              () -> {},
              connection
                  .accountsInParallel()
                  .recordPayment(
                      Requests.startingBalance(
                          each.accountId(), startingBalance, each.currency()))));
      await(paid, CALLS_IN_FLIGHT, false);
    }
    await(paid, 1, false);
  }

  private void correct(Batch full) throws InterruptedException {
    List<Call> calls = new ArrayList<>();
    for (FocusLine.Correction correction : full.corrections) {
      if (correction.amount().signum() == 0) {
        report.corrected(correction);
        continue;
      }
      calls.add(
          new Call(
              correction.line(),
              () -> report.corrected(correction),
              connection.accountsInParallel().adjustBalance(Requests.adjustment(correction))));
      await(calls, CALLS_IN_FLIGHT, false);
    }
    await(calls, 1, false);
  }

  /**
   * Once there are so many calls, waits for all of them.
   *
   * @param mayExist whether an account that was created before, with whatever terms, is as good
   */
  private void await(List<Call> calls, int many, boolean mayExist) throws InterruptedException {
    if (calls.size() < many) {
      return;
    }
    for (Call call : calls) {
      try {
        call.answer().get();
        call.done().run();
      } catch (ExecutionException e) {
        StatusRuntimeException refused = Status.fromThrowable(e).asRuntimeException();
        if (e.getCause() instanceof StatusRuntimeException original) {
          refused = original;
        }
        judge(call, refused, mayExist);
      }
    }
    calls.clear();
  }

  private void judge(Call call, StatusRuntimeException refused, boolean mayExist) {
    switch (refused.getStatus().getCode()) {
      case ALREADY_EXISTS -> {
        if (!mayExist) {
          refuse(call, refused);
        }
      }
      case INVALID_ARGUMENT, FAILED_PRECONDITION, NOT_FOUND -> refuse(call, refused);
      default -> throw refused;
    }
  }

  private void refuse(Call call, StatusRuntimeException refused) {
    report.rejected(call.line(), Refusals.reason(refused), refused.getStatus().getDescription());
  }

  /** The service answers the batches in the order in which they were sent. */
  private final class Answers implements StreamObserver<IngestBillingItemsResponse> {

    @Override
    public void onNext(IngestBillingItemsResponse answer) {
      Batch answered = unanswered.remove();
      report.accepted(answer.getAccepted());
      report.repeated(answer.getDuplicates());
      for (ItemRejection rejection : answer.getRejectionsList()) {
        report.rejected(
            answered.items.get(rejection.getIndex()).line(),
            Wire.word(rejection.getReason(), "REASON_")
                .toUpperCase(java.util.Locale.ROOT)
                .replace('-', '_'),
            rejection.getMessage());
      }
      report.settled(answered.lastLine);
      window.release();
    }

    @Override
    public void onError(Throwable broken) {
      failure =
          Status.fromThrowable(broken).asRuntimeException(Status.trailersFromThrowable(broken));
      window.release(BATCHES_IN_FLIGHT);
    }

    @Override
    public void onCompleted() {}
  }
}
