package io.arrears.cli;

import io.arrears.v1.AccountServiceGrpc;
import io.arrears.v1.BillingServiceGrpc;
import io.arrears.v1.EnforcementServiceGrpc;
import io.arrears.v1.LifecycleServiceGrpc;
import io.arrears.v1.OperationsServiceGrpc;
import io.arrears.v1.PolicyServiceGrpc;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One connection to a service, with one thread of its own: cheap to open, for a short life. */
final class Connection implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration CALL = Duration.ofSeconds(40);
  private static final Metadata.Key<String> ACTOR = key("arrears-actor");
  private static final Metadata.Key<String> AUTHORIZATION = key("authorization");

  private final NioEventLoopGroup loop;
  private final ManagedChannel channel;
  private final String token;
  private final ClientInterceptor headers;

  private Connection(
      NioEventLoopGroup loop, ManagedChannel channel, String token, ClientInterceptor headers) {
    this.loop = loop;
    this.channel = channel;
    this.token = token;
    this.headers = headers;
  }

  /** There is nothing that answers at the address. */
  static final class Unreachable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unreachable(String message) {
      super(message);
    }
  }

  /**
   * Prepares a connection; the first call opens it.
   *
   * @param token a bearer token, or null
   * @throws Unreachable if the host has no address
   */
  static Connection to(String host, int port, boolean tls, String actor, String token) {
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new Unreachable("the server cannot be reached: there is no host " + host);
    }
    // Found by itself it would be the service's, which a command has no use for and waits to load.
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    NioEventLoopGroup loop = new NioEventLoopGroup(1, new DefaultThreadFactory("arrears", true));
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(address)
            .overrideAuthority(host + ":" + port)
            .eventLoopGroup(loop)
            .channelType(NioSocketChannel.class)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT.toMillis())
            .directExecutor();
    if (!tls) {
      builder.usePlaintext();
    }
    return new Connection(loop, builder.build(), token, headers(actor, token));
  }

  private static ClientInterceptor headers(String actor, String token) {
    Metadata metadata = new Metadata();
    metadata.put(ACTOR, actor.replaceAll("[^\\x20-\\x7e]", "?"));
    if (token != null && !token.isBlank()) {
      metadata.put(AUTHORIZATION, "Bearer " + token.strip());
    }
    return MetadataUtils.newAttachHeadersInterceptor(metadata);
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  AccountServiceGrpc.AccountServiceBlockingStub accounts() {
    return inTime(AccountServiceGrpc.newBlockingStub(channel));
  }

  /** Calls that wait in parallel. */
  AccountServiceGrpc.AccountServiceFutureStub accountsInParallel() {
    return inTime(AccountServiceGrpc.newFutureStub(channel));
  }

  BillingServiceGrpc.BillingServiceBlockingStub billing() {
    return inTime(BillingServiceGrpc.newBlockingStub(channel));
  }

  /** For streams, which last as long as they need. */
  BillingServiceGrpc.BillingServiceStub billingStreams() {
    return BillingServiceGrpc.newStub(channel).withInterceptors(headers);
  }

  LifecycleServiceGrpc.LifecycleServiceBlockingStub lifecycle() {
    return inTime(LifecycleServiceGrpc.newBlockingStub(channel));
  }

  EnforcementServiceGrpc.EnforcementServiceBlockingStub enforcement() {
    return inTime(EnforcementServiceGrpc.newBlockingStub(channel));
  }

  PolicyServiceGrpc.PolicyServiceBlockingStub policies() {
    return inTime(PolicyServiceGrpc.newBlockingStub(channel));
  }

  /** Without a deadline: runs and leaps of the clock last as long as their work. */
  OperationsServiceGrpc.OperationsServiceBlockingStub operations() {
    return OperationsServiceGrpc.newBlockingStub(channel).withInterceptors(headers);
  }

  private <S extends AbstractStub<S>> S inTime(S stub) {
    return stub.withInterceptors(headers).withDeadlineAfter(CALL.toSeconds(), TimeUnit.SECONDS);
  }

  /** The same connection as somebody else uses it; closing either closes both. */
  Connection as(String actor) {
    return new Connection(loop, channel, token, headers(actor, token));
  }

  @Override
  public void close() {
    channel.shutdownNow();
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
  }
}
