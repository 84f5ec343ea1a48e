package io.arrears.core;

import java.util.List;

/**
 * How data and records are erased once resources are taken back (S10, S11).
 *
 * @param categories what there is to erase; never empty
 * @param after from the repossession on
 * @param repeatEvery how often a product is told again what it has not reported as erased
 */
public record Clearing(List<String> categories, Span after, Span repeatEvery) {}
