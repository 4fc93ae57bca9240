package io.ottla.console.reassignment;

import io.ottla.console.access.Action;
import io.ottla.console.access.Change;
import io.ottla.console.access.Visit;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.clusters.Clusters;
import io.ottla.console.clusters.ManagedCluster;
import io.ottla.console.state.ConsoleStore.Entry;
import io.ottla.console.state.Folder;
import io.ottla.console.state.Json;
import io.ottla.console.state.KeptOfCluster;
import io.ottla.console.state.KnownEntries;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.scheduling.support.CronExpression;

/**
 * When preferred leaders are elected by themselves: for each cluster what somebody has set on its page, which all consoles then
 * have; for the cluster of this process that of {@code console.leader-election.schedule} before. {@link ScheduledElections} go by it.
 *
 * <p>Thread-safe.
 */
final class ElectionSchedule implements KeptOfCluster {
    private static final Logger log = LoggerFactory.getLogger(ElectionSchedule.class);
    private static final Duration SHORTEST = Duration.ofSeconds(10);
    private static final int LONGEST_TEXT = 100;

    /** Of the cluster of this process; those of others have their key behind it. */
    private static final String NAME = "leader-election";

    /** What the store keeps. */
    record Kept(String schedule) {}

    private final String configured;
    private final KnownEntries entries;
    private final InstantSource clock;

    /**
     * @param configured six fields of a cron expression, or a span such as {@code 6h}; empty for never
     * @throws IllegalArgumentException where it is neither
     */
    ElectionSchedule(String configured, KnownEntries entries, InstantSource clock) {
        this.configured = configured.strip();
        this.entries = entries;
        this.clock = clock;
        requireUsable(this.configured, clock.instant());
    }

    /** @throws IllegalArgumentException where it is neither empty nor can be understood */
    static void requireUsable(String configured, Instant now) {
        if (!configured.isBlank() && untilNext(configured.strip(), now).isEmpty()) {
            throw new IllegalArgumentException("console.leader-election.schedule: Expected a cron expression of six"
                    + " fields, such as '0 30 4 * * *', or a span of 10s or more, such as 6h, but got '" + configured
                    + "'.");
        }
    }

    /** The schedule that holds at a cluster; empty where there is none, as where nothing may be changed. */
    String text(ManagedCluster cluster) {
        if (cluster.definition().readOnly()) {
            return "";
        }
        String name = name(cluster);
        return (entries.names(Folder.SCHEDULES).contains(name)
                        ? entries.find(Folder.SCHEDULES, name)
                        : Optional.<Entry>empty())
                .flatMap(entry -> Json.read(entry, Kept.class))
                .map(kept -> kept.schedule() == null ? "" : kept.schedule())
                .orElse(Clusters.isBeside(cluster) ? configured : "");
    }

    /**
     * Sets another one, for all consoles.
     *
     * @param schedule empty for never
     */
    void set(Visit visit, String schedule) {
        String wanted = schedule.strip();
        visit.change(Change.of(Action.EDIT_BROKER).with(NAME + "-schedule", wanted), admin -> {
            if (wanted.length() > LONGEST_TEXT
                    || !wanted.isEmpty() && untilNext(wanted, clock.instant()).isEmpty()) {
                throw refused(Wording.of("elections.schedule.unreadable", wanted));
            }
            String name = name(visit.managed());
            byte[] content = Json.write(new Kept(wanted));
            Optional<Entry> before = entries.ask(Folder.SCHEDULES, name);
            boolean done = before.isPresent()
                    ? entries.update(
                            Folder.SCHEDULES, name, content, before.get().version())
                    : entries.create(Folder.SCHEDULES, name, content);
            if (!done) {
                throw refused(Wording.of("elections.schedule.meanwhile"));
            }
            return null;
        });
    }

    @Override
    public void forget(String key) {
        try {
            entries.delete(Folder.SCHEDULES, name(key), -1);
        } catch (ClusterFailure away) {
            log.warn("The cluster {} is taken away, but not when its leaders are elected: {}", key, away.getMessage());
        }
    }

    private static String name(ManagedCluster cluster) {
        return Clusters.isBeside(cluster) ? NAME : name(cluster.key());
    }

    private static String name(String key) {
        return NAME + "@" + key;
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
}
