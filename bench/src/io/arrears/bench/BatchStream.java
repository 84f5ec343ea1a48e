package io.arrears.bench;

import io.arrears.v1.BillingServiceGrpc;
import io.arrears.v1.IngestBillingItemsResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** One StreamBillingItems call. */
final class BatchStream implements StreamObserver<IngestBillingItemsResponse> {

  private final int size;
  private final Queue<Consumer<Throwable>> waiting = new ArrayDeque<>();
  private final StreamObserver<byte[]> requests;

  BatchStream(ManagedChannel channel, int size) {
    this.size = size;
    this.requests =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(
                BillingServiceGrpc.getStreamBillingItemsMethod().toBuilder(
                        new Client.Bytes(),
                        BillingServiceGrpc.getStreamBillingItemsMethod().getResponseMarshaller())
                    .build(),
                CallOptions.DEFAULT),
            this);
  }

  synchronized void send(byte[] batch, Consumer<Throwable> done) {
    waiting.add(done);
    requests.onNext(batch);
  }

  private synchronized Consumer<Throwable> first() {
    return waiting.poll();
  }

  @Override
  public void onNext(IngestBillingItemsResponse answer) {
    first()
        .accept(
            answer.getAccepted() == size ? null : new IllegalStateException("answered: " + answer));
  }

  @Override
  public void onError(Throwable error) {
    for (Consumer<Throwable> each = first(); each != null; each = first()) {
      each.accept(error);
    }
  }

  @Override
  public void onCompleted() {
    onError(new IllegalStateException("the stream ended"));
  }
}
