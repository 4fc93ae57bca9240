package io.ottla.console.reassignment;

import io.ottla.console.ConsoleProperties;
import io.ottla.console.access.AuditTrail;
import io.ottla.console.clusters.BesideBroker;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.pages.Section;
import io.ottla.console.pages.TopicTab;
import io.ottla.console.state.KnownEntries;
import io.ottla.console.state.Repeated;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What the pages of moves are made of. */
@Configuration(proxyBeanMethods = false)
@Import({
    DistributionController.class,
    MovesController.class,
    PlanController.class,
    ReviewController.class,
    ElectionsController.class,
    ReplicasController.class
})
public class ReassignmentConfiguration {
    private static final Duration LOOK = Duration.ofSeconds(2);

    @Bean
    Section movesSection() {
        return Section.of("moves", "/moves", 30);
    }

    @Bean
    TopicTab distributionTab() {
        return TopicTab.of("distribution", "/distribution", 20);
    }

    @Bean
    MoveWatch moveWatch(FollowedPlans followed) {
        return new MoveWatch(InstantSource.system(), followed);
    }

    @Bean
    PlanStore planStore() {
        return new PlanStore(InstantSource.system());
    }

    @Bean
    Plans plans(PlanStore store) {
        return new Plans(store);
    }

    @Bean
    FollowedPlans followedPlans(KnownEntries entries) {
        return new FollowedPlans(entries, InstantSource.system());
    }

    @Bean
    Repeated planDriver(
            FollowedPlans followed, Clusters clusters, ObjectProvider<BesideBroker> broker, AuditTrail trail) {
        PlanDriver driver = new PlanDriver(
                followed,
                clusters,
                () -> isInCharge(broker),
                trail,
                InstantSource.system(),
                PerCluster.named("console-moves"));
        return new Repeated("ottla-console-moves", LOOK, driver::look);
    }

    /** Of the consoles of a cluster one works for all, that beside the controller; one that no broker is beside is alone. */
    private static boolean isInCharge(ObjectProvider<BesideBroker> broker) {
        BesideBroker beside = broker.getIfAvailable();
        return beside == null
                || beside.identity().map(BesideBroker.Identity::controller).orElse(false);
    }

    @Bean
    Executions executions(FollowedPlans followed) {
        return new Executions(followed);
    }

    /**
     * Refuses what {@code console.leader-election.schedule} can't be.
     *
     * @throws IllegalArgumentException naming it
     */
    public static void requireSchedule(String configured) {
        ElectionSchedule.requireUsable(configured, InstantSource.system().instant());
    }

    @Bean
    ElectionSchedule electionSchedule(ConsoleProperties properties, KnownEntries entries) {
        return new ElectionSchedule(properties.leaderElection().schedule(), entries, InstantSource.system());
    }

    @Bean
    ScheduledElections scheduledElections(
            ElectionSchedule schedule, Clusters clusters, ObjectProvider<BesideBroker> broker, AuditTrail trail) {
        return new ScheduledElections(schedule, clusters, () -> isInCharge(broker), trail, InstantSource.system());
    }
}
