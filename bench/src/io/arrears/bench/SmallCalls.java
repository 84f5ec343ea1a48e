package io.arrears.bench;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/**
 * Small unary gRPC calls over one connection, in HTTP/2 frames: lean as pgbench is, so that the
 * cores are the service's. All connections share a thread; what a look at them brings about is sent
 * together.
 */
final class SmallCalls extends ByteToMessageDecoder {

  private static final EventLoopGroup LOOPS = new EpollEventLoopGroup(1);
  private static final int PREFIX_BYTES = 5;
  private static final int WINDOW = 1 << 30;

  private final DefaultHttp2FrameReader reader = new DefaultHttp2FrameReader(false);
  private final DefaultHttp2FrameWriter writer = new DefaultHttp2FrameWriter();
  private final IntObjectMap<Call> calls = new IntObjectHashMap<>();
  private final Queue<Call> held = new ArrayDeque<>();
  private final String authority;
  private ChannelHandlerContext context;
  private boolean flushing;

  /** Why the connection is no more; null while it is. */
  private Throwable lost;

  private int nextStream = 1;
  private int mayReceive = WINDOW;

  /** Bytes that the server has room for. */
  private int maySend = Http2CodecUtil.DEFAULT_WINDOW_SIZE;

  private SmallCalls(String authority) {
    this.authority = authority;
  }

  static SmallCalls connect(String host, int port) throws InterruptedException {
    SmallCalls calls = new SmallCalls(host + ":" + port);
    new Bootstrap()
        .group(LOOPS)
        .channel(EpollSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(calls)
        .connect(host, port)
        .sync();
    return calls;
  }

  /** Calls of one kind, told apart by their index. */
  <Q extends MessageLite, A> Operation operation(
      MethodDescriptor<Q, A> method, LongFunction<Q> request, Predicate<A> expected) {
    Http2Headers headers =
        new DefaultHttp2Headers()
            .method("POST")
            .scheme("http")
            .path("/" + method.getFullMethodName())
            .authority(authority)
            .add("te", "trailers")
            .add("content-type", "application/grpc")
            .add("user-agent", "arrears-bench");
    return (index, done) -> {
      Call call =
          new Call(headers, request.apply(index), answer -> judge(method, answer, expected), done);
      if (context.executor().inEventLoop()) {
        send(call);
      } else {
        context.executor().execute(() -> send(call));
      }
    };
  }

  private static <A> Throwable judge(
      MethodDescriptor<?, A> method, ByteBuf message, Predicate<A> expected) {
    A answer = method.parseResponse(new ByteBufInputStream(message));
    return expected.test(answer) ? null : new IllegalStateException("answered: " + answer);
  }

  /** A call until its trailers have come. */
  private static final class Call {
    final Http2Headers headers;
    final MessageLite request;
    final Function<ByteBuf, Throwable> judge;
    final Consumer<Throwable> done;
    ByteBuf answer = Unpooled.EMPTY_BUFFER;

    Call(
        Http2Headers headers,
        MessageLite request,
        Function<ByteBuf, Throwable> judge,
        Consumer<Throwable> done) {
      this.headers = headers;
      this.request = request;
      this.judge = judge;
      this.done = done;
    }
  }

  private void send(Call call) {
    if (lost != null) {
      context.executor().execute(() -> call.done.accept(lost));
      return;
    }
    int size = PREFIX_BYTES + call.request.getSerializedSize();
    if (size > maySend) {
      held.add(call);
      return;
    }
    maySend -= size;
    int stream = nextStream;
    nextStream += 2;
    calls.put(stream, call);
    ByteBuf data = context.alloc().heapBuffer(size);
    data.writeByte(0).writeInt(size - PREFIX_BYTES);
    try {
      CodedOutputStream out =
          CodedOutputStream.newInstance(
              data.array(), data.arrayOffset() + PREFIX_BYTES, size - PREFIX_BYTES);
      call.request.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    data.writerIndex(size);
    writer.writeHeaders(context, stream, call.headers, 0, false, context.voidPromise());
    writer.writeData(context, stream, data, 0, true, context.newPromise());
    flushSoon();
  }

  /** After all else that is to be done now. */
  private void flushSoon() {
    if (!flushing) {
      flushing = true;
      context
          .executor()
          .execute(
              () -> {
                flushing = false;
                context.flush();
              });
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelActive(ChannelHandlerContext active) {
    active.write(Http2CodecUtil.connectionPrefaceBuf());
    Http2Settings settings = new Http2Settings().initialWindowSize(WINDOW);
    writer.writeSettings(active, settings, active.newPromise());
    writer.writeWindowUpdate(active, 0, WINDOW, active.newPromise());
    active.flush();
  }

  @Override
  protected void decode(ChannelHandlerContext from, ByteBuf in, List<Object> out)
      throws Http2Exception {
    reader.readFrame(from, in, frames);
  }

  @Override
  public void channelInactive(ChannelHandlerContext gone) {
    exceptionCaught(gone, new IllegalStateException("the connection was closed"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
    if (lost == null) {
      lost = cause;
      held.addAll(calls.values());
      calls.clear();
      held.forEach(call -> call.done.accept(cause));
      held.clear();
    }
    failed.close();
  }

  private void ended(int stream, Throwable failure) {
    Call call = calls.remove(stream);
    if (call != null) {
      call.done.accept(
          failure != null ? failure : call.judge.apply(call.answer.skipBytes(PREFIX_BYTES)));
      call.answer.release();
    }
  }

  private final Http2FrameAdapter frames =
      new Http2FrameAdapter() {
        @Override
        public void onSettingsRead(ChannelHandlerContext from, Http2Settings settings) {
          writer.writeSettingsAck(from, from.newPromise());
          flushSoon();
        }

        @Override
        public void onPingRead(ChannelHandlerContext from, long data) {
          writer.writePing(from, true, data, from.newPromise());
          flushSoon();
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext from, int stream, int more) {
          if (stream == 0) {
            maySend += more;
            for (int waiting = held.size(); waiting > 0; waiting--) {
              send(held.remove());
            }
          }
        }

        @Override
        public int onDataRead(
            ChannelHandlerContext from, int stream, ByteBuf data, int padding, boolean end) {
          int bytes = data.readableBytes() + padding;
          Call call = calls.get(stream);
          if (call != null) {
            call.answer = Unpooled.wrappedBuffer(call.answer, data.copy());
          }
          mayReceive -= bytes;
          if (mayReceive < WINDOW / 2) {
            writer.writeWindowUpdate(from, 0, WINDOW - mayReceive, from.newPromise());
            mayReceive = WINDOW;
            flushSoon();
          }
          return bytes;
        }

        @Override
        public void onHeadersRead(
            ChannelHandlerContext from,
            int stream,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean end) {
          onHeadersRead(from, stream, headers, padding, end);
        }

        @Override
        public void onHeadersRead(
            ChannelHandlerContext from,
            int stream,
            Http2Headers headers,
            int padding,
            boolean end) {
          if (end) {
            CharSequence code = headers.get("grpc-status");
            ended(stream, code != null && "0".contentEquals(code) ? null : failure(headers));
          }
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext from, int stream, long code) {
          ended(stream, new IllegalStateException("the stream was reset: " + code));
        }
      };

  private static Throwable failure(Http2Headers trailers) {
    CharSequence code = trailers.get("grpc-status");
    return Status.fromCodeValue(code == null ? 2 : Integer.parseInt(code.toString()))
        .withDescription(String.valueOf(trailers.get("grpc-message")))
        .asRuntimeException();
  }
}
