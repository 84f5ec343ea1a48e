package io.arrears.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a service stands, how it came there and what is due next.
 *
 * @param steps the moves that are due, oldest first; each is one row of the transition table
 * @param standing where they lead
 * @param next what happens if nobody acts; null when no timer runs
 */
public record Decision(List<Step> steps, Standing standing, @Nullable Step next) {

  public ServiceState state() {
    return standing.state();
  }
}
