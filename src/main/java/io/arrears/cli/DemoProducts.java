package io.arrears.cli;

import io.arrears.v1.AccountStatus;
import io.arrears.v1.GetPolicyRequest;
import io.arrears.v1.Job;
import io.arrears.v1.ListJobRunsRequest;
import io.arrears.v1.ReportObservedStateRequest;
import io.arrears.v1.ServiceState;
import io.arrears.v1.ServiceStatus;
import io.arrears.v1.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The product clouds of the demonstration: they do what they should, report it, and erase data
 * category by category, as the policies name them. One of them cannot at the first time.
 */
final class DemoProducts {

  private static final Duration ERASES_FOR = Duration.ofHours(2);

  /** In the order of the policy; of the account that is cleared first. */
  private static final int FAILING = 1;

  private static final int PAGE = 20;

  private final Connection connection;
  private final DemoAgenda agenda;
  private final DemoTimeline timeline;
  private final DemoCustomers customers;
  private final Map<String, Map<?, ?>> policies = new HashMap<>();
  private Erasure failed;
  private Instant failedAt;

  DemoProducts(
      Connection connection, DemoAgenda agenda, DemoTimeline timeline, DemoCustomers customers) {
    this.connection = connection.as("products");
    this.agenda = agenda;
    this.timeline = timeline;
    this.customers = customers;
  }

  /** One category of one service. */
  private record Erasure(DemoBill.Customer customer, String product, String category) {

    @Override
    public String toString() {
      return product + ": " + category;
    }
  }

  /** Does what is new to them, and says how far they are. */
  void follow(List<AccountStatus> changed) {
    for (AccountStatus account : changed) {
      for (ServiceStatus service : account.getServicesList()) {
        if (!service.getEnforced()) {
          report(account.getAccountId(), service, List.of(), "");
        }
      }
    }
    if (failedAt != null && toldAgain()) {
      timeline.note(agenda.now(), failed.customer(), DemoEvent.TOLD_AGAIN, failed.toString());
      Erasure again = failed;
      failedAt = null;
      agenda.at(agenda.now().plus(ERASES_FOR), () -> erase(again));
    }
  }

  private void report(String accountId, ServiceStatus service, List<String> erased, String error) {
    connection
        .enforcement()
        .reportObservedState(
            ReportObservedStateRequest.newBuilder()
                .setAccountId(accountId)
                .setProduct(service.getProduct())
                .setGeneration(service.getGeneration())
                .addAllClearedCategories(erased)
                .setError(error)
                .build());
  }

  /** Whether the regular clearing has named it since it failed. */
  private boolean toldAgain() {
    return connection
        .operations()
        .listJobRuns(
            ListJobRunsRequest.newBuilder().setJob(Job.JOB_DATA_CLEARING).setPageSize(PAGE).build())
        .getRunsList()
        .stream()
        .filter(run -> Wire.instant(run.getStartTime()).isAfter(failedAt))
        .anyMatch(run -> run.containsCounts("told-again:" + failed.category()));
  }

  void react(DemoBill.Customer customer, Transition transition) {
    if (!transition.getRule().equals("clearing-started")) {
      return;
    }
    String product = transition.getProduct();
    List<String> categories = categories(product, transition.getToState());
    for (int i = 0; i < categories.size(); i++) {
      Erasure erasure = new Erasure(customer, product, categories.get(i));
      boolean fails = i == FAILING && customer.fate() == DemoBill.Fate.NONE && failed == null;
      if (fails) {
        failed = erasure;
      }
      agenda.at(
          agenda.now().plus(ERASES_FOR.multipliedBy(i + 1L)),
          () -> {
            if (fails) {
              fail(erasure);
            } else {
              erase(erasure);
            }
          });
    }
  }

  private void erase(Erasure erasure) {
    report(erasure.customer().accountId(), service(erasure), List.of(erasure.category()), "");
  }

  private void fail(Erasure erasure) {
    String error = "a volume is offline";
    report(erasure.customer().accountId(), service(erasure), List.of(), error);
    failedAt = agenda.now();
    timeline.note(
        agenda.now(),
        erasure.customer(),
        DemoEvent.FAILED,
        "%s cannot be erased: %s".formatted(erasure, error));
  }

  private ServiceStatus service(Erasure erasure) {
    return customers.status(erasure.customer()).getServicesList().stream()
        .filter(service -> service.getProduct().equals(erasure.product()))
        .findFirst()
        .orElseThrow();
  }

  /** What there is to erase; of a banned account not what the policy retains. */
  private List<String> categories(String product, ServiceState state) {
    Map<?, ?> policy = policies.computeIfAbsent(product, this::policy);
    List<String> categories = new ArrayList<>(list(policy, "clearing", "categories"));
    if (state == ServiceState.SERVICE_STATE_BANNED) {
      categories.removeAll(list(policy, "violations", "retained"));
    }
    return categories;
  }

  private Map<?, ?> policy(String product) {
    String document =
        connection
            .policies()
            .getPolicy(GetPolicyRequest.newBuilder().setProduct(product).build())
            .getDocument();
    return new Yaml(new SafeConstructor(new LoaderOptions())).load(document);
  }

  private static List<String> list(Map<?, ?> policy, String section, String key) {
    return policy.get(section) instanceof Map<?, ?> map && map.get(key) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }
}
