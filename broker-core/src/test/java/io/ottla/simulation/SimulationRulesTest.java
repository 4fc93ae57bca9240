package io.ottla.simulation;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.ottla.api.ApiHandler;
import io.ottla.cluster.MetadataSource;
import io.ottla.controller.ControllerElection;
import io.ottla.controller.MetadataStore;
import io.ottla.metadata.ImageListener;
import io.ottla.peer.ControllerChannel;
import io.ottla.peer.ControllerProposals;
import io.ottla.peer.InSyncProposals;
import io.ottla.peer.SecretRenewals;
import io.ottla.replication.LogStore;
import io.ottla.storage.PartitionLog;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The simulator swaps ports and looks on: what a cluster decides is decided by production code alone. */
class SimulationRulesTest {
    private static final JavaClasses SIMULATION =
            new ClassFileImporter().importPackages(SimulationRulesTest.class.getPackageName());

    /** Who implements one of these decides something, or stores what was decided. */
    private static final List<Class<?>> ROLES = List.of(
            ApiHandler.class,
            ControllerChannel.class,
            ControllerElection.class,
            ControllerProposals.class,
            ImageListener.class,
            InSyncProposals.class,
            LogStore.class,
            MetadataSource.class,
            MetadataStore.class,
            PartitionLog.class,
            SecretRenewals.class);

    @Test
    void shouldPlayNoPartOfABroker() {
        noClasses()
                .should()
                .beAssignableTo(describe(
                        "a role of replication or control",
                        type -> ROLES.stream().anyMatch(type::isAssignableTo) && !ROLES.contains(type.reflect())))
                .check(SIMULATION);
    }

    @Test
    void shouldUseNoInsidesOfARoom() {
        noClasses()
                .should()
                .dependOnClassesThat(describe(
                        "are a room's own",
                        type -> isRoom(type) && !type.getModifiers().contains(JavaModifier.PUBLIC)))
                .check(SIMULATION);
    }

    @Test
    void shouldLeaveDecisionsToTheRoomsThatMakeThem() {
        noClasses()
                .that()
                .haveNameNotMatching(".*Test(\\$.*)?") // a test of the model may run one part alone on it
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.ottla.controller..", "io.ottla.coordinator..", "io.ottla.cluster..")
                .check(SIMULATION);
        noClasses()
                .that()
                .doNotHaveSimpleName(ReplicaWatch.class.getSimpleName())
                .and()
                .doNotHaveSimpleName(SimulatedBroker.class.getSimpleName())
                .and()
                .doNotHaveSimpleName(SimulationRulesTest.class.getSimpleName())
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.ottla.replication..")
                .because("only those who look on need it")
                .check(SIMULATION);
    }

    private static boolean isRoom(JavaClass type) {
        return type.getPackageName().startsWith("io.ottla.")
                && !type.getPackageName().equals(SimulationRulesTest.class.getPackageName());
    }
}
