package io.ottla;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.io.File;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the plan of the house: who may import whom, and which calls only one room may make. */
class ArchitectureTest {
    /** The rooms of broker-core, top row first. A room imports only rooms of rows above its own, and itself. */
    private static final List<Set<String>> ROWS = List.of(
            Set.of("types"),
            Set.of("time", "concurrent", "metrics"),
            Set.of("record"),
            Set.of("protocol"),
            Set.of("config"),
            Set.of("metadata"),
            Set.of("peer"),
            Set.of("security", "quota"),
            Set.of("storage"),
            Set.of("replication"),
            Set.of("controller"),
            Set.of("zookeeper"),
            Set.of("coordinator"),
            Set.of("share"),
            Set.of("cluster"),
            Set.of("api"),
            Set.of("network"),
            Set.of("kafka"),
            Set.of("broker"));

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.ottla");

    /** Time, randomness and threads may be touched here and nowhere else. */
    private static final DescribedPredicate<JavaClass> SOURCES_OF_TIME_AND_THREADS =
            resideInAnyPackage("io.ottla.time..", "io.ottla.concurrent..");

    @TestFactory
    Stream<DynamicTest> shouldImportOnlyRowsAboveItsOwn() {
        List<DynamicTest> tests = new ArrayList<>();
        for (int row = 0; row < ROWS.size(); row++) {
            for (String room : ROWS.get(row)) {
                String[] forbidden = notAbove(row, room);
                tests.add(dynamicTest(
                        room,
                        () -> noClasses()
                                .that()
                                .resideInAPackage(within(room))
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(forbidden)
                                .because("a package imports only packages in rows above its own (DESIGN 3)")
                                .allowEmptyShould(true)
                                .check(HOUSE)));
            }
        }
        return tests.stream();
    }

    @Test
    void shouldKeepEveryClassInARoom() {
        String[] rooms =
                ROWS.stream().flatMap(Set::stream).map(ArchitectureTest::within).toArray(String[]::new);
        check(noClasses().should(resideOutside(rooms)));
    }

    @Test
    void shouldKnowNeitherSpringNorTheConsole() {
        check(noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "io.ottla.app..", "io.ottla.console.."));
    }

    @Test
    void shouldReachZooKeeperFromOneRoom() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(within("zookeeper"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.curator..", "org.apache.zookeeper.."));
    }

    @Test
    void shouldReachNettyFromTheNetworkAndItsBuffersFromTheProtocol() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages(within("network"), within("protocol"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.."));
        check(noClasses()
                .that()
                .resideInAPackage(within("protocol"))
                .should()
                .dependOnClassesThat(resideInAPackage("io.netty..").and(not(resideInAPackage("io.netty.buffer..")))));
    }

    @Test
    void shouldTakeTimeFromTheClock() {
        banned(
                "read the system's time",
                call -> isCall(call, System.class, "currentTimeMillis", "nanoTime")
                        || call.getTargetOwner().getPackageName().equals("java.time")
                                && call.getName().equals("now"));
    }

    @Test
    void shouldWaitByTheTimer() {
        banned("put a thread to sleep", call -> isCall(call, Thread.class, "sleep"));
    }

    @Test
    void shouldTakeThreadsFromTheConcurrentRoom() {
        banned(
                "make a thread",
                call -> isCall(call, Thread.class, "<init>", "ofVirtual", "ofPlatform", "startVirtualThread"));
    }

    @Test
    void shouldTakeRandomnessByConstructor() {
        banned(
                "draw unseeded randomness",
                call -> isCall(call, ThreadLocalRandom.class, "current")
                        || isCall(call, Math.class, "random")
                        || isCall(call, UUID.class, "randomUUID")
                        || isCall(call, Random.class, "<init>")
                                && parameters(call).isEmpty());
    }

    @Test
    void shouldNameTheExecutorOfAsynchronousSteps() {
        banned(
                "run on the common pool",
                call -> call.getTargetOwner().isEquivalentTo(CompletableFuture.class)
                        && call.getName().endsWith("Async")
                        && parameters(call).stream().noneMatch(type -> type.isEquivalentTo(Executor.class)));
    }

    @Test
    void shouldReachFilesByPath() {
        check(noClasses()
                .that()
                .resideInAnyPackage(Stream.of("storage", "replication", "controller", "coordinator", "cluster", "api")
                        .map(ArchitectureTest::within)
                        .toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(File.class));
    }

    @Test
    void shouldCompareCredentialsInConstantTime() {
        DescribedPredicate<JavaCall<?>> leaky = describe(
                "compare secrets in a time that tells where they differ; use " + MessageDigest.class.getSimpleName()
                        + ".isEqual",
                call -> isCall(call, Arrays.class, "equals", "compare", "mismatch")
                        || isCall(call, String.class, "equals", "compareTo", "contentEquals", "equalsIgnoreCase"));
        check(noClasses()
                .that()
                .resideInAPackage(within("security"))
                .and(describe("hold credentials", ArchitectureTest::holdsCredentials))
                .should()
                .callCodeUnitWhere(leaky));
    }

    @Test
    void shouldKeepStaticFieldsFinal() {
        check(fields().that()
                .areStatic()
                .should()
                .beFinal()
                .because("mutable static state can't be simulated (DESIGN 7)"));
    }

    @Test
    void shouldSeeTheHouse() {
        assertThat(HOUSE).isNotEmpty();
    }

    private static void banned(String what, Predicate<JavaCall<?>> calls) {
        check(noClasses().that(not(SOURCES_OF_TIME_AND_THREADS)).should().callCodeUnitWhere(describe(what, calls)));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(HOUSE);
    }

    /** Classes of the security room whose business is a secret: their equality is no plain equality. */
    private static boolean holdsCredentials(JavaClass type) {
        return Stream.of("Credential", "Scram", "Password", "Secret", "Token", "Plain")
                .anyMatch(word -> type.getName().contains(word));
    }

    private static boolean isCall(JavaAccess<?> call, Class<?> owner, String... names) {
        return call.getTargetOwner().isEquivalentTo(owner)
                && Arrays.asList(names).contains(call.getName());
    }

    private static List<JavaClass> parameters(JavaCall<?> call) {
        return call.getTarget().getRawParameterTypes();
    }

    private static ArchCondition<JavaClass> resideOutside(String... packages) {
        return ArchConditions.resideOutsideOfPackages(packages);
    }

    private static String[] notAbove(int row, String room) {
        return ROWS.subList(row, ROWS.size()).stream()
                .flatMap(Set::stream)
                .filter(other -> !other.equals(room))
                .map(ArchitectureTest::within)
                .toArray(String[]::new);
    }

    private static String within(String room) {
        return "io.ottla." + room + "..";
    }
}
