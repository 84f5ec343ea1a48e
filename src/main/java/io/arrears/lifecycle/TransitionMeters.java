package io.arrears.lifecycle;

import io.arrears.core.Transition;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Counts transitions by rule, once they are committed. */
@ApplicationScoped
class TransitionMeters {

  private final MeterRegistry meters;

  TransitionMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  void count(List<Transition> transitions) {
    transitions.forEach(
        t ->
            meters
                .counter("arrears.transitions", "product", t.product(), "rule", t.rule())
                .increment());
  }
}
