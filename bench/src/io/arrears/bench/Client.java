package io.arrears.bench;

import com.google.protobuf.MessageLite;
import com.google.type.Money;
import io.arrears.v1.AccountServiceGrpc;
import io.arrears.v1.BatchGetAccountStatusRequest;
import io.arrears.v1.BillingServiceGrpc;
import io.arrears.v1.GetAccountStatusRequest;
import io.arrears.v1.IngestBillingItemsRequest;
import io.arrears.v1.IngestBillingItemsResponse;
import io.arrears.v1.RecordPaymentRequest;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/** The service's calls over a few connections, each call on the next one. */
final class Client implements AutoCloseable {

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<SmallCalls> lean = new ArrayList<>();

  Client(String host, int port, int connections) throws InterruptedException {
    for (int i = 0; i < connections; i++) {
      channels.add(
          NettyChannelBuilder.forAddress(host, port).usePlaintext().directExecutor().build());
      lean.add(SmallCalls.connect(host, port));
    }
  }

  ManagedChannel channel() {
    return channels.get(0);
  }

  /** Of accounts at random. */
  Operation status(long accounts) {
    return small(
        AccountServiceGrpc.getGetAccountStatusMethod(),
        index ->
            GetAccountStatusRequest.newBuilder()
                .setAccountId(Items.accountId(anyOf(accounts, index)))
                .build(),
        answer -> answer.getServicesCount() == 1);
  }

  /** Of so many accounts at random in one call. */
  Operation batchStatus(long accounts, int size) {
    return unary(
        AccountServiceGrpc.getBatchGetAccountStatusMethod(),
        index -> {
          SplittableRandom random = new SplittableRandom(index);
          return BatchGetAccountStatusRequest.newBuilder()
              .addAllAccountIds(
                  random
                      .longs(0, accounts)
                      .distinct()
                      .limit(size)
                      .mapToObj(Items::accountId)
                      .toList())
              .build();
        },
        answer -> answer.getAccountsCount() == size);
  }

  Operation payments(long accounts) {
    return small(
        AccountServiceGrpc.getRecordPaymentMethod(),
        index ->
            RecordPaymentRequest.newBuilder()
                .setAccountId(Items.accountId(anyOf(accounts, index)))
                .setAmount(money(1 + index % 1000))
                .setPaymentId("pay-" + index)
                .build(),
        answer -> answer.hasEntry());
  }

  Operation singleItems(Items items) {
    return small(
        BillingServiceGrpc.getIngestBillingItemsMethod(),
        index -> items.batch(index, 1),
        answer -> answer.getAccepted() == 1);
  }

  /** Batches made beforehand, so that making them takes nothing from the server's cores. */
  Operation batches(List<byte[]> batches, int size) {
    MethodDescriptor<byte[], IngestBillingItemsResponse> method =
        BillingServiceGrpc.getIngestBillingItemsMethod().toBuilder(
                new Bytes(),
                BillingServiceGrpc.getIngestBillingItemsMethod().getResponseMarshaller())
            .build();
    return unary(
        method,
        index -> batches.get((int) index),
        answer -> answer.getAccepted() + answer.getDuplicates() == size);
  }

  /** The same over streams, one a connection; a stream answers in order. */
  Operation streams(List<byte[]> batches, int size) {
    List<BatchStream> streams = channels.stream().map(each -> new BatchStream(each, size)).toList();
    return (index, done) ->
        streams.get((int) (index % streams.size())).send(batches.get((int) index), done);
  }

  static byte[] bytes(IngestBillingItemsRequest batch) {
    return batch.toByteArray();
  }

  private static Money money(long units) {
    return Money.newBuilder().setCurrencyCode(Items.CURRENCY).setUnits(units).build();
  }

  private static long anyOf(long accounts, long index) {
    return new SplittableRandom(index).nextLong(accounts);
  }

  private <Q extends MessageLite, A> Operation small(
      MethodDescriptor<Q, A> method, LongFunction<Q> request, Predicate<A> expected) {
    List<Operation> operations =
        lean.stream().map(each -> each.operation(method, request, expected)).toList();
    return (index, done) -> operations.get((int) (index % operations.size())).start(index, done);
  }

  private <Q, A> Operation unary(
      MethodDescriptor<Q, A> method, LongFunction<Q> request, Predicate<A> expected) {
    return (index, done) ->
        ClientCalls.asyncUnaryCall(
            channels.get((int) (index % channels.size())).newCall(method, CallOptions.DEFAULT),
            request.apply(index),
            new Ending<>(expected, done));
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }

  /** Says how a unary call ended: well only with the answer that was expected. */
  private static final class Ending<A> implements StreamObserver<A> {
    private final Predicate<A> expected;
    private final Consumer<Throwable> done;
    private Throwable failure = new IllegalStateException("no answer");

    Ending(Predicate<A> expected, Consumer<Throwable> done) {
      this.expected = expected;
      this.done = done;
    }

    @Override
    public void onNext(A answer) {
      failure = expected.test(answer) ? null : new IllegalStateException("answered: " + answer);
    }

    @Override
    public void onError(Throwable error) {
      done.accept(error);
    }

    @Override
    public void onCompleted() {
      done.accept(failure);
    }
  }

  /** A message that is bytes already. */
  static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException();
    }
  }
}
