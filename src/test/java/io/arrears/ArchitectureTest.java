package io.arrears;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The floors and the house rules of the design, section 4. */
class ArchitectureTest {

  /** From the ground up; what stands on one floor stands side by side. */
  private static final List<Set<String>> FLOORS =
      List.of(
          Set.of("core", "platform"),
          Set.of("account", "policy", "enforcement", "notification"),
          Set.of("lifecycle"),
          Set.of("billing", "payment", "intervention", "status"),
          Set.of("job"),
          Set.of("api", "console", "cli"));

  /** What the compiler makes of the contract. */
  private static final String GENERATED = "io.arrears.v1..";

  private static JavaClasses ours;

  @BeforeAll
  static void readClasses() {
    ours =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("/io/arrears/v1/"))
            .importPackages("io.arrears");
  }

  /** The package below {@code io.arrears} that a class is in. */
  private static String room(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith("io.arrears.") ? name.substring("io.arrears.".length()) : "";
  }

  private static int floor(String room) {
    for (int floor = 0; floor < FLOORS.size(); floor++) {
      if (FLOORS.get(floor).contains(room)) {
        return floor;
      }
    }
    return -1;
  }

  @Test
  void everyPackageHasItsFloor() {
    Set<String> homeless = new TreeSet<>();

    for (JavaClass type : ours) {
      if (floor(room(type)) < 0) {
        homeless.add(type.getName());
      }
    }

    assertEquals(Set.of(), homeless);
  }

  @Test
  void aPackageUsesThoseBelowItAndNoneBesideOrAboveIt() {
    Map<String, String> wrong = new LinkedHashMap<>();

    for (JavaClass type : ours) {
      type.getDirectDependenciesFromSelf()
          .forEach(
              dependency -> {
                String from = room(type);
                String to = room(dependency.getTargetClass().getBaseComponentType());
                if (floor(to) >= 0 && !from.equals(to) && floor(to) >= floor(from)) {
                  wrong.put(from + " uses " + to, dependency.getDescription());
                }
              });
    }

    assertEquals(Map.of(), wrong);
  }

  @Test
  void coreUsesTheJdkOnly() {
    classes()
        .that()
        .resideInAPackage("io.arrears.core..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("io.arrears.core..", "java..", "org.jspecify.annotations..")
        .because("every caller, a simulation and an explanation alike, can then use it as it is")
        .check(ours);
  }

  @Test
  void generatedClassesStayAtTheEdge() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.arrears.api..", "io.arrears.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(GENERATED, "com.google.protobuf..", "com.google.type..", "io.grpc..")
        .because(
            "api maps the contract, and cli is a client that speaks it; what is between them has"
                + " words of its own (docs/adr/0004)")
        .check(ours);
  }

  private static DescribedPredicate<JavaClass> mayHoldSql() {
    return simpleNameEndingWith("Sql")
        .or(simpleNameEndingWith("Repository"))
        .as("named *Sql or *Repository");
  }

  private static DescribedPredicate<JavaClass> insideOf(DescribedPredicate<JavaClass> outer) {
    return new DescribedPredicate<>("inside of what is " + outer.getDescription()) {
      @Override
      public boolean test(JavaClass type) {
        return outer.test(type)
            || type.getEnclosingClass().map(enclosing -> test(enclosing)).orElse(false);
      }
    };
  }

  @Test
  void sqlIsOnlyInSqlAndRepositoryClasses() {
    DescribedPredicate<JavaAccess<?>> sendsSql =
        target(owner(resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.mutiny.sqlclient..")))
            .and(target(nameMatching("query|preparedQuery|prepare|execute.*")))
            .as("sends SQL");

    noClasses()
        .that(DescribedPredicate.not(insideOf(mayHoldSql())))
        // It sends the statement that a *Sql class hands it, and holds none of its own.
        .and()
        .doNotHaveFullyQualifiedName("io.arrears.platform.Columns")
        .should(accessTargetWhere(sendsSql))
        .because("a service may hold a Pool to open a transaction, but not write a statement")
        .check(ours);
  }

  /** Panache's own methods that take a query; a repository may have some of the same name. */
  private static boolean query(CodeUnitCallTarget call) {
    return !call.getRawParameterTypes().isEmpty()
        && call.getRawParameterTypes().get(0).isEquivalentTo(String.class)
        && call.resolveMember()
            .map(method -> !method.getOwner().getPackageName().startsWith("io.arrears"))
            .orElse(true);
  }

  @Test
  void queriesOfPanacheAreOnlyInRepositories() {
    DescribedPredicate<JavaAccess<?>> queries =
        target(owner(assignableTo("io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase")))
            .and(target(nameMatching("find|list|stream|count|update|delete")))
            .and(
                DescribedPredicate.describe(
                    "with a query in a string",
                    access ->
                        access.getTarget() instanceof CodeUnitCallTarget call && query(call)));

    classes()
        .that(DescribedPredicate.not(insideOf(mayHoldSql())))
        .should(not(accessTargetWhere(queries)))
        .check(ours);
    noClasses()
        .that(DescribedPredicate.not(insideOf(mayHoldSql())))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.hibernate..", "java.sql..", "javax.sql..")
        .check(ours);
  }

  @Test
  void theSystemClockIsOnlyInPlatform() {
    DescribedPredicate<JavaAccess<?>> asksTheSystem =
        target(owner(resideInAnyPackage("java.time..")))
            .and(target(nameMatching("now|system.*|tick.*")))
            .or(
                target(owner(assignableTo(System.class)))
                    .and(target(nameMatching("currentTime.*"))))
            .as("asks the system for the time");

    noClasses()
        .that()
        .resideOutsideOfPackage("io.arrears.platform..")
        .should(accessTargetWhere(asksTheSystem))
        .orShould()
        .callConstructor(java.util.Date.class)
        .because("on a virtual clock 60 days must take a second")
        .check(ours);
  }

  @Test
  void aStopwatchIsOnlyInTheCommandsProgress() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.arrears.platform..", "io.arrears.cli..")
        .should()
        .callMethod(System.class, "nanoTime")
        .check(ours);
  }

  @Test
  void moneyIsNeverADoubleOrAFloat() {
    String[] money = {
      "io.arrears.core..", "io.arrears.billing..", "io.arrears.account..", "io.arrears.payment.."
    };
    Set<String> inexact = Set.of("double", "float", "java.lang.Double", "java.lang.Float");

    fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(money)
        .should()
        .notHaveRawType(
            DescribedPredicate.describe(
                "inexact", type -> inexact.contains(type.getBaseComponentType().getName())))
        .check(ours);
    codeUnits()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(money)
        .should(
            new ArchCondition<JavaCodeUnit>("take and give exact numbers only") {
              @Override
              public void check(JavaCodeUnit unit, ConditionEvents events) {
                Set<String> names = new TreeSet<>();
                names.add(unit.getRawReturnType().getBaseComponentType().getName());
                unit.getRawParameterTypes()
                    .forEach(type -> names.add(type.getBaseComponentType().getName()));
                names.retainAll(inexact);
                if (!names.isEmpty()) {
                  events.add(
                      SimpleConditionEvent.violated(unit, unit.getFullName() + " uses " + names));
                }
              }
            })
        .check(ours);
  }
}
