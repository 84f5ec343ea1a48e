package io.arrears.core;

import static io.arrears.core.Accounts.MORNING;
import static io.arrears.core.Accounts.day;
import static io.arrears.core.Accounts.hour;
import static io.arrears.core.Effect.DEGRADED;
import static io.arrears.core.Effect.INACCESSIBLE;
import static io.arrears.core.Policies.hours;
import static io.arrears.core.PolicyBuilder.css;
import static io.arrears.core.ServiceState.ACTIVE;
import static io.arrears.core.ServiceState.BANNED;
import static io.arrears.core.ServiceState.GRACE;
import static io.arrears.core.ServiceState.OVERDUE;
import static io.arrears.core.ServiceState.SUSPENDED;
import static io.arrears.core.SuspensionReason.MANUAL;
import static io.arrears.core.SuspensionReason.VIOLATION;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.arrears.core.Feature.Condition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** S6 and S8: features and artefacts that depend on other products, or follow them. */
class FeatureTest {

  private static final Feature RECORDING =
      new Feature("recording", null, List.of(new Condition(DEGRADED, "vod", Set.of(SUSPENDED))));

  private static final Feature FILES =
      new Feature(
          "live-recording-files",
          null,
          List.of(new Condition(INACCESSIBLE, null, Set.of(OVERDUE, GRACE, SUSPENDED))));

  private static final Feature SCREENSHOTS = new Feature("screenshots", "cos", List.of());

  private static final Policy LIVE = css().features(RECORDING, FILES, SCREENSHOTS).build();
  private static final Policy VOD = css().product("vod").build();

  private static Policy cos(Access access) {
    return css()
        .product("cos")
        .grace(Span.NONE, Grace.Anchor.OVERDUE)
        .suspension(new Suspension(access, Suspension.Billed.ALL, Suspension.Restore.AUTOMATIC))
        .build();
  }

  private static Map<String, Effect> features(Customer customer) {
    return customer.desired("css").features();
  }

  @Test
  void s6RecordingIsAffectedWhileVodIsSuspendedAndGoesOnBeingBilled() {
    Customer customer = Customer.of(LIVE, VOD).restricted("r", "vod", MANUAL, hour(1));

    assertEquals(Map.of("recording", DEGRADED), features(customer));
    assertEquals(Map.of("recording", "vod is SUSPENDED"), customer.read().causes("css", hour(1)));
    assertEquals(ACTIVE, customer.stateOf("css"));
    assertEquals(Access.ALLOWED, customer.desired("css").access());
    assertEquals(List.of(), customer.billedChanges());

    assertEquals(Map.of(), features(customer.lifted("r", hour(2))));
  }

  @Test
  void s8FilesOfLiveRecordingAreInaccessibleFromOverdueOnUntilItIsPaid() {
    Customer customer = Customer.of(LIVE).charged("5.00", MORNING);
    assertEquals(Map.of("live-recording-files", INACCESSIBLE), features(customer));
    assertEquals(
        Map.of("live-recording-files", "css is OVERDUE"), customer.read().causes("css", MORNING));
    assertEquals(Access.ALLOWED, customer.desired("css").access());

    customer.settled(day(2));
    assertEquals(Map.of("live-recording-files", INACCESSIBLE), features(customer));

    assertEquals(Map.of(), features(customer.pays("5.00", day(3))));
  }

  @ParameterizedTest(name = "cos is {0}: screenshots are {1}")
  @CsvSource({"NEW_BLOCKED, DEGRADED", "BLOCKED, INACCESSIBLE"})
  void s8ScreenshotsGoByTheRulesOfCos(Access access, Effect effect) {
    Customer customer = Customer.of(LIVE, cos(access)).restricted("r", "cos", MANUAL, hour(1));

    assertEquals(Map.of("screenshots", effect), features(customer));
    assertEquals(Map.of("screenshots", "cos is SUSPENDED"), customer.read().causes("css", hour(1)));
  }

  @Test
  void whatFollowsAProductIsGoneWhenThatOnesResourcesAre() {
    Customer customer =
        Customer.of(LIVE, cos(Access.BLOCKED)).deactivated("cos", day(1)).paidUp("cos", day(2));
    assertEquals(Map.of("screenshots", INACCESSIBLE), features(customer));

    customer.reported("cos", day(3), Policies.CATEGORIES.toArray(String[]::new));

    assertEquals(Map.of("screenshots", Effect.ERASED), features(customer));
    assertEquals(Effect.ERASED, Feature.following(Access.RELEASED));
    assertEquals(Effect.AVAILABLE, Feature.following(Access.ALLOWED));
  }

