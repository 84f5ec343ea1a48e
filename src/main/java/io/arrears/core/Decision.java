package io.arrears.core;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a service stands, how it came there and what is due next.
 *
 * @param steps the moves that are due, oldest first; each is one row of the transition table
 * @param state where they lead
 * @param since since when it stands there
 * @param next what happens if nobody acts; null when no timer runs
 */
public record Decision(List<Step> steps, ServiceState state, Instant since, @Nullable Step next) {}
