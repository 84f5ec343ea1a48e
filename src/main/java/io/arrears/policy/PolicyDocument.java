package io.arrears.policy;

import io.arrears.core.Policy;
import io.arrears.core.PolicyVersion;
import java.time.Instant;
import java.util.List;

/**
 * What a document says: the rules of one product, for every service of it.
 *
 * @param version 0 if the document does not state one
 * @param description for people; empty if there is none
 * @param variants the rules themselves, first those for no tier and no date; their policies carry
 *     the document's version
 */
public record PolicyDocument(
    String product, long version, String description, List<PolicyVersion.Variant> variants) {

  /**
   * The document as a version of its product's rules.
   *
   * @param number of this version, which every policy in it then carries
   * @param retroactive whether it governs timers that run already, too
   */
  public PolicyVersion version(long number, Instant effectiveFrom, boolean retroactive) {
    List<PolicyVersion.Variant> numbered =
        variants.stream()
            .map(
                variant ->
                    new PolicyVersion.Variant(
                        variant.tier(), variant.openedBefore(), numbered(variant.policy(), number)))
            .toList();
    return new PolicyVersion(product, number, effectiveFrom, retroactive, numbered);
  }

  private static Policy numbered(Policy policy, long number) {
    return new Policy(
        policy.product(),
        number,
        policy.billing(),
        policy.bills(),
        policy.overdue(),
        policy.grace(),
        policy.suspension(),
        policy.stages(),
        policy.repossession(),
        policy.clearing(),
        policy.violation(),
        policy.features(),
        policy.notices(),
        policy.reminders(),
        policy.quietHours(),
        policy.runwayDays(),
        policy.enforcedWithin());
  }

  /** The rules for services of no particular tier or date. */
  public Policy standard() {
    return variants.get(0).policy();
  }
}
