package io.arrears.api;

import io.arrears.platform.Feed;
import io.arrears.platform.Limits;
import io.arrears.platform.Rejection;
import io.arrears.platform.Watch;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Answers calls with what a watch tells, as fast as the caller takes it. The generated stubs would
 * ask for everything at once and store what the caller has not taken; so these calls are bound to
 * the plain observer, which says when it is ready.
 */
@ApplicationScoped
class Watches {

  private final Set<Answering<?, ?>> open = ConcurrentHashMap.newKeySet();
  private final Limits limits;
  private final Vertx vertx;
  private final Duration heartbeat;
  private final PageTokens tokens;

  Watches(
      Limits limits,
      Vertx vertx,
      PageTokens tokens,
      MeterRegistry meters,
      @ConfigProperty(name = "arrears.heartbeat-every", defaultValue = "15s") Duration heartbeat) {
    this.limits = limits;
    this.vertx = vertx;
    this.tokens = tokens;
    this.heartbeat = heartbeat;
    meters.gaugeCollectionSize("arrears.watches", List.of(), open);
  }

  void beat(@Observes StartupEvent started) {
    vertx.setPeriodic(heartbeat.toMillis(), timer -> open.forEach(Answering::beat));
  }

  /**
   * How events are answered.
   *
   * @param event with its resume token
   * @param nothing for a time without any; null where the contract knows no such answer
   */
  record Form<E, A>(String list, BiFunction<E, String, A> event, Function<String, A> nothing) {}

  /** Answers a call until the caller cancels it. */
  <E, A> void answer(
      StreamObserver<A> responses, Form<E, A> form, Function<Watch.Receiver<E>, Watch<E>> opening) {
    Answering<E, A> answering = new Answering<>((ServerCallStreamObserver<A>) responses, form);
    try {
      if (open.size() >= limits.watches()) {
        throw Rejection.of(
            Rejection.Kind.RESOURCE_EXHAUSTED,
            "TOO_MANY_WATCHES",
            "this replica has " + limits.watches() + " watches open; try another, or later");
      }
      open.add(answering);
      answering.begin(opening);
    } catch (RuntimeException e) {
      answering.failed(e);
    }
  }

  /**
   * Where a resume token stands.
   *
   * @param first where a watch without a token begins
   */
  Feed.Cursor cursor(String list, String token, Feed.Cursor first) {
    List<String> at = tokens.position(list, "resume_token", token);
    return at.isEmpty()
        ? first
        : new Feed.Cursor(
            Boolean.parseBoolean(at.get(0)),
            Long.parseLong(at.get(1)),
            Long.parseLong(at.get(2)),
            at.get(3));
  }

  private final class Answering<E, A> implements Watch.Receiver<E> {

    private final ServerCallStreamObserver<A> responses;
    private final Form<E, A> form;
    private volatile Watch<E> watch;
    private volatile boolean over;

    Answering(ServerCallStreamObserver<A> responses, Form<E, A> form) {
      this.responses = responses;
      this.form = form;
      responses.setOnReadyHandler(this::pump);
      responses.setOnCancelHandler(this::end);
      responses.setOnCloseHandler(this::end);
    }

    void begin(Function<Watch.Receiver<E>, Watch<E>> opening) {
      watch = opening.apply(this);
      if (over || responses.isCancelled()) {
        end();
      } else {
        pump();
      }
    }

    private void pump() {
      Watch<E> known = watch;
      if (known != null) {
        known.pump();
      }
    }

    void beat() {
      Watch<E> known = watch;
      if (known != null && form.nothing() != null) {
        known.beat();
      }
    }

    private void end() {
      over = true;
      open.remove(this);
      Watch<E> known = watch;
      if (known != null) {
        known.cancel();
      }
    }

    @Override
    public boolean isReady() {
      return !over && responses.isReady();
    }

    @Override
    public void event(E event, Feed.Cursor at) {
      responses.onNext(form.event().apply(event, token(at)));
    }

    @Override
    public void nothing(Feed.Cursor at) {
      if (form.nothing() != null) {
        responses.onNext(form.nothing().apply(token(at)));
      }
    }

    private String token(Feed.Cursor at) {
      return tokens.token(form.list(), at.backlog(), at.round(), at.stamp(), at.key());
    }

    @Override
    public void failed(Throwable failure) {
      boolean told = over;
      end();
      if (!told && !responses.isCancelled()) {
        responses.onError(Calls.error(failure));
      }
    }
  }
}
