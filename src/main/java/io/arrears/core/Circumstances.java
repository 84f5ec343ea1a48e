package io.arrears.core;

import java.util.List;

/**
 * What is known of an account besides its money and its services.
 *
 * @param restrictions that stand
 * @param holds of the account and of any cohort, also those that have ended
 * @param deactivations that are approved
 * @param unpaid bills with a due date; all of them where a payment is to cover them
 */
public record Circumstances(
    List<Restriction> restrictions,
    List<Hold> holds,
    List<Deactivation> deactivations,
    List<PrepaidPackage> packages,
    List<Receivable> unpaid) {

  public static final Circumstances NONE =
      new Circumstances(List.of(), List.of(), List.of(), List.of(), List.of());
}
