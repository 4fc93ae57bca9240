package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.AuditTrail;
import io.ottla.console.access.Grant;
import io.ottla.console.access.Role;
import io.ottla.console.access.Visit;
import io.ottla.console.access.Visitor;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.clusters.ManagedCluster;
import io.ottla.console.clusters.TopicSummary;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Elects preferred leaders as {@link ElectionSchedule} has it, in each cluster that is switched on and not read-only. All consoles
 * that share what they keep look at it; the one beside the controller of their own cluster elects.
 *
 * <p>One thread looks when it is due. Each election has a thread of its own, so that a cluster that does not answer holds up no
 * other.
 */
final class ScheduledElections implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(ScheduledElections.class);
    private static final Visitor SCHEDULE = new Visitor("schedule", List.of(Grant.everywhere(Role.OPERATOR)));
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final ElectionSchedule schedule;
    private final Clusters clusters;
    private final BooleanSupplier ours;
    private final AuditTrail trail;
    private final InstantSource clock;
    private final PerCluster aside;
    private final Map<String, Due> dues = new HashMap<>();
    private ScheduledExecutorService timer;

    /**
     * When a cluster has its next election.
     *
     * @param schedule that it is reckoned by
     */
    private record Due(String schedule, Instant at) {}

    /** @param ours whether it is this console that elects */
    ScheduledElections(
            ElectionSchedule schedule,
            Clusters clusters,
            BooleanSupplier ours,
            AuditTrail trail,
            InstantSource clock,
            PerCluster aside) {
        this.schedule = schedule;
        this.clusters = clusters;
        this.ours = ours;
        this.trail = trail;
        this.clock = clock;
        this.aside = aside;
    }

    ScheduledElections(
            ElectionSchedule schedule, Clusters clusters, BooleanSupplier ours, AuditTrail trail, InstantSource clock) {
        this(schedule, clusters, ours, trail, clock, PerCluster.named("console-election"));
    }

    @Override
    public synchronized void start() {
        if (timer == null) {
            timer = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("console-elections").factory());
            timer.scheduleWithFixedDelay(this::tryToLook, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tryToLook() {
        try {
            look();
        } catch (ClusterFailure away) {
            log.debug("Whether an election is due can't be seen now", away);
        } catch (RuntimeException unexpected) {
            log.error("Whether an election is due could not be seen", unexpected);
        }
    }

    /** Has those elections begin that are due. */
    void look() {
        Set<String> there = new HashSet<>();
        for (ManagedCluster cluster : clusters.enabled()) {
            there.add(cluster.key());
            if (isDue(cluster) && ours.getAsBoolean()) {
                aside.run(cluster.key(), () -> elect(cluster));
            }
        }
        dues.keySet().retainAll(there);
    }

    /** Once for each time. */
    private boolean isDue(ManagedCluster cluster) {
        String text = schedule.text(cluster);
        Due due = dues.get(cluster.key());
        boolean same = due != null && due.schedule().equals(text);
        if (same && clock.instant().isBefore(due.at())) {
            return false;
        }
        Instant next = text.isEmpty()
                ? Instant.MAX
                : ElectionSchedule.untilNext(text, clock.instant())
                        .map(span -> clock.instant().plus(span))
                        .orElse(Instant.MAX);
        dues.put(cluster.key(), new Due(text, next));
        return same;
    }

    private void elect(ManagedCluster cluster) {
        try {
            elect(new Visit(SCHEDULE, "console", cluster, trail, clock));
        } catch (ClusterFailure failure) {
            log.warn(
                    "The scheduled election of preferred leaders in {} did not come about: {}",
                    cluster.key(),
                    failure.getMessage());
        } catch (RuntimeException unexpected) {
            log.error("The scheduled election of preferred leaders in {} failed", cluster.key(), unexpected);
        }
    }

    private static void elect(Visit visit) {
        List<String> topics = visit.topics().stream()
                .map(TopicSummary::name)
                .filter(topic -> visit.may(Action.ELECT_LEADERS, topic))
                .toList();
        List<TopicPartition> wanting = Elections.wanting(visit, topics);
        if (!wanting.isEmpty()) {
            Elections.Result result = Elections.preferred(visit, wanting);
            log.info(
                    "Preferred leaders of {} were elected on schedule: {} lead again, {} could not",
                    visit.key(),
                    result.elected(),
                    result.failed().size());
        }
    }

    @Override
    public synchronized void stop() {
        if (timer != null) {
            timer.shutdownNow();
            timer = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return timer != null;
    }
}
