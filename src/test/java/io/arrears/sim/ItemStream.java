package io.arrears.sim;

import io.arrears.v1.BillingServiceGrpc;
import io.arrears.v1.IngestBillingItemsRequest;
import io.arrears.v1.IngestBillingItemsResponse;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends batches of items over one stream for as long as it lives, and over a new one afterwards.
 */
final class ItemStream {

  private static final long PATIENCE_SECONDS = 60;

  /** One of the two. */
  private record Answer(
      @Nullable IngestBillingItemsResponse response, @Nullable Throwable failure) {}

  /** One call, with what it was answered. */
  private static final class Call implements StreamObserver<IngestBillingItemsResponse> {
    final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

    @Override
    public void onNext(IngestBillingItemsResponse response) {
      answers.add(new Answer(response, null));
    }

    @Override
    public void onError(Throwable failure) {
      answers.add(new Answer(null, failure));
    }

    @Override
    public void onCompleted() {
      onError(Status.UNKNOWN.withDescription("the server ended the stream").asException());
    }
  }

  private final Channel channel;
  private @Nullable Call call;
  private @Nullable StreamObserver<IngestBillingItemsRequest> requests;

  ItemStream(Channel channel) {
    this.channel = channel;
  }

  /** Sends all of them without waiting, then hears their answers, which come in order. */
  void send(List<IngestBillingItemsRequest> batches, Consumer<IngestBillingItemsResponse> answered)
      throws InterruptedException {
    if (call == null) {
      call = new Call();
      requests = BillingServiceGrpc.newStub(channel).streamBillingItems(call);
    }
    batches.forEach(requests::onNext);
    for (int i = 0; i < batches.size(); i++) {
      Answer answer = call.answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (answer == null || answer.response() == null) {
        call = null;
        throw answer == null
            ? Status.DEADLINE_EXCEEDED.asRuntimeException()
            : Status.fromThrowable(answer.failure()).asRuntimeException();
      }
      answered.accept(answer.response());
    }
  }
}
