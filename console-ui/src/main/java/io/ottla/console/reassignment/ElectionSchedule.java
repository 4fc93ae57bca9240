package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.AuditTrail;
import io.ottla.console.access.Change;
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
import io.ottla.console.state.ConsoleStore.Entry;
import io.ottla.console.state.Folder;
import io.ottla.console.state.Json;
import io.ottla.console.state.KnownEntries;
import io.ottla.console.words.Wording;
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
 * Elects preferred leaders in the cluster of this process by a schedule: that of {@code console.leader-election.schedule},
 * unless somebody has set another one on the page, which all consoles of the cluster then have. Each of them looks at it; the
 * one beside the controller elects.
 *
 * <p>Owner thread of the elections: one of its own.
 */
final class ElectionSchedule implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(ElectionSchedule.class);
    private static final Visitor SCHEDULE = new Visitor("schedule", List.of(Grant.everywhere(Role.OPERATOR)));
    private static final Duration SHORTEST = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final String NAME = "leader-election";

    /** What the store keeps. */
    record Kept(String schedule) {}

    private final String configured;
    private final KnownEntries entries;
    private final Clusters clusters;
    private final Supplier<Optional<BesideBroker.Identity>> beside;
    private final AuditTrail trail;
    private final InstantSource clock;
    private ScheduledExecutorService timer;
    /** The schedule that the next time is reckoned by. */
    private String known = "";

    private Instant due = Instant.MAX;

    /**
     * @param configured six fields of a cron expression, or a span such as {@code 6h}; empty for never
     * @throws IllegalArgumentException where it is neither
     */
    ElectionSchedule(
            String configured,
            KnownEntries entries,
            Clusters clusters,
            Supplier<Optional<BesideBroker.Identity>> beside,
            AuditTrail trail,
            InstantSource clock) {
        this.configured = configured.strip();
        this.entries = entries;
        this.clusters = clusters;
        this.beside = beside;
        this.trail = trail;
        this.clock = clock;
        if (!this.configured.isEmpty()
                && untilNext(this.configured, clock.instant()).isEmpty()) {
            throw new IllegalArgumentException("console.leader-election.schedule: Expected a cron expression of six"
                    + " fields, such as '0 30 4 * * *', or a span of 10s or more, such as 6h, but got '" + configured
                    + "'.");
        }
    }

    /** Whether this cluster can have one: only that of this process can. */
    boolean isPossible(Visit visit) {
        return visit.managed().definition().origin() == Origin.BESIDE;
    }

    /** The schedule that holds at this cluster; empty where there is none. */
    String text(Visit visit) {
        return isPossible(visit) ? text() : "";
    }

    private String text() {
        return entries.find(Folder.SCHEDULES, NAME)
                .flatMap(entry -> Json.read(entry, Kept.class))
                .map(kept -> kept.schedule() == null ? "" : kept.schedule())
                .orElse(configured);
    }

    /**
     * Sets another one, for all consoles of the cluster.
     *
     * @param schedule empty for never
     */
    void set(Visit visit, String schedule) {
        String wanted = schedule.strip();
        visit.change(Change.of(Action.EDIT_BROKER).with(NAME + "-schedule", wanted), admin -> {
            if (!isPossible(visit)) {
                throw refused(Wording.of("elections.schedule.elsewhere"));
            }
            if (wanted.length() > 100
                    || !wanted.isEmpty() && untilNext(wanted, clock.instant()).isEmpty()) {
                throw refused(Wording.of("elections.schedule.unreadable", wanted));
            }
            byte[] content = Json.write(new Kept(wanted));
            Optional<Entry> before = entries.ask(Folder.SCHEDULES, NAME);
            boolean done = before.isPresent()
                    ? entries.update(
                            Folder.SCHEDULES, NAME, content, before.get().version())
                    : entries.create(Folder.SCHEDULES, NAME, content);
            if (!done) {
                throw refused(Wording.of("elections.schedule.meanwhile"));
            }
            return null;
        });
    }

    private static ClusterFailure refused(Wording why) {
        return new ClusterFailure(ClusterFailure.Reason.REFUSED, why);
    }

    /** How long from then until it is due; empty where it can't be understood. */
    static Optional<Duration> untilNext(String schedule, Instant from) {
        if (CronExpression.isValidExpression(schedule)) {
            ZonedDateTime now = from.atZone(ZoneId.systemDefault());
            return Optional.ofNullable(CronExpression.parse(schedule).next(now))
                    .map(next -> Duration.between(now, next));
        }
        try {
            return Optional.of(DurationStyle.detectAndParse(schedule)).filter(span -> span.compareTo(SHORTEST) >= 0);
        } catch (IllegalArgumentException neither) {
            log.debug("{} is no span of time", schedule, neither);
            return Optional.empty();
        }
    }

    @Override
    public synchronized void start() {
        if (timer == null && clusters.beside().isPresent()) {
            timer = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("console-elections").factory());
            timer.scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        try {
            if (isDue()) {
                elect();
            }
        } catch (ClusterFailure failure) {
            log.warn("The scheduled election of preferred leaders did not come about: {}", failure.getMessage());
        } catch (RuntimeException unexpected) {
            log.error("The scheduled election of preferred leaders failed", unexpected);
        }
    }

    /** Once for each time. */
    boolean isDue() {
        String now = text();
        boolean same = now.equals(known);
        if (same && clock.instant().isBefore(due)) {
            return false;
        }
        known = now;
        Instant next = now.isEmpty()
                ? Instant.MAX
                : untilNext(now, clock.instant())
                        .map(span -> clock.instant().plus(span))
                        .orElse(Instant.MAX);
        due = next;
        return same;
    }

    private void elect() {
        ManagedCluster cluster = clusters.beside().orElse(null);
        BesideBroker.Identity broker = beside.get().orElse(null);
        if (cluster != null && broker != null && broker.controller()) {
            elect(new Visit(SCHEDULE, "console", cluster, trail, clock));
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
