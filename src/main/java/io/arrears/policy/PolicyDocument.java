package io.arrears.policy;

import io.arrears.core.PolicyVersion;
import java.time.Instant;
import java.util.List;

/** temporary */
public record PolicyDocument(String product, long version, List<PolicyVersion.Variant> variants) {

  PolicyVersion version(long number, Instant effectiveFrom, boolean retroactive) {
    return new PolicyVersion(product, number, effectiveFrom, retroactive, variants);
  }
}
