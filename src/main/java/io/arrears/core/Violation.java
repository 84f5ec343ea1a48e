package io.arrears.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a service that is banned (S7, S9).
 *
 * @param repossessAfter from the ban on; null keeps the resources
 * @param clearAfter from the repossession on; null keeps the data
 * @param retained categories that are not erased, because the customer may not delete them
 */
public record Violation(
    @Nullable Span repossessAfter, @Nullable Span clearAfter, List<String> retained) {}