  @Test
  void aProductThatTheAccountDoesNotHaveAffectsNothing() {
    Customer customer = Customer.of(LIVE).charged("5.00", MORNING);

    assertEquals(Set.of("live-recording-files"), features(customer).keySet());
  }

  @Test
  void ofSeveralConditionsTheWorstCounts() {
    Feature feature =
        new Feature(
            "playback",
            "vod",
            List.of(
                new Condition(DEGRADED, null, Set.of(OVERDUE)),
                new Condition(INACCESSIBLE, "vod", Set.of(BANNED)),
                new Condition(DEGRADED, "vod", Set.of(BANNED))));
    Customer customer = Customer.of(css().features(feature).build(), VOD).charged("5.00", MORNING);
    assertEquals(Map.of("playback", DEGRADED), features(customer));

    customer.restricted("v", "vod", VIOLATION, hour(1));

    assertEquals(Map.of("playback", INACCESSIBLE), features(customer));
    assertEquals(Map.of("playback", "vod is BANNED"), customer.read().causes("css", hour(1)));
  }

  @Test
  void aStageAffectsFeaturesAndNeverMakesThemBetterThanTheyAre() {
    Stage stage =
        new Stage(
            "stopped",
            hours(72),
            Stage.Anchor.OVERDUE,
            Access.BLOCKED,
            Suspension.Billed.ALL,
            Map.of(
                "live-recording-files",
                Effect.DEGRADED,
                "snapshots",
                INACCESSIBLE,
                "recording",
                Effect.AVAILABLE));
    Customer customer =
        Customer.of(css().features(FILES, RECORDING).stages(stage).build())
            .charged("5.00", MORNING)
            .settled(hour(72));

    assertEquals(
        Map.of("live-recording-files", INACCESSIBLE, "snapshots", INACCESSIBLE),
        features(customer));
    assertEquals(
        Map.of("live-recording-files", "css is SUSPENDED", "snapshots", "stage stopped"),
        customer.read().causes("css", hour(72)));
  }

  @Test
  void eachChangeOfWhatAProductMustDoHasANewGenerationAndNothingElseHas() {
    Customer customer = Customer.of(LIVE, VOD);
    assertEquals(1, customer.service("css").generation());

    customer.restricted("r", "vod", MANUAL, hour(1));
    assertEquals(2, customer.service("css").generation());

    customer.settled(hour(2)).pays("1.00", hour(3));
    assertEquals(2, customer.service("css").generation());

    customer.lifted("r", hour(4));
    assertEquals(3, customer.service("css").generation());
  }

  @Test
  void s5AccessIsNotTakenBeforeTheSuspensionAndNoRunningStreamIsCutThen() {
    Customer customer = Customer.owing(Policies.CSS).settled(hour(48));

    assertEquals(Access.NEW_BLOCKED, customer.desired("css").access());
    assertEquals(List.of(), customer.billedChanges(), "and everything costs as usual");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "ACTIVE, ALLOWED",
    "OVERDUE, ALLOWED",
    "GRACE, ALLOWED",
    "SUSPENDED, NEW_BLOCKED",
    "BANNED, BLOCKED",
    "DEACTIVATING, BLOCKED",
    "REPOSSESSED, RELEASED",
    "CLEARED, ERASED",
  })
  void accessFollowsTheState(ServiceState state, Access access) {
    assertEquals(access, Desired.access(Standings.in(state, MORNING), Policies.CSS));
  }

  @Test
  void aSuspendedServiceIsCutOffAsFarAsItsPolicySays() {
    Standing suspended = Standings.in(SUSPENDED, MORNING);

    assertEquals(Access.BLOCKED, Desired.access(suspended, Policies.suspendedTo(Access.BLOCKED)));
    assertEquals(Access.BLOCKED, Desired.access(suspended, css().suspension(null).build()));
  }

  @Test
  void ofTwoThatAreEquallyBadTheFirstIsTheCause() {
    Feature feature =
        new Feature(
            "recording",
            null,
            List.of(
                new Condition(DEGRADED, null, Set.of(OVERDUE)),
                new Condition(DEGRADED, "vod", Set.of(OVERDUE))));
    Customer customer = Customer.of(css().features(feature).build(), VOD).charged("1.00", MORNING);

    assertEquals(Map.of("recording", "css is OVERDUE"), customer.read().causes("css", MORNING));
  }
}
