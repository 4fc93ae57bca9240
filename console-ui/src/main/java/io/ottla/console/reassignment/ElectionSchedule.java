package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.AuditTrail;
import io.ottla.console.access.Grant;
import io.ottla.console.access.Role;
import io.ottla.console.access.Visit;
import io.ottla.console.access.Visitor;
import io.ottla.console.clusters.BesideBroker;
import io.ottla.console.clusters.ClusterDefinition.Origin;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.clusters.ManagedCluster;
import io.ottla.console.clusters.TopicSummary;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.support.CronExpression;

/**
 * Elects preferred leaders in the cluster of this process by {@code console.leader-election.schedule}. Each broker's console
 * looks; the one beside the controller does it.
 *
 * <p>Owner thread: one of its own, where there is a schedule.
 */
final class ElectionSchedule implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(ElectionSchedule.class);
    private static final Visitor SCHEDULE = new Visitor("schedule", List.of(Grant.everywhere(Role.OPERATOR)));
    private static final Duration SHORTEST = Duration.ofSeconds(10);

    private final String text;
    private final Clusters clusters;
    private final Supplier<Optional<BesideBroker.Identity>> beside;
    private final AuditTrail trail;
    private final InstantSource clock;
    private ScheduledExecutorService timer;

    /**
     * @param text six fields of a cron expression, or a span such as {@code 6h}; empty for never
     * @throws IllegalArgumentException where it is neither
     */
    ElectionSchedule(
            String text,
            Clusters clusters,
            Supplier<Optional<BesideBroker.Identity>> beside,
            AuditTrail trail,
            InstantSource clock) {
        this.text = text.strip();
        this.clusters = clusters;
        this.beside = beside;
        this.trail = trail;
        this.clock = clock;
        if (!this.text.isEmpty()) {
            untilNext(this.text, clock.instant());
        }
    }

    /** The schedule that holds at this cluster; empty where there is none. */
    String text(Visit visit) {
        return visit.managed().definition().origin() == Origin.BESIDE ? text : "";
    }

    /** How long from then until it is due. */
    static Duration untilNext(String schedule, Instant from) {
        if (CronExpression.isValidExpression(schedule)) {
            ZonedDateTime now = from.atZone(ZoneId.systemDefault());
            ZonedDateTime next = CronExpression.parse(schedule).next(now);
            return next == null ? Duration.ofDays(3650) : Duration.between(now, next);
        }
        try {
            Duration span = DurationStyle.detectAndParse(schedule);
            if (span.compareTo(SHORTEST) >= 0) {
                return span;
            }
        } catch (IllegalArgumentException neither) {
            log.debug("{} is no span of time", schedule, neither);
        }
        throw new IllegalArgumentException("console.leader-election.schedule: Expected a cron expression of six fields,"
                + " such as '0 30 4 * * *', or a span of 10s or more, such as 6h, but got '" + schedule + "'.");
    }

    @Override
    public synchronized void start() {
        if (!text.isEmpty() && timer == null) {
            timer = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("console-elections").factory());
            plan();
        }
    }

    private synchronized void plan() {
        if (timer != null) {
            Duration wait = untilNext(text, clock.instant());
            timer.schedule(
                    () -> {
                        run();
                        plan();
                    },
                    wait.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    private void run() {
        try {
            ManagedCluster cluster = clusters.beside().orElse(null);
            BesideBroker.Identity broker = beside.get().orElse(null);
            if (cluster != null
                    && broker != null
                    && cluster.cluster().describe().controller().orElse(-1) == broker.broker()) {
                elect(new Visit(SCHEDULE, "console", cluster, trail, clock));
            }
        } catch (ClusterFailure failure) {
            log.warn("The scheduled election of preferred leaders did not come about: {}", failure.getMessage());
        } catch (RuntimeException unexpected) {
            log.error("The scheduled election of preferred leaders failed", unexpected);
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
                    "Preferred leaders were elected on schedule: {} lead again, {} could not",
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
