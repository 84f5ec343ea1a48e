package io.arrears.intervention;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * What a customer who left gets in the end (S11): who asked, who agreed, and what was erased when,
 * as the products reported it.
 *
 * @param product the one that was left; empty means all of the account
 * @param completedAt when the last category was reported erased
 * @param services in the order of their products, whatever order they are given in
 */
public record DeactivationCertificate(
    String ticketId,
    String accountId,
    String product,
    String requestedBy,
    String approvedBy,
    Instant requestedAt,
    Instant approvedAt,
    Instant completedAt,
    List<ErasedService> services) {

  public DeactivationCertificate {
    Objects.requireNonNull(ticketId, "ticketId");
    Objects.requireNonNull(accountId, "accountId");
    Objects.requireNonNull(product, "product");
    Objects.requireNonNull(requestedBy, "requestedBy");
    Objects.requireNonNull(approvedBy, "approvedBy");
    Objects.requireNonNull(requestedAt, "requestedAt");
    Objects.requireNonNull(approvedAt, "approvedAt");
    Objects.requireNonNull(completedAt, "completedAt");
    services = services.stream().sorted(Comparator.comparing(ErasedService::product)).toList();
  }

  /**
   * A service of the account whose data is gone.
   *
   * @param generation of the desired state that told the product to erase
   * @param categories in the order of their names, whatever order they are given in
   */
  public record ErasedService(String product, long generation, List<ErasedCategory> categories) {

    public ErasedService {
      Objects.requireNonNull(product, "product");
      categories = categories.stream().sorted(Comparator.comparing(ErasedCategory::name)).toList();
    }
  }

  /**
   * A category of data, as the product reported it erased.
   *
   * @param reportedGeneration of the desired state that the product had reached when it said so
   */
  public record ErasedCategory(String name, Instant erasedAt, long reportedGeneration) {

    public ErasedCategory {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(erasedAt, "erasedAt");
    }
  }
}
