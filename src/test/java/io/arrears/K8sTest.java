package io.arrears;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.arrears.core.Policy;
import io.arrears.job.Job;
import io.arrears.policy.BuiltInPolicies;
import io.arrears.policy.PolicyReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The manifests fit each other and the service; what a typing error in them would break. */
class K8sTest {

  private static final Path BASE = Path.of("k8s", "base");
  private static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z0-9_]*");

  /** A part of a manifest; its questions fail with the path to what is missing. */
  private record Part(String path, Object value) {

    Part at(String... keys) {
      Part part = this;
      for (String key : keys) {
        part = part.child(key);
      }
      return part;
    }

    private Part child(String key) {
      String childPath = path + "." + key;
      Object child = value instanceof Map<?, ?> map ? map.get(key) : null;
      assertTrue(child != null, childPath + " is missing");
      return new Part(childPath, child);
    }

    boolean has(String key) {
      return value instanceof Map<?, ?> map && map.containsKey(key);
    }

    List<Part> each() {
      List<Part> parts = new ArrayList<>();
      for (Object each : (List<?>) value) {
        parts.add(new Part(path + "[" + parts.size() + "]", each));
      }
      return parts;
    }

    Map<String, String> texts() {
      Map<String, String> texts = new TreeMap<>();
      ((Map<?, ?>) value).forEach((key, text) -> texts.put(key.toString(), text.toString()));
      return texts;
    }

    String text() {
      return value.toString();
    }
  }

  private static List<Part> documents(Path file) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try {
      List<Part> parts = new ArrayList<>();
      new Yaml(new SafeConstructor(options))
          .loadAll(Files.readString(file))
          .forEach(document -> parts.add(new Part(file.toString(), document)));
      return parts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Part> base(String kind) {
    return documents(BASE.resolve("kustomization.yaml")).get(0).at("resources").each().stream()
        .flatMap(resource -> documents(BASE.resolve(resource.text())).stream())
        .filter(document -> document.at("kind").text().equals(kind))
        .toList();
  }

  private static Part only(String kind) {
    List<Part> all = base(kind);
    assertEquals(1, all.size(), kind);
    return all.get(0);
  }

  private static Part container(Part podSpec) {
    assertEquals(1, podSpec.at("containers").each().size());
    return podSpec.at("containers").each().get(0);
  }

  private static Part jobPod(Part cronJob) {
    return cronJob.at("spec", "jobTemplate", "spec", "template");
  }

  @Test
  void everySelectorMatchesTheServicesPodsAndNoJobsPod() {
    Part deployment = only("Deployment");
    Map<String, String> pod = deployment.at("spec", "template", "metadata", "labels").texts();
    List<Map<String, String>> selectors =
        List.of(
            deployment.at("spec", "selector", "matchLabels").texts(),
            only("Service").at("spec", "selector").texts(),
            only("PodDisruptionBudget").at("spec", "selector", "matchLabels").texts());

    for (Map<String, String> selector : selectors) {
      assertTrue(pod.entrySet().containsAll(selector.entrySet()), selector + " selects no pod");
      for (Part cronJob : base("CronJob")) {
        Map<String, String> job = jobPod(cronJob).at("metadata", "labels").texts();
        assertFalse(job.entrySet().containsAll(selector.entrySet()), selector + " selects jobs");
      }
    }
  }

  @Test
  void portsHaveOneNameAndNumberEverywhere() {
    Part container = container(only("Deployment").at("spec", "template", "spec"));
    Map<String, String> ports = new TreeMap<>();
    for (Part port : container.at("ports").each()) {
      ports.put(port.at("name").text(), port.at("containerPort").text());
    }
    Map<String, String> settings = only("ConfigMap").at("data").texts();

    assertEquals(
        Map.of(
            "grpc", settings.get("ARREARS_GRPC_PORT"), "http", settings.get("ARREARS_HTTP_PORT")),
        ports);
    for (Part port : only("Service").at("spec", "ports").each()) {
      assertEquals(port.at("name").text(), port.at("targetPort").text());
      assertEquals(ports.get(port.at("targetPort").text()), port.at("port").text());
    }
    assertEquals(
        ports.get("http"),
        only("Deployment")
            .at("spec", "template", "metadata", "annotations", "prometheus.io/port")
            .text());
  }

  @Test
  void probesAskPortsThatAreThereAndPathsThatAnswer() {
    Part container = container(only("Deployment").at("spec", "template", "spec"));
    Set<String> names =
        container.at("ports").each().stream()
            .map(port -> port.at("name").text())
            .collect(Collectors.toSet());
    Map<String, String> paths = new HashMap<>();

    for (String probe : List.of("startupProbe", "livenessProbe")) {
      assertTrue(names.contains(container.at(probe, "httpGet", "port").text()), probe);
      paths.put(probe, container.at(probe, "httpGet", "path").text());
    }

    assertEquals(
        Map.of("startupProbe", "/q/health/started", "livenessProbe", "/q/health/live"), paths);
    assertEquals(
        only("ConfigMap").at("data").texts().get("ARREARS_GRPC_PORT"),
        container.at("readinessProbe", "grpc", "port").text());
  }

  @Test
  void theServiceIsNotOpenToWhoeverReachesIt() {
    Map<String, String> settings = only("ConfigMap").at("data").texts();

    assertEquals("0.0.0.0", settings.get("ARREARS_HOST"));
    assertEquals("jwt", settings.get("ARREARS_AUTH"), "none serves loopback only");
    assertTrue(settings.containsKey("MP_JWT_VERIFY_PUBLICKEY_LOCATION"));
    assertTrue(settings.containsKey("MP_JWT_VERIFY_ISSUER"));
  }

  @Test
  void secretsAreNamedAndNeverGiven() throws IOException {
    Part database =
        container(only("Deployment").at("spec", "template", "spec")).at("env").each().get(0);

    assertEquals("ARREARS_DB_URL", database.at("name").text());
    assertTrue(database.at("valueFrom", "secretKeyRef").has("key"));
    try (Stream<Path> files = Files.walk(Path.of("k8s"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        for (Part document : documents(file)) {
          assertFalse(
              document.has("kind") && document.at("kind").text().equals("Secret"),
              file + " holds a secret");
        }
      }
    }
  }

  @Test
  void settingsAreNamesThatTheEnvironmentCanCarry() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("k8s"))) {
      for (Path file : files.filter(f -> f.endsWith("configmap.yaml")).toList()) {
        for (String name : documents(file).get(0).at("data").texts().keySet()) {
          assertTrue(VARIABLE.matcher(name).matches(), file + ": " + name);
        }
      }
    }
  }

  @Test
  void everyJobHasACronJobThatCallsItByItsName() {
    Set<List<String>> calls =
        base("CronJob").stream()
            .map(
                cronJob ->
                    container(jobPod(cronJob).at("spec")).at("args").each().stream()
                        .map(Part::text)
                        .toList())
            .collect(Collectors.toSet());

    assertEquals(
        Arrays.stream(Job.values())
            .map(job -> List.of("run", job.id()))
            .collect(Collectors.toSet()),
        calls);
  }

  private static Stream<Policy> policies() {
    return BuiltInPolicies.products().stream()
        .map(BuiltInPolicies::document)
        .map(document -> PolicyReader.read(document).standard());
  }

  @Test
  void cronLinesHaveFiveFieldsInTheZoneOfThePoliciesAndDoNotOverlap() {
    Set<String> zones =
        policies().map(Policy::billing).map(b -> b.zone().getId()).collect(Collectors.toSet());
    Set<String> planned = new TreeSet<>();

    for (Part cronJob : base("CronJob")) {
      String schedule = cronJob.at("spec", "schedule").text();
      assertTrue(schedule.matches("[0-9*/,-]+( [0-9*/,-]+){4}"), cronJob.path() + ": " + schedule);
      planned.add(cronJob.at("spec", "timeZone").text());
      assertEquals("Forbid", cronJob.at("spec", "concurrencyPolicy").text());
    }

    assertEquals(zones, planned);
  }

  @Test
  void billsAreAskedForAfterTheServicesOwnSchedulerMadeThem() {
    for (Part cronJob : base("CronJob")) {
      String[] fields = cronJob.at("spec", "schedule").text().split(" ", -1);
      if (cronJob.at("metadata", "name").text().endsWith("-bills")) {
        java.time.LocalTime at =
            java.time.LocalTime.of(Integer.parseInt(fields[1]), Integer.parseInt(fields[0]));
        for (Policy policy : policies().toList()) {
          assertTrue(at.isAfter(policy.billing().dailyAt()), cronJob.path());
          assertTrue(at.isAfter(policy.billing().monthlyAt()), cronJob.path());
        }
      }
    }
  }

  @Test
  void everyPodRunsWithAsLittleAsItNeeds() {
    List<Part> pods = new ArrayList<>();
    pods.add(only("Deployment").at("spec", "template", "spec"));
    base("CronJob").forEach(cronJob -> pods.add(jobPod(cronJob).at("spec")));

    for (Part pod : pods) {
      Part security = container(pod).at("securityContext");
      assertEquals("true", pod.at("securityContext", "runAsNonRoot").text());
      assertEquals("false", pod.at("automountServiceAccountToken").text());
      assertEquals("true", security.at("readOnlyRootFilesystem").text());
      assertEquals("false", security.at("allowPrivilegeEscalation").text());
      assertEquals("[ALL]", security.at("capabilities", "drop").text());
      assertTrue(container(pod).at("resources", "limits").has("memory"));
      assertEquals(
          only("ServiceAccount").at("metadata", "name").text(),
          pod.at("serviceAccountName").text());
      assertEquals("/tmp", container(pod).at("volumeMounts").each().get(0).at("mountPath").text());
    }
  }

  @Test
  void overlaysPatchWhatIsThere() throws IOException {
    Set<String> known = new TreeSet<>();
    for (String kind : List.of("Deployment", "ConfigMap", "Service", "CronJob")) {
      base(kind).forEach(each -> known.add(kind + " " + each.at("metadata", "name").text()));
    }
    for (String overlay : List.of("dev", "production")) {
      Path directory = Path.of("k8s", "overlays", overlay);
      Part kustomization = documents(directory.resolve("kustomization.yaml")).get(0);
      assertEquals("[../../base]", kustomization.at("resources").text());
      for (Part patch : kustomization.at("patches").each()) {
        Part document = documents(directory.resolve(patch.at("path").text())).get(0);
        String what = document.at("kind").text() + " " + document.at("metadata", "name").text();
        assertTrue(known.contains(what), directory + " patches " + what);
      }
    }
  }
}
