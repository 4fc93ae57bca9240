package io.ottla.console.reassignment;

import io.ottla.console.ConsoleProperties;
import io.ottla.console.access.AuditTrail;
import io.ottla.console.clusters.BesideBroker;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.pages.Section;
import io.ottla.console.pages.TopicTab;
import io.ottla.console.state.KnownEntries;
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
    MoveWatch moveWatch(StepRunner runner) {
        return new MoveWatch(InstantSource.system(), runner);
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
    StepRunner stepRunner() {
        return new StepRunner(LOOK);
    }

    @Bean
    Executions executions(StepRunner runner) {
        return new Executions(runner);
    }

    @Bean
    ElectionSchedule electionSchedule(ConsoleProperties properties, KnownEntries entries) {
        return new ElectionSchedule(properties.leaderElection().schedule(), entries, InstantSource.system());
    }

    /** A console without a broker beside it shares what it keeps with no other. */
    @Bean
    ScheduledElections scheduledElections(
            ElectionSchedule schedule, Clusters clusters, ObjectProvider<BesideBroker> broker, AuditTrail trail) {
        BesideBroker beside = broker.getIfAvailable();
        return new ScheduledElections(
                schedule,
                clusters,
                () -> beside == null
                        || beside.identity()
                                .map(BesideBroker.Identity::controller)
                                .orElse(false),
                trail,
                InstantSource.system());
    }
}
