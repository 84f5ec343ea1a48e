package io.arrears.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.arrears.core.Access;
import io.arrears.core.Effect;
import io.arrears.core.Feature;
import io.arrears.core.Grace;
import io.arrears.core.Policy;
import io.arrears.core.Repossession;
import io.arrears.core.ServiceState;
import io.arrears.core.Span;
import io.arrears.core.Suspension;
import io.arrears.core.Suspension.Billed;
import io.arrears.core.Suspension.Restore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The documents that come with the service, against what their products state. */
class BuiltInPoliciesTest {

  private static Policy read(String product) {
    return PolicyReader.read(BuiltInPolicies.document(product)).standard();
  }

  private static Span hours(int hours) {
    return hours == 0 ? Span.NONE : Span.exactly(Duration.ofHours(hours));
  }

  @Test
  void theListNamesEveryDocumentThereIs() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src", "main", "resources", "policies"))) {
      List<String> there =
          files.map(file -> file.getFileName().toString().replace(".yaml", "")).sorted().toList();

      assertEquals(there, BuiltInPolicies.products());
    }
    for (String product : BuiltInPolicies.products()) {
      assertEquals(product, read(product).product());
      assertEquals(1, read(product).version());
    }
  }

  @Test
  void aProductThatIsNotBuiltInHasNoDocument() {
    assertThrows(IllegalArgumentException.class, () -> BuiltInPolicies.document("../x"));
  }

  /** Hours; -1 where the product states none. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "css,              24, NOTIFICATION_RECEIVED, 1440, 1440, NEW_BLOCKED, ALL,  false",
    "vod,              24, DEDUCTION,               -1,  720, BLOCKED,     ALL,  false",
    "trtc,             24, OVERDUE,                 -1,   -1, NEW_BLOCKED, ALL,  false",
    "mps,              24, OVERDUE,                 -1,   -1, NEW_BLOCKED, ALL,  false",
    "streamlive,       72, NOTIFICATION_SENT,       -1, 1440, BLOCKED,     ALL,  false",
    "cos,              24, BALANCE_BELOW_LIMIT,   2880,   -1, BLOCKED,     ALL,  false",
    "cls,               0, BALANCE_BELOW_LIMIT,    360,   -1, BLOCKED,     SOME, false",
    "cdn,               2, OVERDUE,                 -1,   -1, BLOCKED,     ALL,  false",
    "clb,               2, BALANCE_BELOW_LIMIT,     -1,  168, BLOCKED,     NONE, false",
    "cvm,               2, BALANCE_BELOW_LIMIT,     -1,  360, BLOCKED,     NONE, false",
    "ecm,              24, BALANCE_BELOW_LIMIT,     -1,  168, BLOCKED,     ALL,  true",
    "tencentdb-mysql,  24, BALANCE_BELOW_LIMIT,     -1,   72, BLOCKED,     NONE, true",
    "api-gateway,      24, OVERDUE,                 -1, 4320, BLOCKED,     ALL,  false",
    "tem,              24, OVERDUE,                 -1,  144, NEW_BLOCKED, SOME, false",
    "tke-native-nodes,  2, BALANCE_BELOW_LIMIT,     -1,    0, BLOCKED,     NONE, false",
    "kms,              24, OVERDUE,                168,   -1, BLOCKED,     NONE, false",
  })
  void theNumbersAreThoseOfTheProduct(
      String product,
      int grace,
      Grace.Anchor from,
      int afterOverdue,
      int afterSuspension,
      Access access,
      String billed,
      boolean byHand) {
    Policy policy = read(product);
    Suspension suspension = policy.suspension();

    assertEquals(hours(grace), policy.grace().length());
    assertEquals(from, policy.grace().from());
    assertEquals(
        new Repossession(
            afterOverdue < 0 ? null : hours(afterOverdue),
            afterSuspension < 0 ? null : hours(afterSuspension),
            Repossession.Winner.EARLIER),
        policy.repossession());
    assertEquals(access, suspension.access());
    assertEquals(billed, extent(suspension.billed()));
    assertEquals(byHand, suspension.restore().byHand());
    assertEquals(product.equals("api-gateway"), policy.grace().inclusive());
  }

  private static String extent(Billed billed) {
    return billed.all() ? "ALL" : billed.skus().isEmpty() ? "NONE" : "SOME";
  }

  @Test
  void theBuiltInCssIsTheReadingOfTheClauses() {
    Policy css = read("css");
    Set<ServiceState> suspendedOrWorse =
        Set.of(
            ServiceState.SUSPENDED,
            ServiceState.BANNED,
            ServiceState.REPOSSESSED,
            ServiceState.DEACTIVATING,
            ServiceState.CLEARED);

    assertEquals(hours(24), css.grace().assumeReceivedAfter()); // S4
    assertEquals( // S5
        new Suspension(Access.NEW_BLOCKED, Billed.ALL, Restore.AUTOMATIC), css.suspension());
    assertEquals( // S6, S8
        List.of(
            new Feature(
                "recording",
                null,
                List.of(new Feature.Condition(Effect.DEGRADED, "vod", suspendedOrWorse))),
            new Feature(
                "live-recording-files",
                null,
                List.of(
                    new Feature.Condition(
                        Effect.INACCESSIBLE,
                        null,
                        Stream.concat(
                                suspendedOrWorse.stream(),
                                Stream.of(ServiceState.OVERDUE, ServiceState.GRACE))
                            .collect(Collectors.toSet())))),
            new Feature("screenshots", "cos", List.of())),
        css.features());
    assertEquals( // S10
        List.of("configurations", "service-logs", "client-authorizations"),
        css.clearing().categories());
    assertEquals(hours(1440), css.violation().repossessAfter()); // S7
  }

  @Test
  void contentDeliveryKeepsADayForServicesOfOld() {
    PolicyDocument cdn = PolicyReader.read(BuiltInPolicies.document("cdn"));
    Instant change = Instant.parse("2022-07-10T16:00:00Z");

    var version = cdn.version(1, Instant.EPOCH, false);

    assertEquals(hours(24), version.policyFor("", change.minusNanos(1)).grace().length());
    assertEquals(hours(2), version.policyFor("", change).grace().length());
    assertEquals(true, version.standard().overdue().packagesCover());
  }

  @Test
  void whatIsSpecialAboutSingleProductsIsInTheirDocuments() {
    assertEquals(hours(1), read("vod").suspension().restore().ticketAfter());
    assertEquals(5, read("clb").runwayDays());
    assertEquals(List.of("objects"), read("cos").violation().retained());
    assertEquals(
        List.of("cos", "vod"), read("trtc").features().stream().map(Feature::follows).toList());
    assertEquals(hours(24), read("tem").stages().get(0).after());
  }
}
